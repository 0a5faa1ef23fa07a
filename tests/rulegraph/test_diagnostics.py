"""Every diagnostic's full text; which are told, in which order, and how often."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.rulegraph.toys import Toys
from wfnb.errors import WiringError
from wfnb.intrinsics.console import Console
from wfnb.places import NOWHERE, Place
from wfnb.rulegraph import codes
from wfnb.rulegraph.graph import RuleGraph
from wfnb.rules.declare import goal_rule, rule
from wfnb.rules.found import Requests, StaticRequest
from wfnb.rules.goals import Goal
from wfnb.rules.problems import BodyProblem
from wfnb.rules.requests import Get

GALLERY = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo)
    resize: Thumbnail <- Photo, Size
"""

# rules, queries, the text of what is told (notes aside)
TEXTS = {
    "no-maker": (
        "load: Uploads <- Folder",
        "Upload <- Folder",
        """
        WF201  no rule makes Upload
            did you mean Uploads?
            stops 1 request: Upload from Folder
          → write a rule that returns Upload
        WF220  no request reaches load
          In [1], line 1:  async def load(folder: Folder) -> Uploads:
            asked or declared: Upload from Folder
          → ask for Uploads, or delete load
        """,
    ),
    "ambiguous-param": (
        "a1: A <- P\na2: A <- P\nout: Out <- A",
        None,
        """
        WF202  two rules make A for out equally well
          In [3], line 1:  async def out(a: A) -> Out:
            a1 (In [1], line 1) uses P
            a2 (In [2], line 1) uses P
          → in the body, call the one you mean: await a1(…), or let one of them return a new type
        """,
    ),
    "ambiguous-get": (
        "a1: A <- P\na2: A <- P\na3: A <- P\nout: Out <-; Get(A, P)",
        "Out <-",
        """
        WF202  three rules make A from P for out equally well
          In [4], line 2:  await Get(A, P)
            a1 (In [1], line 1) uses P
            a2 (In [2], line 1) uses P
            a3 (In [3], line 1) uses P
            stops 1 request: Out from no params
          → call the one you mean: await a1(…), or let one of them return a new type
        """,
    ),
    "ambiguous-query": (
        "a1: A <- P\na2: A <- Q",
        "A <- P, Q",
        """
        WF202  two rules make A equally well
            a1 (In [1], line 1) uses P
            a2 (In [2], line 1) uses Q
            stops 1 request: A from P and Q
          → let one of them return a new type, or delete it
        """,
    ),
    "ambiguous-for-nobody-yet": (
        "one: M <- N\ntwo: M <- N\nother: M <- N, O",
        None,
        """
        WF202  two rules make M equally well
          In [2], line 1:  async def two(n: N) -> M:
            one (In [1], line 1) uses N
            two (In [2], line 1) uses N
          → let one of them return a new type, or delete it
        """,
    ),
    "ambiguous-beside-what-was-asked": (
        "one: M <- N\ntwo: M <- N\nout: Out <- N",
        "Out <- N",
        """
        WF202  two rules make M equally well
          In [2], line 1:  async def two(n: N) -> M:
            one (In [1], line 1) uses N
            two (In [2], line 1) uses N
          → let one of them return a new type, or delete it
        """,
    ),
    "no-supply-below-a-get": (
        GALLERY,
        "Gallery <- Folder",
        """
        WF203  nothing supplies Size for make_gallery
          In [1], line 2:  await Get(Thumbnail, Photo)
            resize (In [2], line 1) makes Thumbnail from Photo and Size
            no rule makes Size, and nobody above provides one
            stops 1 request: Gallery from Folder
          → write a rule that returns Size, or pass one in the Get
        """,
    ),
    "no-supply-below-a-call": (
        "make: Gallery <-; resize(Photo)\nresize: Thumbnail <- Photo, Size",
        "Gallery <-",
        """
        WF203  nothing supplies Size for make
          In [1], line 2:  await resize(Photo)
            resize (In [2], line 1) makes Thumbnail from Photo and Size
            no rule makes Size, and nobody above provides one
            stops 1 request: Gallery from no params
          → write a rule that returns Size, or pass one in the call
        """,
    ),
    "no-supply": (
        "resize: Thumbnail <- Photo, Size",
        "Thumbnail <- Photo",
        """
        WF203  nothing supplies Size for resize
          In [1], line 1:  async def resize(photo: Photo, size: Size) -> Thumbnail:
            no rule makes Size, and nobody above provides one
            stops 1 request: Thumbnail from Photo
          → write a rule that returns Size, or pass one in the request
        """,
    ),
    "no-rule-for-a-get": (
        "make_gallery: Gallery <- Folder; Get(Uploads, Folder)\nupload: Upload <- Folder",
        None,
        """
        WF203  no rule makes Uploads from Folder, asked by make_gallery
          In [1], line 2:  await Get(Uploads, Folder)
            no rule returns Uploads
            did you mean Upload?
          → write a rule that takes Folder and returns Uploads
        """,
    ),
    "not-used": (
        "ask: Out <-; Get(B, C)\nother: B <- D",
        None,
        """
        WF204  no rule makes B from C, asked by ask
          In [1], line 2:  await Get(B, C)
            other (In [2], line 1) makes B from D and does not use C
          → let other use C, or ask without: Get(B)
        """,
    ),
    "no-candidate": (
        """
        ask: Out <-; Get(B, C)
        b1: B <- C, E
        b2: B <- C, F
        f1: F <- C
        f2: F <- C
        b3: B <- D
        """,
        "Out <-",
        """
        WF202  two rules make F for b2 equally well
          In [3], line 1:  async def b2(c: C, f: F) -> B:
            f1 (In [4], line 1) uses C
            f2 (In [5], line 1) uses C
            stops 1 entry point: ask
          → in the body, call the one you mean: await f1(…), or let one of them return a new type
        WF205  no rule can make B from C, asked by ask
          In [1], line 2:  await Get(B, C)
            b1 (In [2], line 1) needs E, which nothing supplies
            b2 (In [3], line 1) needs F, which f1 and f2 make equally well
            stops 1 request: Out from no params
          → give one of them what it needs
        """,
    ),
    "several-for-ambiguity-alone": (
        """
        ask: Out <-; Get(B, C)
        b1: B <- C, E
        b2: B <- C, F
        e1: E <- C
        e2: E <- C
        f1: F <- C
        f2: F <- C
        """,
        "Out <-",
        """
        WF202  two rules make E for b1 equally well
          In [2], line 1:  async def b1(c: C, e: E) -> B:
            e1 (In [4], line 1) uses C
            e2 (In [5], line 1) uses C
            stops 1 entry point: ask
          → in the body, call the one you mean: await e1(…), or let one of them return a new type
        WF202  two rules make F for b2 equally well
          In [3], line 1:  async def b2(c: C, f: F) -> B:
            f1 (In [6], line 1) uses C
            f2 (In [7], line 1) uses C
            stops 1 entry point: ask
          → in the body, call the one you mean: await f1(…), or let one of them return a new type
        WF205  no rule can make B from C, asked by ask
          In [1], line 2:  await Get(B, C)
            b1 (In [2], line 1) needs E, which e1 and e2 make equally well
            b2 (In [3], line 1) needs F, which f1 and f2 make equally well
            stops 1 request: Out from no params
          → in the body, call the one you mean: await e1(…), or let one of them return a new type
        """,
    ),
    "loop": (
        "a: A <- P, B\nb: B <- P, C\nc: C <- A\nout: Out <-; Get(A, P)",
        None,
        """
        WF206  a, b and c can only start after each other
          In [1], line 1:  async def a(p: P, b: B) -> A:
            a (In [1], line 1) needs B, which b makes
            b (In [2], line 1) needs C, which c makes
            c (In [3], line 1) needs A, which a makes
            stops 1 entry point: out
          → pass one of A, B, C, or ask for one in a body, with await Get(…)
        """,
    ),
    "not-registered": (
        "ask: Out <-; resize(Photo)\nresized: B <- C",
        None,
        """
        WF207  ask calls resize, which is not registered
          In [1], line 2:  await resize(Photo)
            there is a rule resized
          → run the cell that defines resize again
        """,
    ),
    "unused-rule": (
        "a: A <- P\nb: B <- P",
        "A <- P",
        """
        WF220  no request reaches b
          In [2], line 1:  async def b(p: P) -> B:
            asked or declared: A from P
          → ask for B, or delete b
        """,
    ),
    "shadowed-rule": (
        "a0: A <-\na1: A <- P",
        "A <- P",
        """
        WF221  a1 is never used: a0 makes A instead
          In [2], line 1:  async def a1(p: P) -> A:
            a0 (In [1], line 1) uses no params, a1 uses P
            the one that uses fewer params is taken
          → delete a1, or call it by name: await a1(…)
        """,
    ),
    "shadowed-by-a-value": (
        "ask: Out <-; Get(Page, Item)\nitem: Item <-\npage: Page <- Item",
        "Out <-",
        """
        WF221  item is never used: a Get passes an Item instead
          In [2], line 1:  async def item() -> Item:
            a value that is passed is always taken before a rule
          → delete item, or do not pass an Item
        """,
    ),
    "param-wins": (
        "a: A <-\nout: Out <- A",
        "Out <- A",
        """
        WF222  the A that is passed is used, not the one a would make
          In [1], line 1:  async def a() -> A:
            passed in: Out from A
          → leave the A out to have it made
        """,
    ),
}


def dedented(text: str) -> str:
    lines = text.strip("\n").splitlines()[:-1]
    return "\n".join(line[8:] for line in lines)


def told(graph: RuleGraph, *, notes: bool = False) -> str:
    return "\n".join(str(d) for d in graph.diagnostics if notes or d.severity != "note")


@pytest.mark.parametrize(("rules", "query", "text"), TEXTS.values(), ids=TEXTS)
def test_says_what_is_wrong_where_why_and_what_to_do(
    rules: str, query: str | None, text: str
) -> None:
    """The whole text of each diagnostic, in the author's words."""
    graph = Toys(rules).graph(*([query] if query else []))

    assert told(graph) == dedented(text)


def test_names_the_member_of_a_union_without_a_rule() -> None:
    """Union, member and product; what the other rules use instead."""
    toys = Toys("ask: Out <-; Get(Speed, Vehicle)\ncar: Speed <- Car\nrun: Speed <- Legs")

    assert told(toys.union("Vehicle", "Car, Bike").graph()) == dedented("""
        WF208  no rule makes Speed from Bike, a member of the union Vehicle
          In [1], line 2:  await Get(Speed, Vehicle)
            ask asks for Speed from any Vehicle: Bike or Car
            car (In [2], line 1) makes Speed from Car, not from Bike
            run (In [3], line 1) makes Speed from Legs, not from Bike
          → write a rule that takes Bike and returns Speed, or withdraw UnionRule(Vehicle, Bike)
        """)


def test_warns_of_a_rule_that_takes_a_union() -> None:
    """A value in a request through a union goes by its own type."""
    toys = Toys("brake: Stop <- Vehicle").union("Vehicle", "Car, Bike")

    assert told(toys.graph()) == dedented("""
        WF224  brake takes Vehicle, which is a union
          In [1], line 1:  async def brake(vehicle: Vehicle) -> Stop:
            a value in a request through Vehicle goes by its own type: Bike or Car
          → write a rule for each member, that takes the member
        """)


def test_tells_two_classes_of_one_name_apart() -> None:
    """A class that was defined again: the message says so, and which cell to run."""
    old, new = Toys("load: Photo <- Path"), Toys("show: Page <- Photo")
    new.rules[0:0] = old.rules
    twin, path = new["Photo"], old["Path"]
    assert twin is not old["Photo"]

    made = RuleGraph(new.rules, asked=[(new["Page"], frozenset([path]))])
    passed = RuleGraph([new.rule("show")], asked=[(new["Page"], frozenset([old["Photo"]]))])

    assert (
        told(made).splitlines()[:6]
        == dedented("""
        WF210  there are two classes Photo, and show means the one that nobody makes
          In [1], line 1:  async def show(photo: Photo) -> Page:
            load (In [1], line 1) makes the other Photo
            Photo was defined twice; what was defined in between means the first
            stops 1 request: Page from Path
          → run the cell of load again, after that of Photo
        """).splitlines()
    )
    assert told(passed) == dedented("""
        WF210  there are two classes Photo, and show means the one that nobody makes
          In [1], line 1:  async def show(photo: Photo) -> Page:
            the Photo that is passed is of the other
            Photo was defined twice; what was defined in between means the first
            stops 1 request: Page from Photo
          → run the cell of show again, after that of Photo
        """)


def test_tells_two_classes_of_one_name_apart_in_a_request() -> None:
    """What the Get supplies has the name that the rule wants, and is of another class."""
    old, new = Toys("resize: Thumb <- Photo"), Toys("ask: Out <-; Get(Thumb, Photo)")
    new._types["Thumb"] = old["Thumb"]
    request = StaticRequest(
        old["Thumb"],
        (new["Photo"],),
        None,
        Place("In [2]", 2, "await Get(Thumb, Photo)", True),
        "get",
        "Get(Thumb, Photo)",
    )
    object.__setattr__(new.rule("ask"), "found", Requests((request,)))

    assert told(RuleGraph([*old.rules, *new.rules])) == dedented("""
        WF210  there are two classes Photo: ask supplies one, resize uses the other
          In [2], line 2:  await Get(Thumb, Photo)
            resize (In [1], line 1) makes Thumb from Photo
          → run the cells of resize and ask again, after that of Photo
        """)


def test_warns_of_a_param_without_value_equality() -> None:
    """Each object of such a class is another param, so equal ones run again."""

    class Frame:
        pass

    @rule
    def plot(frame: Frame) -> int:
        return 0

    text = told(RuleGraph([plot]))

    lines = text.splitlines()
    assert lines[0] == "WF223  Frame has no value equality: each object of it is another param"
    assert lines[2].startswith("    used by plot (test_diagnostics.py:")
    assert lines[3:] == [
        "    an equal Frame, made again, makes these rules run again",
        "  → make Frame a frozen dataclass",
    ]


def test_notes_types_that_have_to_be_passed() -> None:
    """An open input is a note, with who needs it, and no fault."""
    graph = Toys(GALLERY + "list: Names <- Folder").graph()

    assert told(graph, notes=True) == dedented("""
        WF230  Size is an open input: no rule makes it
          In [2], line 1:  async def resize(photo: Photo, size: Size) -> Thumbnail:
            needed by resize
          → pass one when you ask, or write a rule that returns Size
        WF230  Folder is an open input: no rule makes it
          In [3], line 1:  async def list(folder: Folder) -> Names:
            needed by list and make_gallery (In [1], line 1)
          → pass one when you ask, or write a rule that returns Folder
        """)
    assert [cls.__name__ for cls in graph.open_inputs] == ["Folder", "Size"]


def test_notes_a_union_without_members_and_requests_met_late() -> None:
    """Neither is a fault: the one waits for members, the other was wired when it was met."""
    toys = Toys("ask: Out <-; Get(Speed, Vehicle)\nrun: Speed <- Legs").union("Vehicle", "")
    place = Place("In [1]", 5, "await Get(make(), legs)", is_cell=True)
    late = StaticRequest(toys["Speed"], (toys["Legs"],), None, place, "get", "Get(Speed, Legs)")

    assert told(toys.graph(learned={toys.rule("ask").key: (late,)}), notes=True) == dedented("""
        WF231  ask asks by the union Vehicle, which has no members yet
          In [1], line 1:  async def ask() -> Out:
          → declare one: UnionRule(Vehicle, Member)
        WF232  ask asked for Speed from Legs, which could not be seen before it ran
          In [1], line 5:  await Get(make(), legs)
          → nothing; Get(Out, In, value) in its body would be seen earlier
        """)


def test_passes_on_what_is_wrong_with_a_body() -> None:
    """Problems of one body keep their own code and text."""
    toys = Toys("a: A <-")
    place = Place("In [1]", 2, "Get()", is_cell=True)
    problem = BodyProblem("WF102", "error", place, "Get() asks for nothing", "name a product")
    object.__setattr__(toys.rule("a"), "found", Requests((), (problem,)))

    assert told(toys.graph()) == str(problem)


# -------------------------------------------------------------------- how often, in which order


def test_tells_one_cause_once_for_all_requests_that_meet_it() -> None:
    """Three queries and the rules themselves run into the same tie: one error."""
    toys = Toys("a1: A <- P\na2: A <- P\nx: X <- A\ny: Y <- X\nz: Z <- X")

    found = toys.problem("Y <- P", "Z <- P", "X <- P")

    assert found.reasons[-1] == "stops 3 requests: Y from P, Z from P and X from P"


def test_warns_of_rules_that_nobody_has_had_to_choose_between() -> None:
    """As soon as a request meets them, that is an error, and told alone."""
    rules = "one: M <- N\ntwo: M <- N\n"

    (warning,) = [d for d in Toys(rules).graph().diagnostics if d.code == "WF202"]
    asked = [d for d in Toys(rules + "x: X <- M").graph().diagnostics if d.code == "WF202"]

    assert (warning.severity, [d.severity for d in asked]) == ("warning", ["error"])


@pytest.mark.parametrize(
    "rules",
    [
        "one: M <- N\ntwo: M <- O",
        "one: M <- N\ntwo: M <- N, O",
        "one: M <- N\ntwo: M <- N\nnone: M <-",
        "one: M <- N\ntwo: M <- N\nx: X <-; one(N); two(N)",
        "direct: M <- N\nvia: M <- O\nsplit: O <- N",
        "one: M <- N\ntwo: M <- N; Get(A, O)\na: A <- O, P",
    ],
    ids=["other params", "more params", "a better one", "by name", "by a product", "by a Get"],
)
def test_accuses_no_rules_that_a_request_can_choose_between(rules: str) -> None:
    """Nor rules that are called by name, which is what an ambiguity is mended with."""
    assert "WF202" not in [d.code for d in Toys(rules).graph().diagnostics]


def test_tells_all_causes_of_one_request() -> None:
    """Two missing inputs are two errors."""
    assert Toys("a: A <- P, Q").told("A <-") == ["WF203", "WF203"]


def test_tells_errors_first_and_then_by_place() -> None:
    """Cell 10 comes after cell 2; warnings come after errors, notes last."""
    rules = "\n".join(f"r{n}: R{n} <-; Get(A, N{n})" for n in range(1, 11))
    graph = Toys(rules + "\na0: B <-\na1: B <- P").graph()

    assert [(d.severity, d.origin.label) for d in graph.diagnostics] == [
        *[("error", f"In [{n}]") for n in range(1, 11)],
        ("warning", "In [12]"),
        ("note", "In [12]"),
    ]


def test_keeps_to_twelve_lines() -> None:
    """However many rules tie, a text stays readable."""
    rules = "\n".join(f"a{n}: A <- P" for n in range(30))

    assert len(str(Toys(rules).problem("A <- P")).splitlines()) == 12


def test_serves_what_is_sound_beside_what_is_not() -> None:
    """An error in one rule leaves the others usable."""
    toys = Toys("bad: Bad <-; Get(Lost, P)\ngood: Good <- P")

    assert toys.told() == ["WF203"]
    assert toys.solve("Good <- P")


def test_lists_every_code_with_its_meaning() -> None:
    """The table is whole: each code has a severity and one line."""
    named = {
        value for value in vars(codes).values() if isinstance(value, str) and value[:2] == "WF"
    }
    assert named == set(codes.CODES)
    assert all(meaning for meaning in codes.CODES.values())
    assert codes.severity_of(codes.OPEN_INPUT) == "note"
    assert codes.diagnostic(codes.UNUSED, "text").origin is NOWHERE


# -------------------------------------------------------------------- errors of requests


def test_raises_the_deepest_cause_with_the_way_to_it() -> None:
    """The code is that of the cause; the path leads from what was asked to the rule that fails."""
    toys = Toys("a: A <- B\nb: B <- C\nc: C <- D, E")

    with pytest.raises(WiringError) as caught:
        toys.solve("A <- P")

    assert caught.value.code == "WF203"
    assert str(caught.value) == dedented("""
        WF203  nothing supplies D for c
          In [3], line 1:  async def c(d: D, e: E) -> C:
            no rule makes D, and nobody above provides one
            the P that is passed fits no rule
            asked: A from P → a → b → c
            also: nothing supplies E for c
          → request(A, D(…), E(…))
        """)


def test_shortens_a_long_way() -> None:
    """A thousand rules deep, the path is still one line."""
    toys = Toys("\n".join(f"r{n}: T{n} <- T{n + 1}" for n in range(1000)))

    with pytest.raises(WiringError) as caught:
        toys.solve("T0 <-")

    assert caught.value.why[-1] == "asked: T0 from no params → r0 → r1 → r2 → r3 → … → r999"


@dataclass(frozen=True)
class Photo:
    name: str = ""


@dataclass(frozen=True)
class Size:
    pixels: int = 64


@dataclass(frozen=True)
class Thumb:
    pass


@dataclass(frozen=True)
class Page:
    pass


@rule
async def shrink(photo: Photo, size: Size) -> Thumb:
    return Thumb()


@rule
async def layout(photo: Photo) -> Page:
    await Get(Thumb, Photo, photo)
    return Page()


def test_reads_real_rules() -> None:
    """The same words for rules that were declared in a module."""
    text = told(RuleGraph([shrink, layout], asked=[(Page, frozenset([Photo]))]))

    lines = text.splitlines()
    assert lines[0] == "WF203  nothing supplies Size for layout"
    assert lines[1].endswith("await Get(Thumb, Photo, photo)")
    assert lines[-1] == "  → write a rule that returns Size, or pass one in the Get"


@dataclass(frozen=True)
class Name:
    text: str


@dataclass(frozen=True)
class Nickname(Name):
    pass


@dataclass(frozen=True)
class Card:
    text: str


@dataclass(frozen=True)
class Show(Goal):
    pass


@rule
def make_card(name: Name, size: Size) -> Card:
    return Card(name.text)


@goal_rule
async def show(name: Name) -> Show:
    return Show(0)


@pytest.mark.parametrize(
    ("product", "passed", "line", "fix"),
    [
        (
            Card,
            (str, Size),
            "the str that is passed fits no rule",
            "request(Card, Name(…), Size(…))",
        ),
        (
            Card,
            (Nickname, Size),
            "the Nickname that is passed fits no rule; "
            "exact type, a subclass of Name does not count",
            "request(Card, Name(…), Size(…))",
        ),
        (Card, (int, str), "the int and str that are passed fits no rule", None),
        (Show, (str, Console), "the str that is passed fits no rule", "run(Show, Name(…))"),
        (Card, (Size,), None, "write a rule that returns Name, or pass one in the request"),
    ],
)
def test_says_that_what_is_passed_fits_no_rule(
    product: type, passed: tuple[type, ...], line: str | None, fix: str | None
) -> None:
    """A text in place of a Name is the likeliest reason for a Name that is missing."""
    with pytest.raises(WiringError) as caught:
        RuleGraph([make_card, show]).solve(product, frozenset(passed))

    maker = "show" if product is Show else "make_card"
    assert caught.value.what == f"nothing supplies Name for {maker}"
    assert caught.value.why[0] == "no rule makes Name, and nobody above provides one"
    assert line is None or line in caught.value.why
    assert fix is None or caught.value.fix == fix


def test_tells_a_loop_with_rules_that_stand_on_it() -> None:
    """They are stopped by the loop, and only that is told."""
    toys = Toys("a: A <- B\nb: B <- A\nc: C <- A\nd: D <- C")

    assert toys.told() == ["WF206"]
