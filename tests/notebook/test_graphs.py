"""`%wf graph`, and a rule graph as the value of a cell."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient

from tests.notebook.cellbench import Bench
from tests.notebook.kernel import ROOT
from wfnb import Engine

RULES = """
class Photo(str): pass
class Size(int): pass
class Thumbnail: pass
class Gallery: pass
class Stranger: pass

@rule
def resize(photo: Photo, size: Size) -> Thumbnail: ...

@rule
def hang(thumbnail: Thumbnail) -> Gallery: ...

def helper(): ...
"""
FORMS = ["application/vnd.wfnb.view+json", "image/svg+xml", "text/plain", "text/vnd.mermaid"]


@pytest.fixture
def gallery(shell: InteractiveShell) -> Iterator[Bench]:
    """A notebook with two rules."""
    bench = Bench(shell, Engine())
    bench.ok(RULES, "rules")
    yield bench
    bench.notebook.uninstall()


def drawn(bench: Bench, code: str) -> dict[str, str]:
    """All forms of the one picture that a cell displays."""
    with capture_output() as captured:
        bench.ok(code)
    [output] = captured.outputs
    assert sorted(output.data) == FORMS
    return dict(output.data)


def test_shows_the_rules_as_a_picture(gallery: Bench) -> None:
    """One output with three forms; the text says it all."""
    found = drawn(gallery, "%wf graph")

    assert found["text/plain"] == (
        "rule graph · 2 rules · open inputs: Photo, Size\n"
        "Gallery: final product\n"
        "└─ Gallery: hang (In [1], line 11)\n"
        "   └─ Thumbnail: resize (In [1], line 8)\n"
        "      ├─ Photo: open input\n"
        "      └─ Size: open input"
    )
    assert found["image/svg+xml"].startswith("<svg ")
    assert found["text/vnd.mermaid"].startswith("flowchart TB\n")


def test_draws_the_same_with_static(gallery: Bench) -> None:
    """The word is there for notebooks that will want to say it."""
    assert drawn(gallery, "%wf graph --static") == drawn(gallery, "%wf graph")


@pytest.mark.parametrize("about", ["Thumbnail", "resize", "Thumbnail --static"])
def test_shows_the_part_of_a_type_or_a_rule(gallery: Bench, about: str) -> None:
    """What it stands on and what stands on it."""
    gallery.ok("class Other: pass\n@rule\ndef other(size: Size) -> Other: ...")
    name = about.partition(" ")[0]

    assert drawn(gallery, f"%wf graph {about}")["text/plain"] == (
        f"rule graph · {name}: 2 of 3 rules\n"
        "Gallery: final product\n"
        "└─ Gallery: hang (In [1], line 11)\n"
        "   └─ Thumbnail: resize (In [1], line 8)\n"
        "      ├─ Photo: open input\n"
        "      └─ Size: open input"
    )


def test_shows_a_box_per_cell(gallery: Bench) -> None:
    """On demand."""
    assert drawn(gallery, "%wf graph --cells")["text/plain"] == (
        "rule graph · 2 rules · open inputs: Photo, Size\n"
        "In [1]: 2 rules · 2 open inputs: resize, hang"
    )


def test_draws_what_the_running_cell_has_just_defined(gallery: Bench) -> None:
    """As every verb."""
    found = drawn(gallery, "@rule\ndef other(size: Size) -> Stranger: ...\n%wf graph Stranger")

    assert "Stranger: other (In [2], line 2)" in found["text/plain"]


def test_shows_a_live_view_under_the_picture_where_there_can_be_one(gallery: Bench) -> None:
    """The picture is what lasts; with --static it is all."""
    from wfnb.notebook import graphs
    from wfnb.notebook.verbs import Desk
    from wfnb.widgets.graph import GraphView

    desk = Desk(gallery.engine, gallery.shell.user_ns, str, has_views=True)

    picture, view = graphs.draw(desk, "resize")
    assert picture == drawn(gallery, "%wf graph resize")
    assert isinstance(view, GraphView)
    found = json.loads(view.data)
    assert [found["nodes"][number]["name"] for number in found["focus"]] == ["resize"]
    assert list(view.bundle()) == ["application/vnd.jupyter.widget-view+json"]
    view.feed.end()
    assert graphs.draw(desk, "resize --static") == (picture,)


@pytest.mark.kernel
@pytest.mark.slow
def test_compares_equal_when_a_notebook_runs_again(tmp_path: Path) -> None:
    """Under nbval, with live views; and the notebook holds the picture."""
    setup = "%load_ext wfnb\nfrom wfnb import rule"
    cells = [nbformat.v4.new_code_cell(code) for code in (setup, RULES, "%wf graph Gallery")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    path = tmp_path / "graph.ipynb"
    nbformat.write(notebook, path)

    picture, view = cells[2].outputs
    assert sorted(picture.data) == FORMS
    assert list(view.data) == ["application/vnd.jupyter.widget-view+json"]
    nbval = ["--nbval", "--nbval-current-env", "-p", "no:cacheprovider", str(path)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *nbval], capture_output=True, text=True, cwd=ROOT
    )
    assert run.returncode == 0, run.stdout


def test_shows_an_engine_that_is_the_value_of_a_cell(gallery: Bench) -> None:
    """The same picture, and what it is of."""
    show = gallery.shell.display_formatter
    assert show is not None

    data, _ = show.format(gallery.engine)

    text = data.pop("text/plain")
    forms = drawn(gallery, "%wf graph")
    assert text == f"engine with 2 rules\n{forms.pop('text/plain')}"
    assert data == forms


def test_shows_a_rule_graph_that_is_the_value_of_a_cell(gallery: Bench) -> None:
    """The same picture; without the extension, an object like any other."""
    show = gallery.shell.display_formatter
    assert show is not None
    graph = gallery.engine.rule_graph

    data, _ = show.format(graph)
    assert data == drawn(gallery, "%wf graph")

    gallery.notebook.uninstall()
    data, _ = show.format(graph)
    assert list(data) == ["text/plain"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "Galery",
            "MagicError: %wf graph: there is no Galery\n  → did you mean Gallery?",
        ),
        (
            "Zzzzz",
            "MagicError: %wf graph: there is no Zzzzz\n  → run the cell that defines it",
        ),
        (
            "Stranger",
            "MagicError: %wf graph: no rule makes or takes Stranger\n"
            "  → %wf graph shows all there is",
        ),
        (
            "Thumbnails",
            "MagicError: %wf graph: no rule makes or takes Thumbnails\n"
            "  → did you mean %wf graph Thumbnail?",
        ),
        (
            "helper",
            "MagicError: %wf graph needs a type or a rule, not helper\n"
            "  → %wf graph [TYPE or RULE]",
        ),
        (
            "Gallery Photo",
            "MagicError: %wf graph takes one type or rule, not 2\n  → %wf graph [TYPE or RULE]",
        ),
        (
            "lost",
            "MagicError: %wf graph: rule lost is not registered\n  → %wf graph shows all there is",
        ),
        (
            "Gallery --cell",
            "MagicError: %wf graph has no option '--cell'\n"
            "    options: --cells, --static\n"
            "  → did you mean --cells?",
        ),
    ],
)
def test_refuses_what_it_cannot_draw(gallery: Bench, line: str, text: str) -> None:
    """With what to write instead."""
    gallery.ok("class Thumbnails: pass\n@rule\ndef lost() -> Stranger: ...", "more")
    gallery.ok("kept = lost")
    gallery.ok("class Thumbnails: pass\nlost = kept", "more")

    assert gallery.refuse(f"%wf graph {line}") == text


def test_explains_itself(gallery: Bench) -> None:
    """Shapes and options, in words."""
    from wfnb.notebook import verbs

    assert verbs.help_text("graph").startswith(
        "%wf graph [TYPE or RULE]\n\n"
        "the rules as a picture: who makes what from what, and what is wrong where\n\n"
        "Nothing is run."
    )
    assert "%wf graph [TYPE or RULE]    the rules as a picture" in verbs.help_text()
