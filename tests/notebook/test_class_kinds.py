"""Every kind of class in a cell that is run again: unchanged, with a comment, changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.notebook.cellbench import Bench
from tests.notebook.kernel import Kernel

PRELUDE = """
import enum
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from wfnb import request, rule

T = TypeVar("T")

@dataclass(frozen=True)
class Text:
    text: str
"""


@dataclass(frozen=True)
class Kind:
    """A class named K, and what is done to it.

    Attributes:
        cell: its cell; `# HERE` stands for a comment, `CHANGE` for a change.
        change: the change, and how it is told.
        value: makes a value of it.
        shows: what a rule reads from a value `k`.
    """

    cell: str
    change: tuple[str, str]
    value: str
    shows: str


KINDS = {
    "frozen": Kind(
        "@dataclass(frozen=True)\nclass K:\n    n: int  # HERE\n    CHANGE",
        ("m: int = 0", "field m is new"),
        "K(1)",
        "k.n",
    ),
    "slots": Kind(
        "@dataclass(frozen=True, slots=True)\nclass K:\n    # HERE\n    n: int\n    CHANGE",
        ("m: str = 'a'", "field m is new"),
        "K(1)",
        "k.n",
    ),
    "enum": Kind(
        "class K(enum.Enum):\n    # HERE\n    RED = 1\n    CHANGE",
        ("BLUE = 2", "attribute BLUE is new"),
        "K.RED",
        "k is K.RED",
    ),
    "exception": Kind(
        "class K(ValueError):\n    # HERE\n    def code(self): return 1\n    CHANGE",
        ("retry = True", "attribute retry is new"),
        "K('no')",
        "isinstance(k, K), k.code()",
    ),
    "generic": Kind(
        "@dataclass(frozen=True)\nclass K(Generic[T]):\n    # HERE\n    item: T\n    CHANGE",
        ("count: int = 1", "field count is new"),
        "K[int](1)",
        "k.item",
    ),
    "nested": Kind(
        "@dataclass(frozen=True)\nclass K:\n    @dataclass(frozen=True)\n    class Part:\n"
        "        # HERE\n        n: int\n        CHANGE\n    part: Part",
        ("m: int = 2", "field m of Part is new"),
        "K(K.Part(1))",
        "isinstance(k.part, K.Part), k.part.n",
    ),
    "inherited": Kind(
        "@dataclass(frozen=True)\nclass Base:\n    # HERE\n    n: int\n    CHANGE\n"
        "@dataclass(frozen=True)\nclass K(Base):\n    k: str = 'k'",
        ("m: int = 2", "field m is new in its base Base"),
        "K(1)",
        "isinstance(k, Base), k.n",
    ),
    "factory": Kind(
        "def fresh(): return (1,)\n@dataclass(frozen=True)\nclass K:\n"
        "    n: tuple = field(default_factory=fresh)  # HERE\n    CHANGE",
        ("m: tuple = field(default_factory=tuple)", "field m is new"),
        "K()",
        "k.n",
    ),
    "a factory that changes": Kind(
        "def fresh():\n    CHANGE\n    return (1,)\n@dataclass(frozen=True)\nclass K:\n"
        "    # HERE\n    n: tuple = field(default_factory=fresh)",
        ("print(end='')", "fresh has changed"),
        "K()",
        "k.n",
    ),
}
FUTURE = "from __future__ import annotations\n"


def _cell(kind: Kind, future: str, *, comment: str = "", change: str = "pass") -> str:
    return future + PRELUDE + kind.cell.replace("HERE", comment).replace("CHANGE", change)


def _run_again(bench: Bench, kind: Kind, before: str, again: str) -> tuple[object, object]:
    """Define, declare, ask; then run the class's cell again. Gives K as it was and as it is."""
    bench.ok(before, "types")
    bench.ok(f"@rule\ndef show(k: K) -> Text: return Text(str(({kind.shows})))", "rule")
    bench.ok(f"value = {kind.value}", "value")
    first = bench.ok("K")
    bench.ok("shown = request(Text, value)", "ask")
    bench.ok(again, "types")
    return first, bench.ok("K")


@pytest.mark.parametrize("future", ["", FUTURE], ids=["", "future"])
@pytest.mark.parametrize("comment", ["", "another comment"], ids=["unchanged", "comment"])
@pytest.mark.parametrize("name", KINDS)
def test_keeps_a_class_whose_definition_is_the_same(
    live: Bench, name: str, comment: str, future: str
) -> None:
    """The same object, so that values stay good, and nothing runs again."""
    kind = KINDS[name]
    again = _cell(kind, future, comment=comment)

    first, now = _run_again(live, kind, _cell(kind, future), again)

    assert now is first
    assert live.ok("request(Text, value) is shown")
    assert live.engine.last.ran == ()


@pytest.mark.parametrize("future", ["", FUTURE], ids=["", "future"])
@pytest.mark.parametrize("name", KINDS)
def test_takes_up_a_class_that_changes(live: Bench, name: str, future: str) -> None:
    """Rules follow; an earlier value is refused with its cell and the field that changed."""
    kind = KINDS[name]
    again = _cell(kind, future, change=kind.change[0])

    first, now = _run_again(live, kind, _cell(kind, future), again)

    assert now is not first
    assert live.refuse("request(Text, value)") == (
        "ParamError: this K was made by the earlier K of In [1]\n"
        "    K has been defined anew in In [6]\n"
        f"    {kind.change[1]}\n"
        "  → run the cell that makes value (In [3]) again"
    )
    live.ok(f"value = {kind.value}", "value")
    live.ok("request(Text, value)")
    assert live.engine.last.ran_counts == {"show": 1}
    assert live.ok("show.params[0].type is K")


@pytest.mark.kernel
@pytest.mark.parametrize("name", KINDS)
def test_does_the_same_in_a_kernel(running: Kernel, name: str) -> None:
    """Where every value that was shown is kept in `Out`."""
    kind = KINDS[name]
    number = list(KINDS).index(name)

    def named(code: str) -> str:
        return re.sub(r"\b(K|Base|value|show|fresh)\b", rf"\g<1>{number}", code)

    def ok(code: str, cell_id: str) -> str | None:
        return running.ok(named(code), cell_id=f"{cell_id} of {name}").result

    running.ok("%load_ext wfnb\n%colors nocolor")
    ok(_cell(kind, ""), "types")
    ok(f"@rule\ndef show(k: K) -> Text: return Text(str(({kind.shows})))", "rule")
    ok(f"value = {kind.value}\nvalue", "value")
    ok("shown = request(Text, value)\nfirst = K\nshown", "ask")
    ok(_cell(kind, "", comment="more"), "types")
    assert ok("K is first, request(Text, value) is shown", "look") == "(True, True)"

    ok(_cell(kind, "", change=kind.change[0]), "types")

    error = running.run(named("request(Text, value)"), cell_id="refused").error.splitlines()
    assert re.fullmatch(
        rf"ParamError: this K{number} was made by the earlier K{number} of In \[\d+\]", error[0]
    )
    assert error[2] == f"    {named(kind.change[1])}"
    assert re.fullmatch(
        rf"  → run the cell that makes value{number} \(In \[\d+\]\) again", error[3]
    )
    ok(f"value = {kind.value}", "value")
    assert ok("request(Text, value) is shown, K is first", "look") == "(False, False)"
