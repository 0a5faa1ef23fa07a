"""What a fingerprint is the digest of: a graph of functions, classes and objects.

Knows: nodes with a text and children.
Does not know: how a text comes about.
Holds: two graphs that unfold to the same tree have the same digest. So recursion ends, and it does
    not matter which of two equal things is shared.
"""

from __future__ import annotations

import hashlib
from typing import Any

from wfnb.hashing.anatomy import frame


class Node:
    """A function, a class or an object that is printed by itself."""

    __slots__ = ("children", "name", "subject", "text", "value")

    def __init__(self, value: Any, name: str, subject: str) -> None:
        self.value = value
        self.name = name
        self.subject = subject  # the function it was found in, or that it is
        self.text = b""
        self.children: list[Node] = []


def digest_of(root: Node, nodes: list[Node]) -> bytes:
    """Hash a graph by what it unfolds to.

    Each round hashes every node with what its children hashed to in the round before, until no
    round tells more nodes apart. Then the set of all hashes says the graph, the root's where it
    starts.
    """
    everything = [root, *nodes]
    texts = {id(node): hashlib.sha256(node.text).digest() for node in everything}
    hashes = texts
    rounds, told_apart = 0, len(set(hashes.values()))
    while True:
        hashes = {
            id(node): hashlib.sha256(
                frame(b"node", texts[id(node)], *[hashes[id(child)] for child in node.children])
            ).digest()
            for node in everything
        }
        rounds += 1
        now = len(set(hashes.values()))
        if now == told_apart:
            break
        told_apart = now
    text = frame(b"graph", b"%d" % rounds, hashes[id(root)], *sorted(set(hashes.values())))
    return hashlib.sha256(text).digest()
