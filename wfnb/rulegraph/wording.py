"""How problems of the wiring are put into words.

Knows: the author's words: rules with their places, types by name, requests as they are written.
Does not know: how the problem was found.
Holds: no word of the solver's reaches a message; nothing in a text differs between two runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wfnb.rulegraph import codes
from wfnb.rulegraph.causes import Cause, find_causes
from wfnb.rulegraph.codes import Diagnostic, diagnostic
from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.phrases import maker, origin, types
from wfnb.rulegraph.slots import Entry, Slot, Slots
from wfnb.rules.goals import has_effects, is_goal
from wfnb.rules.rule import Rule
from wfnb.rules.wording import listing, nearest, type_name


class Wording:
    """Words for the causes found in one graph.

    Args:
        passed: types that queries pass, to find classes of the same name.
    """

    def __init__(self, slots: Slots, passed: Iterable[type] = ()) -> None:
        self.slots = slots
        self._passed = tuple(passed)

    # ------------------------------------------------------------ one cause

    def of_cause(self, cause: Cause) -> Diagnostic:
        """The diagnostic for a cause that a request from outside ran into."""
        entry, slot = cause.node.entry, cause.slot
        if cause.kind == "loop":
            return self.loop([kid.entry for kid in cause.kids])
        if cause.kind == "ambiguous":
            return self.ambiguous(entry, slot, [(kid.entry, kid.used) for kid in cause.kids])
        if cause.kind == "unused":
            return self.unused(entry, slot, [(kid.entry, kid.used) for kid in cause.kids])
        if cause.kind == "several":
            return self.several(entry, slot, cause.kids)
        return self.missing(
            entry, slot, cause.above, cause.path[-2][0].entry if cause.above else None
        )

    def missing(
        self, entry: Entry, slot: Slot, above: Slot | None = None, asker: Entry | None = None
    ) -> Diagnostic:
        """Nobody makes what a slot asks for."""
        if entry.rule is not None and is_goal(slot.product):
            return self._goal_asked(entry, slot)
        if slot.named is not None:
            return self._unregistered(entry, slot)
        if slot.member is not None:
            return self._no_member_rule(entry, slot)
        other = self._same_name(slot.product)
        if other is not None:
            return self._two_classes(entry, slot, other)
        product = type_name(slot.product)
        if entry.rule is None:
            kind = "goal rule" if is_goal(slot.product) else "rule"
            return diagnostic(
                codes.NO_MAKER,
                f"no {kind} makes {product}",
                reasons=self._perhaps(entry, slot.product),
                fix=f"write a {kind} that returns {product}",
            )
        if slot.given:
            given = types(slot.given)
            return diagnostic(
                codes.NO_SUPPLY,
                f"no rule makes {product} from {given}, asked by {entry.rule.name}",
                origin(entry, slot),
                (f"no rule returns {product}", *self._perhaps(entry, slot.product)),
                f"write a rule that takes {given} and returns {product}",
            )
        lacking = f"no rule makes {product}, and nobody above provides one"
        perhaps = self._perhaps(entry, slot.product)
        if above is not None and asker is not None and asker.rule and not above.is_param:
            return diagnostic(
                codes.NO_SUPPLY,
                f"nothing supplies {product} for {asker.rule.name}",
                origin(asker, above),
                (self._recipe(entry), lacking, *perhaps),
                f"write a rule that returns {product}, or pass one in the "
                f"{'call' if above.named else 'Get'}",
            )
        return diagnostic(
            codes.NO_SUPPLY,
            f"nothing supplies {product} for {entry.rule.name}",
            origin(entry, slot),
            (lacking, *perhaps),
            f"write a rule that returns {product}, or pass one in the request",
        )

    def with_unused(self, found: Diagnostic, lacking: Sequence[type], product: type) -> Diagnostic:
        """The same, with what is passed and no rule takes: it may be meant for what is lacking."""
        passed = [cls for cls in self._passed if not has_effects(cls)]
        idle = [cls for cls in passed if cls not in self.slots.bits]
        if found.code != codes.NO_SUPPLY or not idle:
            return found
        line = f"the {types(idle)} that {'is' if len(idle) == 1 else 'are'} passed fits no rule"
        if any(issubclass(cls, lacking[0]) for cls in idle):
            line += f"; exact type, a subclass of {type_name(lacking[0])} does not count"
        needed = [*dict.fromkeys(lacking), *[cls for cls in passed if cls not in idle]]
        values = ", ".join(f"{type_name(cls)}(…)" for cls in needed)
        verb = "run" if is_goal(product) else "request"
        return replace(
            found,
            reasons=(*found.reasons, line),
            fix=f"{verb}({type_name(product)}, {values})",
        )

    def _goal_asked(self, entry: Entry, slot: Slot) -> Diagnostic:
        goal = type_name(slot.product)
        return diagnostic(
            codes.GOAL_ASKED,
            f"{entry.the_rule.name} asks for the goal {goal}, and goals are the outermost",
            origin(entry, slot),
            ("a goal has effects, which happen once when it is run",),
            f"ask for what the rule of {goal} asks for, or run {goal} from outside",
        )

    def _unregistered(self, entry: Entry, slot: Slot) -> Diagnostic:
        key = slot.named
        assert key is not None
        known = sorted({other.the_rule.name for other in self.slots.entries})
        same = [e.the_rule for e in self.slots.entries if e.the_rule.name == key.name]
        reasons = [
            f"{maker(rule)} has the name, but makes {type_name(rule.product)} from "
            f"{types(rule.key.types)}"
            for rule in same
        ]
        meant = None if same else nearest(key.name, known)
        if meant:
            reasons.append(f"there is a rule {meant}")
        return diagnostic(
            codes.NOT_REGISTERED,
            f"{entry.the_rule.name} calls {key.name}, which is not registered",
            origin(entry, slot),
            tuple(reasons),
            f"run the cell that defines {key.name} again",
        )

    def _no_member_rule(self, entry: Entry, slot: Slot) -> Diagnostic:
        assert slot.base is not None
        assert slot.member is not None
        product, member, base = map(type_name, (slot.product, slot.member, slot.base))
        members = self.slots.members(slot.base)
        others = [self.slots.entries[number].the_rule for number in slot.candidates]
        return diagnostic(
            codes.NO_MEMBER_RULE,
            f"no rule makes {product} from {member}, a member of the union {base}",
            origin(entry, slot),
            (
                f"{entry.the_rule.name} asks for {product} from any {base}: "
                f"{types(members, last='or')}",
                *[f"{self._recipe_of(rule)}, not from {member}" for rule in others],
            ),
            f"write a rule that takes {member} and returns {product}, "
            f"or withdraw UnionRule({base}, {member})",
        )

    def _two_classes(self, entry: Entry, slot: Slot, other: type) -> Diagnostic:
        name = type_name(slot.product)
        asker = entry.rule.name if entry.rule is not None else "the request"
        makers = [self.slots.entries[n].the_rule for n in self.slots.makers.get(other, ())]
        if makers:
            uses = [f"{maker(rule)} makes the other {name}" for rule in makers]
            again = makers[0].name
        else:
            uses = [f"the {name} that is passed is of the other"]
            again = asker
        mine = entry.rule is not None
        return diagnostic(
            codes.TWO_CLASSES,
            f"there are two classes {name}, and {asker} means the one that nobody makes",
            origin(entry, slot),
            (
                *uses,
                f"{name} was defined twice; what was defined in between means the first",
            ),
            f"run the cell of {again if mine else asker} again, after that of {name}",
        )

    def equal(self, tied: Sequence[tuple[Entry, int]]) -> Diagnostic:
        """The same of rules that nobody has had to choose between, at the last of them."""
        product = tied[0][0].the_rule.product
        outside = self.slots.outside(product)
        found = self.ambiguous(outside, outside.slots[0], tied)
        return replace(found, severity="warning", origin=tied[-1][0].the_rule.place)

    def ambiguous(self, entry: Entry, slot: Slot, tied: Sequence[tuple[Entry, int]]) -> Diagnostic:
        """Several rules answer a slot with equally many params."""
        product = type_name(slot.product)
        number = {2: "two", 3: "three"}.get(len(tied), str(len(tied)))
        first = tied[0][0].the_rule
        asker = "" if entry.rule is None else f" for {entry.rule.name}"
        given = f" from {types(slot.given)}" if slot.given else ""
        if entry.rule is None:
            fix = "let one of them return a new type, or delete it"
        else:
            call = (
                "in the body, call the one you mean" if slot.is_param else "call the one you mean"
            )
            fix = f"{call}: await {first.name}(…), or let one of them return a new type"
        return diagnostic(
            codes.AMBIGUOUS,
            f"{number} rules make {product}{given}{asker} equally well",
            origin(entry, slot),
            tuple([f"{maker(e.the_rule)} uses {self.names(used)}" for e, used in tied]),
            fix,
        )

    def unused(self, entry: Entry, slot: Slot, rules: Sequence[tuple[Entry, int]]) -> Diagnostic:
        """Rules make the product, and none of them uses what the request supplies."""
        product = type_name(slot.product)
        asker = entry.the_rule.name
        reasons = []
        for other, used in rules:
            lacking = self.slots.unmask(slot.supplied & ~used)
            reasons.append(
                f"{maker(other.the_rule)} makes {product} from {self.names(used)} "
                f"and does not use {types(lacking, last='or')}"
            )
            for cls in lacking:
                twin = self._same_name(cls, self.slots.unmask(other.reach))
                if twin is not None:
                    name = type_name(cls)
                    return diagnostic(
                        codes.TWO_CLASSES,
                        f"there are two classes {name}: {asker} supplies one, "
                        f"{other.the_rule.name} uses the other",
                        origin(entry, slot),
                        (self._recipe(other),),
                        f"run the cells of {other.the_rule.name} and {asker} again, "
                        f"after that of {name}",
                    )
        given = types(slot.given)
        first = rules[0][0].the_rule.name
        return diagnostic(
            codes.NOT_USED,
            f"no rule makes {product} from {given}, asked by {asker}",
            origin(entry, slot),
            tuple(reasons),
            f"let {first} use {given}, or ask without: Get({product})",
        )

    def several(self, entry: Entry, slot: Slot, kids: Sequence[Node]) -> Diagnostic:
        """Several rules make the product, and each fails in its own way."""
        product = type_name(slot.product)
        given = f" from {types(slot.given)}" if slot.given else ""
        asker = "" if entry.rule is None else f", asked by {entry.rule.name}"
        fix: str | None = "give one of them what it needs"
        causes = [find_causes(kid)[0] for kid in kids if kid.failures]
        if causes and all(cause.kind == "ambiguous" for cause in causes):
            fix = self.of_cause(causes[0]).fix
        return diagnostic(
            codes.NO_CANDIDATE,
            f"no rule can make {product}{given}{asker}",
            origin(entry, slot),
            tuple([f"{maker(kid.entry.the_rule)} {self.why_not(slot, kid)}" for kid in kids]),
            fix,
        )

    def loop(self, ring: Sequence[Entry]) -> Diagnostic:
        """Rules need each other's products as parameters."""
        rules = [entry.the_rule for entry in ring]
        following = [*rules[1:], rules[0]]
        first = rules[0]
        reasons = [
            f"{maker(rule)} needs {type_name(other.product)}, which {other.name} makes"
            for rule, other in zip(rules, following, strict=True)
        ]
        return diagnostic(
            codes.PARAM_LOOP,
            f"{listing([rule.name for rule in rules])} can only start after each other",
            first.place,
            tuple(reasons),
            f"pass {_one_of([rule.product for rule in rules])}, "
            "or ask for one in a body, with await Get(…)",
        )

    # ------------------------------------------------------------ why not

    def why_not(self, slot: Slot, kid: Node) -> str:
        """Why a candidate cannot answer, in half a line."""
        if not kid.failures:
            lacking = self.slots.unmask(slot.supplied & ~kid.used)
            return f"does not use {types(lacking, last='or')}"
        if slot.supplied & ~kid.entry.reach:
            return f"does not use {types(self.slots.unmask(slot.supplied & ~kid.entry.reach))}"
        cause = find_causes(kid)[0]
        what = self._half_line(cause)
        owner = cause.node.entry.the_rule.name
        return what if cause.node is kid else f"leads to {owner}, which {what}"

    def _half_line(self, cause: Cause) -> str:
        slot = cause.slot
        product = type_name(slot.product)
        given = f" from {types(slot.given)}" if slot.given else ""
        if cause.kind == "loop":
            return f"needs {product}, which can only be made after it"
        if cause.kind == "ambiguous":
            rules = listing([kid.entry.the_rule.name for kid in cause.kids])
            return f"needs {product}{given}, which {rules} make equally well"
        if cause.kind == "unregistered":
            assert slot.named is not None
            return f"calls {slot.named.name}, which is not registered"
        if cause.kind == "missing" and not slot.given:
            return f"needs {product}, which nothing supplies"
        can = "can make" if cause.kind == "several" else "makes"
        return f"needs {product}{given}, which no rule {can}"

    # ------------------------------------------------------------ parts

    def names(self, used: int) -> str:
        """Params by name: `Folder and Size`, or `no params`."""
        return types(self.slots.unmask(used), empty="no params")

    def _recipe(self, entry: Entry) -> str:
        return self._recipe_of(entry.the_rule)

    def _recipe_of(self, rule: Rule) -> str:
        return (
            f"{maker(rule)} makes {type_name(rule.product)} from "
            f"{types(dict.fromkeys(rule.key.types))}"
        )

    def _same_name(self, cls: type, among: Iterable[type] | None = None) -> type | None:
        """Another class that shows under the same name."""
        if among is None:
            among = (*self.slots.makers, *self._passed)
        for other in among:
            if other is not cls and other.__qualname__ == cls.__qualname__:
                return other
        return None

    def _perhaps(self, entry: Entry, cls: type) -> tuple[str, ...]:
        known = {type_name(other) for other in (*self.slots.makers, *self._passed)}
        if entry.rule is not None:
            known.discard(type_name(entry.rule.product))
        meant = nearest(type_name(cls), sorted(known))
        return (f"did you mean {meant}?",) if meant else ()


def _one_of(classes: Sequence[type]) -> str:
    names = list(dict.fromkeys(type_name(cls) for cls in classes))
    return f"one of {', '.join(names)}" if len(names) > 2 else listing(names, last="or")
