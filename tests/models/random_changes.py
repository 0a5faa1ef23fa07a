"""Sequences of random operations on a `Harness`, and the shortest part of one that still fails."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.models.grammar import random_spec
from tests.models.harness import Harness, Operation
from tests.models.surroundings import FILE_MEANINGS, HELPER_MEANINGS, INNER_MEANINGS, SPELLINGS
from tests.models.witness import KINDS, MODES, NUMBERS

# Of a hundred operations. An edit that is undone within a request is not noticed yet, see
# `test_answers_from_the_helper_that_stands_though_another_stood_in_between`.
UNDONE = 0


def random_operation(rng: random.Random) -> Operation:
    """Any operation on a harness: the name of a method, and arguments."""
    kind, n, mode, step = (
        rng.randrange(KINDS),
        rng.choice(NUMBERS),
        rng.choice(MODES),
        rng.randint(1, 12),
    )
    choice = rng.randrange(100)
    if choice < 32:
        return ("request", kind, n, mode)
    if choice < 36:
        return ("request_again", kind, n, mode)
    if choice < 53:
        return ("request_while", kind, n, mode, step, random_change(rng))
    if choice < 62:
        return ("request_interrupted", kind, n, mode, step)
    if choice < 62 + UNDONE:
        steps = (rng.randint(1, 8), rng.randint(1, 6))
        return ("request_while_undone", kind, n, mode, steps, rng.choice(INNER_MEANINGS))
    if choice < 64:
        return ("fail", kind, n, rng.choice("ab"))
    if choice < 65:
        return ("restart", kind, n, mode)
    return random_change(rng)


def random_change(rng: random.Random) -> Operation:
    """Any operation that is no request."""
    kind, choice = rng.randrange(KINDS), rng.randrange(100)
    spelling, is_told = rng.randrange(SPELLINGS), rng.random() < 0.5
    if choice < 28:
        return ("define", kind, random_spec(rng), rng.random() < 0.3)
    if choice < 38:
        return ("define_again", kind)
    if choice < 42:
        return ("delete", kind)
    if choice < 70:
        return ("move", kind, rng.choice((*NUMBERS, 2)))
    if choice < 82:
        return ("invalidate", kind)
    if choice < 86:
        return ("invalidate", None)
    if choice < 92:
        return ("edit_helper", kind, rng.choice(HELPER_MEANINGS), spelling, is_told)
    if choice < 96:
        return ("edit_helper", None, rng.choice(INNER_MEANINGS), spelling, is_told)
    return ("edit_file", rng.choice(FILE_MEANINGS), spelling, is_told)


def random_sequence(seed: int, operations: int = 40) -> list[Operation]:
    """All kinds defined, then random operations."""
    rng = random.Random(seed)
    found: list[Operation] = []
    for kind in range(KINDS):
        found.append(("move", kind, rng.choice(NUMBERS)))
        found.append(("define", kind, random_spec(rng)))
    return found + [random_operation(rng) for _ in range(operations)]


def run_sequence(seed: int, operations: Sequence[Operation] | None = None) -> int:
    """One random sequence, or a part of one; how many requests it compared.

    Raises:
        AssertionError: with the seed, and what to write to see it again.
    """
    operations = random_sequence(seed) if operations is None else operations
    h = Harness(seed)
    try:
        for operation in operations:
            h.do(operation)
    except BaseException as error:
        error.add_note(f"seed {seed}; the shortest of it: shrink({seed})")
        raise
    return h.checked


def shrink(seed: int) -> list[Operation]:
    """For people: the operations of a failing seed that cannot be left out."""

    def failure(operations: list[Operation]) -> object:
        try:
            run_sequence(seed, operations)
        except Exception as error:
            return (type(error), str(error).rpartition(":")[2].rpartition(" gave ")[2][:10])
        return None

    operations = random_sequence(seed)
    wanted = failure(operations)
    is_shorter = wanted is not None
    while is_shorter:
        is_shorter = False
        for position in reversed(range(len(operations))):
            without = operations[:position] + operations[position + 1 :]
            if failure(without) == wanted:
                operations, is_shorter = without, True
    return operations
