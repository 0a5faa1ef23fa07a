"""Reading expressions: the shape of each, with the requests in it recorded on the way.

Knows: expression syntax, and how values are unpacked into variables.
Does not know: calls and awaits (`calls.py`), statements, other functions.
Holds: operands are read in the order in which they are evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wfnb.rules.asked import Asked
from wfnb.rules.requests import MultiGet, Request
from wfnb.rules.scope import Local, Scope
from wfnb.rules.shapes import UNKNOWN, Each, Is, Missing, Of, Row, Shape, item_of, join


class Expressions:
    """Reads expressions in `scope`, adding what they ask for to `asked`."""

    readers: Mapping[type, Callable[[Any, Any], Shape]]

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.scope: Scope

    # ------------------------------------------------------------ reading

    def read(self, node: ast.expr) -> Shape:
        """The shape of an expression."""
        reader = self.readers.get(type(node))
        if reader is not None:
            return reader(self, node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.read(child)
        return UNKNOWN

    def _name(self, node: ast.Name) -> Shape:
        shape = self.scope.find(node.id)
        if isinstance(shape, Local):
            self.scope.handed_on.append(shape)
        return shape

    def _constant(self, node: ast.Constant) -> Shape:
        return Of(type(node.value), exact=True)

    def _text(self, node: ast.JoinedStr) -> Shape:
        for value in node.values:
            self.read(value)
        return Of(str, exact=True)

    def _attribute(self, node: ast.Attribute) -> Shape:
        return self.scope.names.attribute(self.read(node.value), node.attr)

    def _subscript(self, node: ast.Subscript) -> Shape:
        shape = self.read(node.value)
        self.read(node.slice)
        if isinstance(node.slice, ast.Slice):
            return Each(item_of(shape)) if isinstance(shape, Each | Row) else UNKNOWN
        if isinstance(shape, Row) and isinstance(node.slice, ast.Constant | ast.UnaryOp):
            try:
                item: Shape = shape.items[ast.literal_eval(node.slice)]
            except (IndexError, TypeError, ValueError):
                return UNKNOWN
            return item
        if isinstance(shape, Each):
            return shape.item
        if isinstance(shape, Is) and isinstance(shape.value, type):
            return shape if issubclass(shape.value, Request | MultiGet) else UNKNOWN
        return UNKNOWN

    def _display(self, node: ast.Tuple | ast.List | ast.Set) -> Shape:
        items = [self.read(element) for element in node.elts]
        if any(isinstance(element, ast.Starred) for element in node.elts):
            return Each(join(item_of(s) if isinstance(s, Each) else s for s in items))
        return Row(tuple(items))

    def _starred(self, node: ast.Starred) -> Shape:
        return Each(item_of(self.read(node.value)))

    def _dict(self, node: ast.Dict) -> Shape:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.read(key)
            self.read(value)
        return Of(dict, exact=True)

    def _choice(self, node: ast.IfExp) -> Shape:
        self.read(node.test)
        return join([self.read(node.body), self.read(node.orelse)])

    def _bool_op(self, node: ast.BoolOp) -> Shape:
        return join([self.read(value) for value in node.values])

    def _compare(self, node: ast.Compare) -> Shape:
        self.read(node.left)
        for value in node.comparators:
            self.read(value)
        return Of(bool)

    def _bin_op(self, node: ast.BinOp) -> Shape:
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(left, Row) and isinstance(right, Row) and isinstance(node.op, ast.Add):
            return Row(left.items + right.items)
        if isinstance(left, Each | Row) and isinstance(right, Each | Row):
            return join([left, right])
        return UNKNOWN

    def _walrus(self, node: ast.NamedExpr) -> Shape:
        shape = self.read(node.value)
        self.bind(node.target, shape)
        return shape

    def _lambda(self, node: ast.Lambda) -> Shape:
        shape = Local(node, self.scope)
        self.scope.handed_on.append(shape)
        return shape

    def _yield(self, node: ast.Yield) -> Shape:
        self.scope.yielded.append(UNKNOWN if node.value is None else self.read(node.value))
        return UNKNOWN

    def _yield_from(self, node: ast.YieldFrom) -> Shape:
        self.scope.yielded.append(item_of(self.read(node.value)))
        return UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Shape:
        return self._in_comprehension(node.generators, lambda: Each(self.read(node.elt)))

    def _dict_comprehension(self, node: ast.DictComp) -> Shape:
        def read() -> Shape:
            self.read(node.key)
            self.read(node.value)
            return Of(dict, exact=True)

        return self._in_comprehension(node.generators, read)

    def _in_comprehension(
        self, generators: Sequence[ast.comprehension], read: Callable[[], Shape]
    ) -> Shape:
        scope = self.scope
        before = dict(scope.shapes)
        for generator in generators:
            self.bind(generator.target, item_of(self.read(generator.iter)))
            for test in generator.ifs:
                self.read(test)
        shape = read()
        scope.shapes = before
        return shape

    # ------------------------------------------------------------ binding

    def bind(self, target: ast.expr, shape: Shape) -> None:
        """Give a variable, or each of several that are unpacked, its shape."""
        if isinstance(target, ast.Name):
            self.scope.shapes[target.id] = UNKNOWN if isinstance(shape, Missing) else shape
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, shape)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, Each(item_of(shape)))
        else:
            for child in ast.iter_child_nodes(target):
                if isinstance(child, ast.expr):
                    self.read(child)

    def _unpack(self, targets: Sequence[ast.expr], shape: Shape) -> None:
        has_star = any(isinstance(target, ast.Starred) for target in targets)
        if isinstance(shape, Row) and len(shape.items) == len(targets) and not has_star:
            for target, item in zip(targets, shape.items, strict=True):
                self.bind(target, item)
            return
        item = UNKNOWN if isinstance(shape, Row) and not has_star else item_of(shape)
        for target in targets:
            if isinstance(target, ast.Starred):
                self.bind(target.value, Each(item))
            else:
                self.bind(target, item)


Expressions.readers = {
    ast.Name: Expressions._name,
    ast.Constant: Expressions._constant,
    ast.JoinedStr: Expressions._text,
    ast.Attribute: Expressions._attribute,
    ast.Subscript: Expressions._subscript,
    ast.Tuple: Expressions._display,
    ast.List: Expressions._display,
    ast.Set: Expressions._display,
    ast.Starred: Expressions._starred,
    ast.Dict: Expressions._dict,
    ast.IfExp: Expressions._choice,
    ast.BoolOp: Expressions._bool_op,
    ast.Compare: Expressions._compare,
    ast.BinOp: Expressions._bin_op,
    ast.NamedExpr: Expressions._walrus,
    ast.Lambda: Expressions._lambda,
    ast.Yield: Expressions._yield,
    ast.YieldFrom: Expressions._yield_from,
    ast.ListComp: Expressions._comprehension,
    ast.SetComp: Expressions._comprehension,
    ast.GeneratorExp: Expressions._comprehension,
    ast.DictComp: Expressions._dict_comprehension,
}
