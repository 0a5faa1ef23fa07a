"""Reading a `MultiGet` and the call of a rule: to requests, or to what is wrong with them.

Knows: that batches take requests, and that calls match values by type.
Does not know: how the shapes were found.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import product as combinations

from wfnb.rules import problems
from wfnb.rules.asked import Argument, Reader, certain_class, classes, fits, source
from wfnb.rules.found import StaticRequest, by_qualname, show_request
from wfnb.rules.rule import Rule
from wfnb.rules.shapes import UNKNOWN, Asks, Bound, Each, Is, Missing, Of, Row, Shape
from wfnb.rules.wording import a, listing, type_name


class BatchReader(Reader):
    """Reads one call of `MultiGet`."""

    def read(self, arguments: Sequence[Argument]) -> Shape:
        """Check a `MultiGet` and tell what awaiting it gives; its requests were recorded."""
        starred = self.is_starred()
        if len(arguments) == 1 and not starred and not _is_request(arguments[0].shape):
            shape = arguments[0].shape
            if isinstance(shape, Row):
                self._check_batch([Argument(arguments[0].node, item) for item in shape.items])
                return Asks(Row(tuple([answer(item) for item in shape.items])))
            if isinstance(shape, Each):
                self._check_batch([Argument(arguments[0].node, shape.item)])
                return Asks(Each(answer(shape.item)))
            self._check_batch(arguments)
            return Asks(Each(UNKNOWN))
        if starred:
            shapes = [
                argument.shape.item if isinstance(argument.shape, Each) else UNKNOWN
                for argument in arguments
            ]
            return Asks(Each(answer(shapes[0]) if len(shapes) == 1 else UNKNOWN))
        self._check_batch(arguments)
        return Asks(Row(tuple([answer(argument.shape) for argument in arguments])))

    def _check_batch(self, arguments: Sequence[Argument]) -> None:
        for node, shape in arguments:
            if isinstance(shape, Missing):
                self.missing(shape, node)
                continue
            if isinstance(shape, Is) and isinstance(shape.value, Rule):
                what, fix = "a rule that was not called", f"call it: {shape.value.name}(value, …)"
            elif isinstance(shape, Of) and shape.exact:
                what = "None" if shape.cls is type(None) else a(type_name(shape.cls))
                fix = (
                    "leave out what is not asked, before MultiGet"
                    if shape.cls is type(None)
                    else "pass Get(…) and called rules only"
                )
            elif _is_batch(node, shape):
                what, fix = "a MultiGet", "flatten it: MultiGet(*some_requests, *other_requests)"
            else:
                continue
            self.problem(
                problems.BAD_BATCH,
                f"{self.text()}: MultiGet takes requests, and one of these is {what}",
                fix,
            )


class CallReader(Reader):
    """Reads one call of a rule."""

    def read(self, rule: Rule, arguments: Sequence[Argument]) -> Shape:
        """Record a call of a rule and tell what awaiting it gives."""
        answer = Asks(Of(rule.product, exact=True))
        takes = listing(dict.fromkeys(type_name(param.type) for param in rule.params))
        if self.node.keywords:
            self.problem(
                problems.BAD_CALL,
                f"{self.text()} passes values by keyword",
                f"values are matched by type; {rule.name} takes {takes}",
            )
            return answer
        if self.is_starred():
            self.note(f"{self.text()}: what it passes is known only when it runs")
            return answer
        options: list[Sequence[type]] = []
        open_count = 0
        for node, shape in arguments:
            if isinstance(shape, Missing):
                self.missing(shape, node)
                return answer
            wrong = self._wrong_argument(rule, node, shape, takes)
            if wrong:
                return answer
            possible = classes(shape)
            if possible is None or not all(cls in _types(rule) for cls in possible):
                open_count += 1
            else:
                options.append(possible)
        for combination in combinations(*options):
            self._add_call(rule, combination, open_count, takes)
        return answer

    def _wrong_argument(self, rule: Rule, node: ast.expr, shape: Shape, takes: str) -> bool:
        if isinstance(shape, Asks):
            what, fix = "is a request, not a value", "await it first, and pass what it gives"
        elif (
            isinstance(shape, Is)
            and isinstance(shape.value, type)
            and (type(shape.value) not in _types(rule))
        ):
            what, fix = "is a class, not a value", "pass a value of it"
        else:
            cls = certain_class(shape)
            if cls is None or any(fits(cls, known) for known in _types(rule)):
                return False
            what = f"is {a(type_name(cls))}, which {rule.name} does not take"
            fix = f"it takes {takes}"
        self.problem(problems.BAD_CALL, f"{self.text()}: {source(node)} {what}", fix)
        return True

    def _add_call(self, rule: Rule, known: tuple[type, ...], open_count: int, takes: str) -> None:
        types = _types(rule)
        if len(set(known)) < len(known) or len(known) + open_count > len(types):
            self.problem(
                problems.BAD_CALL,
                f"{self.text()} passes {len(known) + open_count} values, more than "
                f"{rule.name} can tell apart",
                f"it takes {takes}, each once",
            )
            return
        if len(known) + open_count == len(types):
            known = types  # what is not known can only be what is left
        elif open_count:
            self.note(f"{self.text()}: the classes it passes are known only when it runs")
            return
        supplied = by_qualname(known)
        self.asked.add(
            self.node,
            StaticRequest(
                rule.product,
                supplied,
                rule.key,
                self.place(),
                "call",
                show_request(rule.name, supplied),
            ),
        )


def _types(rule: Rule) -> tuple[type, ...]:
    return tuple(dict.fromkeys(rule.key.types))


def _is_request(shape: Shape) -> bool:
    return isinstance(shape, Asks | Bound) or (
        isinstance(shape, Is) and isinstance(shape.value, Rule)
    )


def _is_batch(node: ast.expr, shape: Shape) -> bool:
    return (
        isinstance(shape, Asks)
        and isinstance(shape.answer, Row | Each)
        and (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", None)) == "MultiGet"
        )
    )


def answer(shape: Shape) -> Shape:
    return shape.answer if isinstance(shape, Asks) else UNKNOWN
