"""All that is wrong with a graph, gathered: causes of failed requests, the outlook, bodies, habits.

Knows: which checks there are, and that one cause is told once.
Does not know: how a cause is found or worded.
Holds: errors first, then warnings, then notes; within these by place, summaries last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from wfnb.rulegraph import codes
from wfnb.rulegraph.asked import Request
from wfnb.rulegraph.causes import CauseKey, find_causes, slot_key
from wfnb.rulegraph.codes import Diagnostic, diagnostic
from wfnb.rulegraph.habits import Habits
from wfnb.rulegraph.outlook import Outlook
from wfnb.rulegraph.phrases import few, maker, types
from wfnb.rulegraph.slots import Entry, Slot
from wfnb.rulegraph.wording import Wording
from wfnb.rules.wording import type_name

_ORDER = {"error": 0, "warning": 1, "note": 2}


def check(
    outlook: Outlook, requests: Sequence[Request], late: frozenset[tuple[int, object]]
) -> tuple[Diagnostic, ...]:
    """Everything to be told about a graph.

    Args:
        late: (rule, wiring) of requests that were only seen when they were made.
    """
    words = Wording(outlook.slots, [cls for request in requests for cls in request.scope])
    failed, missing = _failed_requests(words, requests)
    for key, found in _hopeless_rules(words, outlook):
        failed.setdefault(key, found)
    told = {line for found in failed.values() for line in found.reasons}
    rest = [
        *_body_problems(outlook.entries),
        *[d for d in Habits(words, outlook, requests) if not _is_told(d, told)],
        *_open_inputs(words, outlook, missing),
        *_notes(outlook.entries, late),
    ]
    return in_order([*failed.values(), *rest])


def in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics in the order in which they are told."""
    return tuple(sorted(found, key=_place_in_list))


def _failed_requests(
    words: Wording, requests: Sequence[Request]
) -> tuple[dict[CauseKey, Diagnostic], set[type]]:
    """One diagnostic per cause, with the requests that it stops; the types that are missing."""
    found: dict[CauseKey, Diagnostic] = {}
    stopped: dict[CauseKey, list[str]] = {}
    is_deep: set[CauseKey] = set()
    missing: set[type] = set()
    for request in requests:
        if request.root is None:
            continue
        for cause in find_causes(request.root):
            key = cause.key
            if key not in found:
                found[key] = words.of_cause(cause)
            stopped.setdefault(key, []).append(str(request))
            if len(cause.path) > 1:
                is_deep.add(key)
            if cause.kind == "missing":
                missing.add(cause.slot.product)
    for key, names in stopped.items():
        if key in is_deep or len(names) > 1 or found[key].origin.label == "":
            line = f"stops {_count('request', len(names))}: {few(names)}"
            found[key] = replace(found[key], reasons=(*found[key].reasons, line))
    return found, missing


def _hopeless_rules(words: Wording, outlook: Outlook) -> Iterator[tuple[CauseKey, Diagnostic]]:
    """What fails in every scope, so that nobody has to ask before it is told."""
    for ring in outlook.loops:
        key: CauseKey = ("loop", frozenset(entry.number for entry in ring))
        yield key, _with_stopped(words.loop(ring), outlook, ring)
    for entry in outlook.entries:
        for position in outlook.hopeless.get(entry.number, ()):
            slot = entry.slots[position]
            if any(number in outlook.hopeless for number in slot.candidates):
                continue
            key = slot_key(entry.number, slot)
            yield key, _with_stopped(_hopeless_slot(words, outlook, entry, slot), outlook, [entry])
        for slot in entry.slots:
            tied = outlook.ties(slot)
            if tied:
                uses = [(other, outlook.certainly_uses(other) or 0) for other in tied]
                found = words.ambiguous(entry, slot, uses)
                yield slot_key(entry.number, slot), _with_stopped(found, outlook, [entry])


def _hopeless_slot(words: Wording, outlook: Outlook, entry: Entry, slot: Slot) -> Diagnostic:
    if not slot.candidates or slot.member is not None:
        return words.missing(entry, slot)
    others = [outlook.entries[number] for number in slot.candidates]
    return words.unused(entry, slot, [(o, outlook.may_use[o.number]) for o in others])


def _with_stopped(found: Diagnostic, outlook: Outlook, entries: Iterable[Entry]) -> Diagnostic:
    numbers = {entry.number for entry in entries}
    above = [e for e in outlook.outermost_above(numbers) if e.number not in numbers]
    if not above:
        return found
    names = few([entry.the_rule.name for entry in above])
    line = f"stops {_count('entry point', len(above))}: {names}"
    return replace(found, reasons=(*found.reasons, line))


def _is_told(found: Diagnostic, told: set[str]) -> bool:
    """Whether a request between the same rules has failed already."""
    return found.code == codes.AMBIGUOUS and told.issuperset(found.reasons)


def _body_problems(entries: Iterable[Entry]) -> Iterator[Diagnostic]:
    for entry in entries:
        for p in entry.the_rule.requests().problems:
            yield Diagnostic(p.code, p.severity, p.message, p.place, (), p.fix)


def _open_inputs(words: Wording, outlook: Outlook, missing: set[type]) -> Iterator[Diagnostic]:
    for cls, takers in outlook.open_inputs().items():
        if cls in missing:
            continue
        name = type_name(cls)
        first, others = takers[0].the_rule.name, takers[1:]
        yield diagnostic(
            codes.OPEN_INPUT,
            f"{name} is an open input: no rule makes it",
            takers[0].the_rule.place,
            (f"needed by {few([first, *[maker(entry.the_rule) for entry in others]])}",),
            f"pass one when you ask, or write a rule that returns {name}",
        )


def _notes(entries: Iterable[Entry], late: frozenset[tuple[int, object]]) -> Iterator[Diagnostic]:
    for entry in entries:
        rule = entry.the_rule
        for wiring, base in entry.unions.items():
            if not any(slot.wiring == wiring for slot in entry.slots):
                yield diagnostic(
                    codes.NO_MEMBERS,
                    f"{rule.name} asks by the union {type_name(base)}, which has no members yet",
                    rule.place,
                    fix=f"declare one: UnionRule({type_name(base)}, Member)",
                )
        for slot in entry.slots:
            if (entry.number, slot.wiring) in late and slot.request is not None:
                given = f" from {types(slot.given)}" if slot.given else ""
                yield diagnostic(
                    codes.MET_LATE,
                    f"{rule.name} asked for {type_name(slot.product)}{given}, "
                    "which could not be seen before it ran",
                    slot.request.place,
                    fix="nothing; Get(Out, In, value) in its body would be seen earlier",
                )


def _place_in_list(found: Diagnostic) -> tuple[object, ...]:
    origin = found.origin
    label = re.sub(r"[0-9]+", lambda number: number[0].zfill(9), origin.label)
    is_summary = found.code == codes.NO_CANDIDATE  # of what may be told in full beside it
    return (
        _ORDER[found.severity],
        is_summary,
        label,
        origin.line or 0,
        found.code,
        found.message,
    )


def _count(noun: str, number: int) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
