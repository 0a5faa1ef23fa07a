"""What rules read and nobody can watch: objects without an inside, names looked up by their text.

Knows: the sentences that are noted while a rule's meaning is printed, and which rules they are of.
Does not know: how a meaning is printed.
Holds: one diagnostic per sentence, at the first rule that it is true of.
"""

from __future__ import annotations

from collections.abc import Iterable

from wfnb.places import NOWHERE
from wfnb.rulegraph import codes
from wfnb.rulegraph.codes import Diagnostic, diagnostic
from wfnb.rulegraph.phrases import few
from wfnb.rules.rule import Rule

_ON_DISK = " has changed on disk "
_MUTABLE = " reads a mutable "
_BY_TEXT = (" calls getattr(), ", " calls vars(), ")  # common, and mostly of the rule's own values
_FIX = "pass it as a param, or make it frozen"
_UNNOTICED = "a change of it is not noticed, so what was remembered may be out of date"


def unseen(sentences: Iterable[tuple[Rule, Iterable[str]]]) -> list[Diagnostic]:
    """A diagnostic for each sentence.

    Args:
        sentences: rules, each with what was noted about it.
    """
    rules_of: dict[str, list[Rule]] = {}
    for rule, said in sentences:
        for sentence in said:
            rules_of.setdefault(sentence, []).append(rule)
    return [_diagnostic(sentence, rules) for sentence, rules in rules_of.items()]


def _diagnostic(sentence: str, rules: list[Rule]) -> Diagnostic:
    names = [rule.name for rule in rules]
    is_about_helper = names != [sentence.partition(" ")[0]]
    used = (f"used by {few(names)}",) if is_about_helper else ()
    if _ON_DISK in sentence:
        what, _, fix = sentence.partition(": ")
        why = "what counts is what was imported"
        return diagnostic(codes.FILE_CHANGED, what, NOWHERE, (why, *used), fix)
    if _MUTABLE in sentence:
        why = "what is in it is compared before each request, not while one runs"
        fix = "pass it as a param, or make it a tuple or a frozen dataclass"
        return diagnostic(codes.MUTABLE, sentence, rules[0].place, (why, *used), fix)
    code = codes.BY_TEXT if any(text in sentence for text in _BY_TEXT) else codes.UNSEEN
    fix = "pass what it reads as a param, or name it" if "()" in sentence else _FIX
    return diagnostic(code, sentence, rules[0].place, (_UNNOTICED, *used), fix)
