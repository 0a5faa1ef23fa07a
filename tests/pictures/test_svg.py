"""The SVG: well-formed, self-contained, readable, whatever names there are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given

from tests.pictures.views import KINDS, few, hostile, views
from tests.rulegraph.toys import Toys
from wfnb.pictures.bundle import bundle, bundle_of
from wfnb.pictures.mermaid import to_mermaid
from wfnb.pictures.shapes import DAY, NIGHT, Paint, outline
from wfnb.pictures.survey import survey
from wfnb.pictures.svg import to_svg
from wfnb.pictures.view import Edge, Node, Problem, View

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "style", "rect", "g", "path", "text"}
ATTRIBUTES = {"width", "height", "viewBox", "role",
    "font-family", "font-size", "class", "x", "y", "rx", "fill", "stroke", "stroke-width",
    "stroke-dasharray", "stroke-linejoin", "transform", "d",
    "text-anchor", "font-weight", "opacity"}  # fmt: skip
EXAMPLE = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo); Get(Lost, Photo)
    resize: Thumbnail <- Photo, Size
    size: Size <-
    old_size: Size <- Year
"""


def parsed(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg.encode())
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
    return root


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@pytest.mark.slow
@few
@given(views())
def test_is_well_formed_and_holds_nothing_but_shapes_and_texts(view: View) -> None:
    """No script, link, image, id or handler, whatever is in a name."""
    svg = to_svg(view)

    root = parsed(svg)
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "url(" not in svg
    assert root.get("viewBox") == (
        f"0 0 {(root.get('width') or '').removesuffix('px')} "
        f"{(root.get('height') or '').removesuffix('px')}"
    )


def test_shows_hostile_names_as_text() -> None:
    """They come out of the picture as they went in, where they can be seen at all."""
    root = parsed(to_svg(hostile()))

    assert '<img src=x onerror="alert(1)">' in texts(root)
    assert any(text.startswith("]]></desc><script>alert(1)") for text in texts(root))
    assert not any("\u202e" in text or "\n" in text for text in texts(root))
    assert max(map(len, texts(root))) <= 160


def test_says_in_words_what_its_colours_say() -> None:
    """Kinds by shape and word, problems by code, lines by a legend."""
    view = survey(Toys(EXAMPLE).graph("Gallery <- Folder, Size", "Thumbnail <- Photo"))
    shown = texts(parsed(to_svg(view)))

    assert shown[0] == view.title
    for word in ("open input", "passed by make_gallery", "nobody makes it from Photo",
                 "→ Thumbnail", "In [2]", "asked from Folder and Size", "✖ WF203"):  # fmt: skip
        assert word in shown
    assert [text for text in shown if "WF203  no rule makes Lost" in text]
    assert shown[-3 if len(view.all_problems) > 1 else -2].startswith("solid: needed before")


def test_gives_no_two_kinds_the_same_shape() -> None:
    """Or, of the round ones, the same outline: a passed param is dashed, a missing one is told."""
    shapes = {kind: outline(kind, 0, 0, 100, 40) for kind in KINDS}
    round_ones = {"input", "param", "missing"}

    for one, other in combinations(KINDS, 2):
        assert (shapes[one] == shapes[other]) == ({one, other} <= round_ones)


def test_tells_its_title_and_its_tree_to_screen_readers() -> None:
    """As title and description of the picture."""
    view = survey(Toys("a: A <- P").graph())
    root = parsed(to_svg(view))

    assert [root[0].text, root[1].text] == [
        "Rule graph, 1 rule · open input: P",
        "rule graph · 1 rule · open input: P\nA: final product\n└─ A: a (In [1], line 1)\n"
        "   └─ P: open input",
    ]
    assert root.get("role") == "img"


def test_tells_the_first_problems_in_full() -> None:
    """And how to see the rest."""
    problems = tuple(Problem(f"WF20{n}", "error", "m" * 300, "In [1]") for n in range(6))
    shown = texts(parsed(to_svg(View("t", (), (), problems))))

    assert [text[:8] for text in shown[1:]] == [
        "✖ WF200 ", "✖ WF201 ", "✖ WF202 ", "✖ WF203 ", "… and 2 ",
    ]  # fmt: skip
    assert shown[-1] == "… and 2 more: %wf check"


def test_can_be_read_by_day_and_by_night() -> None:
    """Texts have a contrast of 4.5 to 1 on their boxes, outlines 2.5 to 1 on the paper."""
    for paints, paper in ((DAY, "#fafbfc"), (NIGHT, "#1b2029")):
        assert set(paints) == set(KINDS)
        for paint in paints.values():
            assert isinstance(paint, Paint)
            assert contrast(paint.text, paint.fill) >= 4.5
            assert contrast(paint.line, paper) >= 2.5


def contrast(one: str, other: str) -> float:
    """As the Web Content Accessibility Guidelines define it."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_draws_a_rule_that_asks_itself() -> None:
    """A loop at its side, inside the picture."""
    view = View("t", (Node("a", "rule", "a"),), (Edge("a", "a", "get", ("A from B",)),))
    root = parsed(to_svg(view))

    [line] = [g for g in root.iter(f"{SVG}g") if g.get("class") == "wfnb-edge"]
    assert re.match(r"M[\d.]+ [\d.]+C", line[1].get("d") or "")


# ------------------------------------------------------------ all forms


def test_bundles_text_svg_and_mermaid_and_never_a_widget() -> None:
    """These three forms; Mermaid is left out where it would give up."""
    small = bundle_of(Toys(EXAMPLE).graph())
    large = bundle(View("t", tuple(Node(str(n), "rule", f"r{n}") for n in range(200))))

    assert sorted(small) == ["image/svg+xml", "text/plain", "text/vnd.mermaid"]
    assert sorted(large) == ["image/svg+xml", "text/plain"]


def test_draws_the_same_in_whatever_order_cells_ran() -> None:
    """Only where they stand counts."""
    forwards, backwards = Toys(EXAMPLE), Toys(EXAMPLE)
    backwards.rules.reverse()

    assert bundle_of(forwards.graph()) == bundle_of(backwards.graph())


@pytest.mark.slow
def test_draws_the_same_under_every_hash_seed() -> None:
    """Byte by byte."""
    code = (
        "from tests.pictures.test_svg import EXAMPLE, Toys, bundle_of\n"
        "graph = Toys(EXAMPLE).graph('Gallery <- Folder, Size', 'Thumbnail <- Photo')\n"
        "print(ascii(bundle_of(graph)))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert found[0] == found[1]
    assert len(found[0]) > 5000


# ------------------------------------------------------------ mermaid

LABEL = r'"(?:[\w _.,→·…]|#\d+;|<br/>)*"'
SHAPE = rf"(?:\(\[{LABEL}\]\)|\({LABEL}\)|\[/{LABEL}(?:\\|/)\]|\[\[{LABEL}\]\]|\[\({LABEL}\)\]|\[{LABEL}\]|\{{\{{{LABEL}\}}\}})"  # noqa: E501
LINES = (
    r"flowchart (TB|LR)",
    r"    accTitle: (?:[\w _.,→·…]|#\d+;)*",
    rf"    n\d+{SHAPE}:::({'|'.join(KINDS)})",
    rf"    n\d+ (--|-\.-)[>x](\|{LABEL}\|)? n\d+",
    r"    classDef \w+ [a-z-]+:[#\w ]+(,[a-z-]+:[#\w ]+)*",
    r"    class n\d+(,n\d+)* (broken|focus)",
)


@pytest.mark.slow
@few
@given(views())
def test_writes_mermaid_that_can_be_read_whatever_the_names(view: View) -> None:
    """Each line is one of six forms; nodes and edges are all there, in order."""
    lines = to_mermaid(view).removesuffix("\n").split("\n")

    for line in lines:
        assert any(re.fullmatch(form, line) for form in LINES), line
    assert sum(":::" in line for line in lines) == len(view.nodes)
    assert sum(bool(re.match(LINES[3], line)) for line in lines) == len(view.edges)


def test_writes_this_mermaid() -> None:
    """In full, for two rules and a problem."""
    view = survey(Toys("a: A <- P; Get(Lost, P)\nb: B <- A").graph())

    assert to_mermaid(view) == (
        "flowchart TB\n"
        "    accTitle: Rule graph, 2 rules · 1 error\n"
        '    n0(["P<br/>passed by a"]):::param\n'
        '    n1(["Lost<br/>nobody makes it from P"]):::missing\n'
        '    n2("a<br/>→ A · In #91;1#93;<br/>#10006; WF203"):::rule\n'
        '    n3("b<br/>→ B · In #91;2#93;"):::rule\n'
        '    n4["B<br/>final product"]:::product\n'
        "    n0 --> n2\n"
        "    n1 -.-> n2\n"
        "    n2 --x n3\n"
        "    n3 --> n4\n"
        "    classDef param fill:#eef6f0,stroke:#6d9a7b,color:#2f5a3f,stroke-dasharray:4 3\n"
        "    classDef missing fill:#fdeaea,stroke:#c93636,color:#8c1d1d,stroke-dasharray:4 3\n"
        "    classDef rule fill:#ffffff,stroke:#8a93a3,color:#1f2733\n"
        "    classDef product fill:#dbe9fd,stroke:#2f6fd0,color:#173f80\n"
        "    classDef broken stroke:#c0392b,stroke-width:3px\n"
        "    class n2 broken\n"
    )
