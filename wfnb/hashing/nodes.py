"""What a fingerprint is the digest of: a graph of functions, classes and objects.

Knows: records with a text and children.
Does not know: how a text comes about.
Holds: two graphs that unfold to the same tree have the same digest. So recursion ends, and it does
    not matter which of two equal things is shared.
"""

from __future__ import annotations

import hashlib

from wfnb.hashing.framing import frame
from wfnb.hashing.records import Record


def digest_of(root: Record, records: dict[int, Record]) -> bytes:
    """Hash a graph by what it unfolds to.

    Args:
        records: by the id of the thing recorded; all that can be reached from `root`.
    """
    whole = _digest_of_tree(root, records)
    return _digest_of_loops(root, records) if whole is None else whole


def _digest_of_tree(root: Record, records: dict[int, Record]) -> bytes | None:
    """Each record hashed with its children's hashes; None if something leads back to itself."""
    hashes: dict[int, bytes] = {}
    above: set[int] = set()
    pending = [root]
    while pending:
        record = pending[-1]
        key = id(record)
        if key in hashes:
            pending.pop()
            continue
        children = record.children
        if not children:
            hashes[key] = hashlib.sha256(b"tree" + record.text).digest()
            pending.pop()
            continue
        text = [b"tree", record.text]  # all hashes are of one length
        missing = []
        for child, _, _ in children:
            inner = records[id(child)]
            found = hashes.get(id(inner))
            if found is not None:
                text.append(found)
            elif id(inner) in above or inner is record:
                return None
            else:
                missing.append(inner)
        if missing:
            above.add(key)
            pending += missing
            continue
        pending.pop()
        above.discard(key)
        hashes[key] = hashlib.sha256(b"".join(text)).digest()
    return hashes[id(root)]


def _digest_of_loops(root: Record, records: dict[int, Record]) -> bytes:
    """Each round hashes every record with what its children hashed to in the round before.

    The rounds end when none tells more records apart. Then the set of all hashes says the graph,
    the root's where it starts.
    """
    everything = {id(record): record for record in (root, *records.values())}
    children = {
        key: [id(records[id(child[0])]) for child in record.children]
        for key, record in everything.items()
    }
    hashes = {key: record.text for key, record in everything.items()}
    rounds, told_apart = 0, len(set(hashes.values()))
    while True:
        hashes = {
            key: hashlib.sha256(
                frame(b"node", record.text, *[hashes[child] for child in children[key]])
            ).digest()
            for key, record in everything.items()
        }
        rounds += 1
        now = len(set(hashes.values()))
        if now == told_apart:
            break
        told_apart = now
    text = frame(b"graph", b"%d" % rounds, hashes[id(root)], *sorted(set(hashes.values())))
    return hashlib.sha256(text).digest()
