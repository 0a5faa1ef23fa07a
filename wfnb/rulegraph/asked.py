"""A request from outside, with the node that answers it.

Knows: product, scope, and the settled node.
Does not know: whether it was declared or made.
"""

from __future__ import annotations

from wfnb.rulegraph.nodes import Node
from wfnb.rulegraph.phrases import asked


class Request:
    """A declared or asked request from outside, solved; `str()` is how messages call it.

    Attributes:
        scope: by module and name.
        root: None if the product itself is among the params.
    """

    __slots__ = ("product", "root", "scope")

    def __init__(self, product: type, scope: tuple[type, ...], root: Node | None) -> None:
        self.product = product
        self.scope = scope
        self.root = root

    def __str__(self) -> str:
        return asked(self.product, self.scope)
