"""`%wf story`: what it shows, saves and opens, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from IPython.utils.capture import capture_output

from tests.notebook.cellbench import Bench
from wfnb import Engine, open_story
from wfnb.notebook import stepping
from wfnb.notebook.verbs import Desk
from wfnb.watching.saving import Saved

RULES = """@rule
async def double(n: int) -> float: return n * 2.0
@rule
async def text(n: int) -> str: return str(await Get(float))"""
TOLD = "ran       double(3): asked for the first time\nran       text(3): asked for the first time"


@pytest.fixture
def asked(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench with a real engine that has answered one request."""
    monkeypatch.chdir(tmp_path)
    bench.notebook.uninstall()
    real = Bench(bench.shell, Engine())
    real.ok(RULES)
    real.ok("current_engine = lambda: None")
    real.engine.request(str, 3)
    return real


def test_tells_the_last_request_as_text(asked: Bench) -> None:
    """As before there was anything to step through; with --text nothing else is looked for."""
    assert asked.show("%wf story") == TOLD
    assert asked.show("%wf story --text") == TOLD


def test_saves_and_opens_a_story(asked: Bench, tmp_path: Path) -> None:
    """Another engine, which has no rules at all, shows it."""
    assert asked.show("%wf story --save 'my story.json'") == "saved as my story.json"

    assert open_story(tmp_path / "my story.json") == asked.engine.last_recording
    other = Desk(Engine(), {}, str)
    opened = stepping.tell(other, "'my story.json'")
    assert isinstance(opened, Saved)
    assert opened.forms == {"text/plain": f"str from 3: answered\n{TOLD}"}


def test_saves_in_several_forms_at_once(asked: Bench, tmp_path: Path) -> None:
    """Also of a story that was saved before."""
    asked.ok("%wf story --save a.json")
    asked.engine.request(str, 4)

    told = asked.show("%wf story a.json --html a.html --trace a.trace.json")

    assert told == "saved as a.html\nsaved as a.trace.json"
    assert "double(3)" in (tmp_path / "a.html").read_text()
    names = [e["name"] for e in json.loads((tmp_path / "a.trace.json").read_text())["traceEvents"]]
    assert "double(3)" in names


def test_shows_a_view_below_the_same_text(asked: Bench) -> None:
    """Where there can be one; it holds the story, and no text of its own."""
    desk = Desk(asked.engine, {}, str, has_views=True)
    answer = stepping.tell(desk, "")
    assert isinstance(answer, tuple)
    saved, view = answer
    assert isinstance(saved, Saved)
    assert saved.forms == {"text/plain": TOLD}
    assert list(view.bundle()) == ["application/vnd.jupyter.widget-view+json"]
    assert json.loads(view.data)["recording"]["product"] == "str"
    assert saved.metadata["wfnb"]["data"] == json.loads(view.data)

    assert stepping.tell(desk, "--text") == TOLD
    asked.engine.settings.recorded_steps = 0
    asked.engine.request(str, 5)
    unrecorded = stepping.tell(desk, "")
    assert isinstance(unrecorded, Saved)
    assert unrecorded.bundle().keys() == saved.bundle().keys()  # so that notebooks compare equal
    assert unrecorded.forms == {"text/plain": TOLD.replace("3", "5")}
    assert unrecorded.metadata == {}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "--svae x",
            "%wf story has no option '--svae'\n"
            "    options: --text, --save, --html, --trace\n"
            "  → did you mean --save?",
        ),
        ("--save", "%wf story --save needs a file\n  → %wf story --save FILE"),
        ("--html --text", "%wf story --html needs a file\n  → %wf story --html FILE"),
        (
            "my story.json",
            "%wf story takes one file, not 2\n"
            "    put a name with spaces in quotation marks\n"
            '  → %wf story "my story.json"',
        ),
        (
            "'my story",
            "%wf story cannot read 'my story\n    a quotation mark is open\n  → %wf story [FILE]",
        ),
        (
            "none.json",
            "there is no story none.json\n"
            "    looked in FOLDER\n"
            "  → %wf story --save FILE writes one",
        ),
        (
            "--save none/a.json",
            "the story cannot be saved as none/a.json\n"
            "    there is no folder none\n"
            "  → make the folder, or name another",
        ),
    ],
)
def test_refuses_words_that_mean_nothing(
    asked: Bench, tmp_path: Path, line: str, text: str
) -> None:
    """With what to write."""
    told = asked.refuse(f"%wf story {line}").replace(str(tmp_path), "FOLDER")

    assert told.partition(": ")[2] == text


def test_says_why_there_is_nothing_to_save(asked: Bench) -> None:
    """No request, no recordings wanted, or too many at once."""
    head = "MagicError: %wf story: the last request was not recorded\n"
    asked.engine.settings.recorded_steps = 0
    asked.engine.request(str, 5)
    assert asked.refuse("%wf story --save a.json") == (
        f"{head}    the setting recorded_steps is 0\n"
        "  → write current_engine().settings.recorded_steps = 2_000 and ask again"
    )
    asked.engine.settings.recorded_steps = 2_000
    asked.engine._keeper._left = -1e9
    asked.engine.request(str, 6)
    assert asked.refuse("%wf story --save a.json") == (
        f"{head}    many came one right after the other\n  → ask again for what you want to see"
    )
    asked.notebook.uninstall()
    with capture_output():
        fresh = Bench(asked.shell, Engine())
    assert fresh.refuse("%wf story --save a.json") == (
        f"{head}    there was no request yet\n  → ask for something first"
    )


def test_makes_no_recording_that_nobody_sees(asked: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without views and with nothing to save, the text is all."""

    def none(_: object) -> None:
        raise AssertionError("nobody sees it")

    monkeypatch.setattr(Engine, "last_recording", property(none))

    assert asked.show("%wf story") == TOLD
