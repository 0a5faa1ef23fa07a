"""Reading a `Get`: from its arguments to a request, or to what is wrong with it.

Knows: the forms of a Get, as shapes and syntax.
Does not know: how the shapes were found; what a Get does when it runs.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wfnb.rules import problems
from wfnb.rules.asked import Argument, Reader, certain_class, classes, fits, source
from wfnb.rules.found import StaticRequest, by_qualname, show_request
from wfnb.rules.rule import Rule
from wfnb.rules.shapes import UNKNOWN, Asks, Each, Either, Is, Missing, Of, Row, Shape, Unknown
from wfnb.rules.wording import a, type_name


class GetReader(Reader):
    """Reads one call of `Get`."""

    def read(
        self, arguments: Sequence[Argument], pairs: Sequence[tuple[Argument, Argument]] | None
    ) -> Shape:
        """Record a `Get` and tell what awaiting it gives.

        Args:
            pairs: the items of a dict that is written out as second argument.
        """
        if self.is_starred():
            self.note(f"{self.text()}: its arguments are known only when it runs")
            return Asks(UNKNOWN)
        if self.node.keywords or len(arguments) > 3:
            return self._wrong_arity(len(arguments))
        if not arguments:
            self.problem(
                problems.NO_PRODUCT,
                "Get() names no product",
                "name the class that is wanted: Get(Out)",
            )
            return Asks(UNKNOWN)
        product = self._product(arguments[0])
        supplied: Sequence[tuple[type, ...]] | None
        if len(arguments) == 1:
            supplied = [()]
        elif len(arguments) == 3:
            supplied = self._declared_input(arguments[1], arguments[2])
        elif pairs is not None:
            supplied = self._dict_inputs(pairs)
        else:
            supplied = self._inferred_input(arguments[1])
        if product is None:
            return Asks(UNKNOWN)
        for types in supplied or ():
            self._add_get(product, types)
        return Asks(Of(product, exact=True))

    def _add_get(self, product: type, types: tuple[type, ...]) -> None:
        supplied = by_qualname(types)
        self.asked.add(
            self.node,
            StaticRequest(
                product,
                supplied,
                None,
                self.place(),
                "get",
                show_request(type_name(product), supplied, in_braces=True),
            ),
        )

    def _wrong_arity(self, count: int) -> Shape:
        if self.node.keywords:
            what = f"{self.text()} passes {self.node.keywords[0].arg} by keyword"
            fix = "Get takes its arguments by position: Get(Out, In, value)"
        else:
            what = f"{self.text()} has {count} arguments, and Get takes at most three"
            fix = "to supply several values, write Get(Out, {value: In, …})"
        self.problem(problems.WRONG_ARITY, what, fix)
        return Asks(UNKNOWN)

    def _product(self, argument: Argument) -> type | None:
        node, shape = argument
        if isinstance(shape, Is):
            value = shape.value
            if isinstance(value, type):
                return value
            if isinstance(value, Rule):
                fix = f"name the class it makes, {type_name(value.product)}, or call the rule"
            else:
                fix = "a product is one class; a frozen dataclass can hold what is wanted"
            self._bad_product(node, fix)
        elif isinstance(shape, Missing):
            self.missing(shape, node)
        elif isinstance(node, ast.Call) and isinstance(shape, Of) and shape.exact:
            self._bad_product(node, f"name the class alone: Get({type_name(shape.cls)}, …)")
        elif isinstance(shape, Of) and (shape.exact or isinstance(node, ast.Constant)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                fix = f"write the class itself, without quotes: Get({node.value}, …)"
            else:
                fix = f"name the class that is wanted: Get({type_name(shape.cls)}, …)"
            self._bad_product(node, fix)
        elif isinstance(shape, Asks | Row):
            self._bad_product(node, "name the class that is wanted: Get(Out, …)")
        else:
            self.note(f"{self.text()}: which product it asks for is known only when it runs")
        return None

    def _bad_product(self, node: ast.expr, fix: str) -> None:
        self.problem(
            problems.BAD_PRODUCT,
            f"{self.text()}: {source(node)} stands where the product's class belongs",
            fix,
        )

    def _declared_input(self, cls: Argument, value: Argument) -> Sequence[tuple[type, ...]] | None:
        if isinstance(cls.shape, Missing):
            self.missing(cls.shape, cls.node)
            return None
        if not (isinstance(cls.shape, Is) and isinstance(cls.shape.value, type)):
            if isinstance(cls.shape, Of | Asks | Row | Each | Is) and cls.shape != Of(type):
                swapped = isinstance(value.shape, Is) and isinstance(value.shape.value, type)
                self.problem(
                    problems.BAD_INPUT,
                    f"{self.text()}: {source(cls.node)} stands where a class belongs",
                    "swap the last two: Get(Out, In, value)"
                    if swapped
                    else "to supply two values, write Get(Out, {value: In, …})",
                )
            else:
                self.note(f"{self.text()}: the class it supplies is known only when it runs")
            return None
        supplied: type = cls.shape.value
        self._check_value(supplied, value)
        return [(supplied,)]

    def _check_value(self, supplied: type, value: Argument) -> None:
        node, shape = value
        name = type_name(supplied)
        if isinstance(shape, Missing):
            self.missing(shape, node)
        elif isinstance(shape, Asks):
            self._unawaited(node)
        elif isinstance(shape, Is) and isinstance(shape.value, type) and supplied is not type:
            self.problem(
                problems.BAD_INPUT,
                f"{self.text()}: the class {source(node)} stands where a value belongs",
                f"pass a value: {name}(…)",
            )
        else:
            cls = certain_class(shape)
            if cls is not None and not fits(cls, supplied):
                extra = (
                    "; exact type, a subclass does not count" if issubclass(cls, supplied) else ""
                )
                self.problem(
                    problems.WRONG_TYPE,
                    f"{self.text()}: {source(node)} is {a(type_name(cls))}, not {a(name)}{extra}",
                    f"pass {a(name)}, or name its class: {type_name(cls)}",
                )

    def _inferred_input(self, argument: Argument) -> Sequence[tuple[type, ...]] | None:
        node, shape = argument
        if isinstance(shape, Missing):
            self.missing(shape, node)
        elif isinstance(shape, Asks):
            self._unawaited(node)
        elif isinstance(shape, Is) and isinstance(shape.value, type):
            name = type_name(shape.value)
            self.problem(
                problems.BAD_INPUT,
                f"{self.text()}: the class {source(node)} stands where a value belongs",
                f"pass a value: {name}(…), or Get(Out, {name}, value)",
            )
        else:
            possible = classes(shape)
            if possible is None or dict in possible:
                why = shape.why if isinstance(shape, Unknown) else ""
                self.note(
                    f"{self.text()}: the class of {source(node)} is known only when it runs"
                    + (f", as {why}" if why else "")
                )
                return None
            return [(cls,) for cls in possible]
        return None

    def _unawaited(self, node: ast.expr) -> None:
        self.problem(
            problems.BAD_INPUT,
            f"{self.text()}: {source(node)} is a request, not a value",
            "await it first, and pass what it gives",
        )

    def _dict_inputs(
        self, pairs: Sequence[tuple[Argument, Argument]]
    ) -> Sequence[tuple[type, ...]] | None:
        types: list[type] = []
        for value, cls in pairs:
            if isinstance(cls.shape, Missing):
                self.missing(cls.shape, cls.node)
                return None
            if not (isinstance(cls.shape, Is) and isinstance(cls.shape.value, type)):
                if isinstance(cls.shape, Unknown | Either) or cls.shape == Of(type):
                    self.note(f"{self.text()}: its classes are known only when it runs")
                else:
                    swapped = isinstance(value.shape, Is) and isinstance(value.shape.value, type)
                    self.problem(
                        problems.BAD_DICT,
                        f"{self.text()}: {source(cls.node)} stands where the class of "
                        f"{source(value.node)} belongs",
                        "the value comes first: {value: In}" if swapped else "name its class",
                    )
                return None
            supplied = cls.shape.value
            self._check_value(supplied, value)
            if supplied in types:
                self.problem(
                    problems.BAD_DICT,
                    f"{self.text()} supplies two values of type {type_name(supplied)}",
                    "a scope holds one; give one of them a class of its own, or ask twice",
                )
                return None
            types.append(supplied)
        return [tuple(types)]
