"""Earlier classes: every way in which a value of one can get into a request, and where it ends."""

from __future__ import annotations

import pytest

from tests.notebook.cellbench import Bench

TYPES = """
import enum
from dataclasses import dataclass, field
@dataclass(frozen=True)
class Size:
    n: int
@dataclass(frozen=True)
class Job:
    name: str
@dataclass(frozen=True)
class Thumb:
    text: str
@dataclass(frozen=True)
class Poster:
    text: str
"""
CHANGED = TYPES.replace("    n: int", "    n: int\n    m: int = 0")
THUMB = "@rule\ndef make_thumb(size: Size) -> Thumb: return Thumb(str(size.n))\n"
WHY = "    Size has been defined anew in In [{0}]\n    field m is new\n"


@pytest.fixture
def typed(live: Bench) -> Bench:
    """A bench whose first cell has defined the types, and the second a rule."""
    live.ok(TYPES, "types")
    live.ok(THUMB, "thumb")
    return live


def _poster(body: str) -> str:
    return f"@rule\nasync def make_poster(job: Job) -> Poster:\n    return Poster(str({body}))\n"


def _refuse(bench: Bench, code: str, count: int) -> str:
    """The text of the error of a cell; `{0}` in place of the number of its changed cell."""
    return bench.refuse(code).replace(f"In [{count}]", "In [{0}]")


# -- following --------------------------------------------------------------------------------


def test_follows_a_call_by_name_to_the_rule_of_a_new_class(typed: Bench) -> None:
    """Only the class's cell is run again: both the rule and who calls it mean the new class."""
    typed.ok(_poster("(await make_thumb(Size(5))).text"), "poster")
    assert typed.ok("request(Poster, Job('a')).text") == "5"

    typed.ok(CHANGED, "types")

    assert typed.ok("request(Poster, Job('a')).text") == "5"
    typed.ok(_poster("(await make_thumb(Size(6, 7))).text"), "poster")
    assert typed.ok("request(Poster, Job('a')).text") == "6"


def test_follows_an_annotation_when_only_the_cell_of_its_class_is_run_again(typed: Bench) -> None:
    """And runs the rule again, on values of the new class."""
    assert typed.ok("request(Thumb, Size(3)).text") == "3"

    typed.ok(CHANGED, "types")

    assert typed.ok("request(Thumb, Size(4)).text") == "4"
    assert typed.ok("make_thumb.params[0].type is Size")


# -- params -----------------------------------------------------------------------------------


def test_refuses_a_param_that_holds_a_value_of_an_earlier_class(typed: Bench) -> None:
    """However deep, with the cells to run again in order."""
    typed.ok(
        "@dataclass(frozen=True)\nclass Order:\n    jobs: tuple\n    extra: dict = None\n"
        "@rule\ndef count(order: Order) -> Thumb: return Thumb(str(len(order.jobs)))",
        "order",
    )
    typed.ok("size = Size(3)", "size")
    typed.ok("order = Order((Job('a'), (size,)))", "it")
    assert typed.ok("request(Thumb, order).text") == "2"

    typed.ok(CHANGED, "types")

    assert _refuse(typed, "request(Thumb, order)", 7) == (
        "ParamError: this Order holds a Size made by the earlier Size of In [1]\n"
        "    in its jobs[1][0]\n" + WHY + "  → run the cells that make size (In [4]) and "
        "order (In [5]) again"
    )
    typed.ok("size = Size(3)", "size")
    typed.ok("order = Order((Job('a'), (size,)))", "it")
    assert typed.ok("request(Thumb, order).text") == "2"


def test_refuses_a_member_of_an_earlier_enum_inside_a_new_dataclass(typed: Bench) -> None:
    """It equals no member of the new one: the rule would quietly take the other branch."""
    paint = "class Paint(enum.Enum):\n    RED = 1\n"
    typed.ok(paint, "paint")
    typed.ok(
        "@dataclass(frozen=True)\nclass Wall:\n    paint: object\n"
        "@rule\ndef look(wall: Wall) -> Thumb: return Thumb(str(wall.paint is Paint.RED))",
        "wall",
    )
    typed.ok("red = Paint.RED", "red")
    assert typed.ok("request(Thumb, Wall(red)).text") == "True"

    typed.ok(paint + "    BLUE = 2\n", "paint")

    assert _refuse(typed, "request(Thumb, Wall(red))", 7) == (
        "ParamError: this Wall holds a Paint made by the earlier Paint of In [3]\n"
        "    in its paint\n"
        "    Paint has been defined anew in In [{0}]\n"
        "    attribute BLUE is new\n"
        "  → run the cell that makes red (In [5]) again"
    )
    assert typed.ok("request(Thumb, Wall(Paint.RED)).text") == "True"


def test_refuses_a_value_of_a_class_that_an_earlier_class_had_inside(typed: Bench) -> None:
    """A class in the body of another is defined anew with it."""
    box = "class Box:\n    @dataclass(frozen=True)\n    class Lid:\n        n: int\n"
    typed.ok(box, "box")
    typed.ok("@rule\ndef close(lid: Box.Lid) -> Thumb: return Thumb(str(lid.n))", "close")
    typed.ok("lid = Box.Lid(1)", "lid")
    assert typed.ok("request(Thumb, lid).text") == "1"

    typed.ok(box + "    x = 1\n", "box")

    assert _refuse(typed, "request(Thumb, lid)", 7) == (
        "ParamError: this Box.Lid was made by the earlier Box.Lid of In [3]\n"
        "    Box.Lid has been defined anew in In [{0}]\n"
        "    attribute x is new\n"
        "  → run the cell that makes lid (In [5]) again"
    )
    assert typed.ok("request(Thumb, Box.Lid(2)).text") == "2"


def test_refuses_a_value_of_a_class_built_on_an_earlier_one(typed: Bench) -> None:
    """Its own cell was not run again, so isinstance of the new base is False."""
    typed.ok("@dataclass(frozen=True)\nclass Big(Size):\n    pass", "big")
    typed.ok("@rule\ndef grow(big: Big) -> Thumb: return Thumb(str(isinstance(big, Size)))", "g")
    typed.ok("big = Big(1)", "it")
    assert typed.ok("request(Thumb, big).text") == "True"

    typed.ok(CHANGED, "types")

    assert _refuse(typed, "request(Thumb, big)", 7) == (
        "ParamError: this Big is built on the earlier Size of In [1]\n" + WHY + "  → run the cells "
        "that make Big (In [3]) and big (In [5]) again"
    )


# -- rules ------------------------------------------------------------------------------------

USES = {
    "a get": "(await Get(Thumb, Size, SIZE)).text",
    "a get without a type": "(await Get(Thumb, SIZE)).text",
    "a call": "(await make_thumb(SIZE)).text",
    "a batch": "len(await MultiGet(Get(Thumb, Size, s) for s in (SIZE, SIZE)))",
    "nothing asked": "SIZE.n",
}


@pytest.mark.parametrize("use", USES)
def test_refuses_a_rule_that_uses_a_global_made_by_an_earlier_class(typed: Bench, use: str) -> None:
    """Be it passed on or only looked at; with the cell of the global."""
    typed.ok("SIZE = Size(3)", "size")
    typed.ok(_poster(USES[use]), "poster")
    typed.ok("request(Poster, Job('a'))")

    typed.ok(CHANGED, "types")

    assert _refuse(typed, "request(Poster, Job('a'))", 6) == (
        "DefinitionError: make_poster uses SIZE, made by the earlier Size of In [1]\n"
        "  In [4], line 2:  async def make_poster(job: Job) -> Poster:\n"
        + WHY
        + "  → run the cell that makes SIZE (In [3]) again"
    )
    typed.ok("SIZE = Size(3)", "size")
    typed.ok("request(Poster, Job('a'))")


def test_refuses_a_rule_far_below_the_one_that_is_asked(typed: Bench) -> None:
    """And no request that does not come to it."""
    typed.ok("SIZE = Size(3)", "size")
    typed.ok(_poster("SIZE.n"), "poster")
    typed.ok(
        "@dataclass(frozen=True)\nclass Wall:\n    n: int\n"
        "@rule\nasync def hang(job: Job) -> Wall:\n"
        "    return Wall(len((await Get(Poster, Job, Job('inner'))).text))",
        "wall",
    )
    typed.ok(CHANGED, "types")

    error = typed.refuse("request(Wall, Job('a'))")

    assert error.splitlines()[0] == (
        "DefinitionError: make_poster uses SIZE, made by the earlier Size of In [1]"
    )
    assert typed.ok("request(Thumb, Size(9)).text") == "9"


@pytest.mark.parametrize(
    ("cell", "body", "what", "where"),
    [
        (
            "def pair(n, cls=Size): return cls, cls(n)",
            "(await Get(Thumb, *pair(3))).text",
            "uses pair, which holds the earlier Size of In [1]",
            "    in pair.cls\n",
        ),
        (
            "def maker():\n    cls = Size\n    return lambda n: cls(n)\npair = maker()",
            "(await Get(Thumb, Size, pair(3))).text",
            "uses pair, which holds the earlier Size of In [1]",
            "    in pair.cls\n",
        ),
        (
            "pair = Size",
            "(await Get(Thumb, pair, pair(3))).text",
            "uses pair, which is the earlier Size of In [1]",
            "",
        ),
        (
            "import functools\npair = functools.partial(Size, 3)",
            "(await Get(Thumb, Size, pair())).text",
            "uses pair, which holds the earlier Size of In [1]",
            "    in pair.func\n",
        ),
        (
            "pair = {'small': [Size(3)]}",
            "pair['small'][0].n",
            "uses pair, which holds a Size made by the earlier Size of In [1]",
            "    in pair['small'][0]\n",
        ),
        (
            "@dataclass(frozen=True)\nclass pair:\n    size: object = Size(3)",
            "pair().size.n",
            "uses pair, which holds a Size made by the earlier Size of In [1]",
            "    in pair.size\n",
        ),
        (
            "@dataclass(frozen=True)\nclass pair:\n"
            "    size: object = field(default_factory=lambda cls=Size: cls(3))",
            "pair().size.n",
            "uses pair, which holds the earlier Size of In [1]",
            "    in pair.size.cls\n",
        ),
        (
            "class pair(Size): pass",
            "pair(3).n",
            "uses pair, which is built on the earlier Size of In [1]",
            "",
        ),
    ],
    ids=["default", "closure", "alias", "partial", "container", "field", "factory", "subclass"],
)
def test_refuses_a_rule_that_uses_what_keeps_an_earlier_class(
    typed: Bench, cell: str, body: str, what: str, where: str
) -> None:
    """Whatever keeps it, its cell is named."""
    typed.ok(cell, "pair")
    typed.ok(_poster(body), "poster")
    typed.ok("request(Poster, Job('a'))")

    typed.ok(CHANGED, "types")

    assert _refuse(typed, "request(Poster, Job('a'))", 6) == (
        f"DefinitionError: make_poster {what}\n"
        "  In [4], line 2:  async def make_poster(job: Job) -> Poster:\n"
        + where
        + WHY
        + "  → run the cell that makes pair (In [3]) again"
    )


def test_refuses_a_rule_that_a_factory_made_around_an_earlier_class(typed: Bench) -> None:
    """The closure of the rule's own function."""
    factory = (
        "def factory(cls):\n"
        "    def made(job: Job) -> Poster: return Poster(str(cls(1)))\n"
        "    return rule(made)\n"
        "made = factory(Size)"
    )
    typed.ok(factory, "made")
    assert typed.ok("request(Poster, Job('a')).text") == "Size(n=1)"

    typed.ok(CHANGED, "types")

    assert _refuse(typed, "request(Poster, Job('a'))", 5) == (
        "DefinitionError: made keeps the earlier Size of In [1]\n"
        "  In [3], line 2:  def made(job: Job) -> Poster: return Poster(str(cls(1)))\n"
        "    in made.cls\n" + WHY + "  → run the cell that makes made (In [3]) again"
    )
    typed.ok(factory, "made")
    assert typed.ok("request(Poster, Job('a')).text") == "Size(n=1, m=0)"


def test_looks_again_when_a_class_is_changed_back(typed: Bench) -> None:
    """Then its earlier values are good."""
    typed.ok("SIZE = Size(3)", "size")
    typed.ok(_poster("SIZE.n"), "poster")
    typed.ok(CHANGED, "types")
    typed.refuse("request(Poster, Job('a'))")

    typed.ok(TYPES, "types")

    assert typed.ok("request(Poster, Job('a')).text") == "3"
    typed.ok(CHANGED, "types")
    typed.refuse("request(Poster, Job('a'))")


def test_allows_a_rule_that_uses_a_class_which_only_mentions_the_earlier_one(typed: Bench) -> None:
    """In an annotation it is a name, and whoever fills the field takes the new class."""
    typed.ok("@dataclass(frozen=True)\nclass Frame:\n    size: Size", "frame")
    typed.ok(_poster("Frame(Size(3)).size.n"), "poster")
    assert typed.ok("request(Poster, Job('a')).text") == "3"

    typed.ok(CHANGED, "types")

    assert typed.ok("request(Poster, Job('a')).text") == "3"
    assert typed.notebook.classes.has_retired()


def test_allows_values_that_only_look_like_an_earlier_one(typed: Bench) -> None:
    """Loops, slots that were never filled, unbound closures, odd attributes."""
    typed.ok("held = Size(1)", "held")
    typed.ok(CHANGED, "types")
    typed.ok(
        "@dataclass(frozen=True, eq=False)\nclass Odd:\n    __slots__ = ('a', 'b')\n    a: list\n"
        "loop = []\nloop.append(loop)\nodd = Odd.__new__(Odd)\n"
        "object.__setattr__(odd, 'a', loop)\n"
        "@rule\ndef see(odd: Odd) -> Thumb: return Thumb('seen')",
        "odd",
    )

    assert typed.notebook.classes.has_retired()
    assert typed.ok("request(Thumb, odd).text") == "seen"
