"""Story files: what is written, what is read, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.events.watchers import TOYS, Number, Squares
from wfnb import CallerError, Engine, open_story, save_story
from wfnb.errors import FileError
from wfnb.events.steps import Recording


@pytest.fixture
def recording() -> Recording:
    engine = Engine(TOYS)
    with engine.recording() as recorder:
        engine.request(Squares, Number(2))
    assert recorder.last is not None
    return recorder.last


def refused(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        open_story(path)
    return str(caught.value).replace(str(path.parent), "FOLDER")


def test_opens_what_it_has_saved(recording: Recording, tmp_path: Path) -> None:
    """A file that was there is replaced; nothing else is left in the folder."""
    path = tmp_path / "a.json"
    path.write_text("old")

    assert save_story(recording, path) == path

    assert open_story(str(path)) == recording
    assert list(tmp_path.iterdir()) == [path]


def test_writes_a_trace(recording: Recording, tmp_path: Path) -> None:
    """For ui.perfetto.dev and chrome://tracing."""
    path = save_story(recording, tmp_path / "a.json", form="trace")

    assert {event["ph"] for event in json.loads(path.read_text())["traceEvents"]} == {"M", "X"}


def test_says_why_a_story_cannot_be_saved(recording: Recording, tmp_path: Path) -> None:
    """With the folder that is missing, or in the way."""
    for path, text in (
        (
            tmp_path / "none" / "a.json",
            "the story cannot be saved as FOLDER/none/a.json\n"
            "    there is no folder FOLDER/none\n"
            "  → make the folder, or name another",
        ),
        (
            tmp_path,
            "the story cannot be saved as FOLDER\n"
            "    FOLDER is a folder\n"
            "  → name a file in it: FOLDER/story.json",
        ),
        (
            tmp_path / ("x" * 300),
            f"the story cannot be saved as FOLDER/{'x' * 300}\n"
            "    File name too long\n"
            "  → name another file",
        ),
    ):
        with pytest.raises(FileError) as caught:
            save_story(recording, path)
        assert str(caught.value).replace(str(tmp_path), "FOLDER") == text
    assert list(tmp_path.iterdir()) == []

    with pytest.raises(CallerError) as form:
        save_story(recording, tmp_path / "a", form="film")  # type: ignore[arg-type]  # tested
    assert str(form.value) == (
        'a story has no form \'film\'\n  → write form="story", "page" or "trace"'
    )


def test_says_why_a_story_cannot_be_opened(recording: Recording, tmp_path: Path) -> None:
    """Missing, a folder, something else, damaged, or from the future."""
    path = tmp_path / "a.json"
    assert refused(path) == (
        "there is no story FOLDER/a.json\n"
        "    looked in FOLDER\n"
        "  → %wf story --save FILE writes one"
    )
    (tmp_path / "folder").mkdir()
    assert refused(tmp_path / "folder") == (
        "the story FOLDER/folder cannot be read\n    Is a directory\n  → name another file"
    )
    path.write_bytes(b"\xff\xfe\x00")
    assert refused(path) == (
        "FOLDER/a.json is no story\n    it is no text\n  → open a file of %wf story --save"
    )
    path.write_text('{"cells": []}')
    assert refused(path) == (
        "FOLDER/a.json is no story\n"
        '    it is JSON, but does not say "kind": "wfnb-story"\n'
        "  → open a file of %wf story --save"
    )
    save_story(recording, path)
    whole = path.read_text()
    path.write_text(whole.replace('"v":1', '"v":2'))
    assert refused(path) == (
        "FOLDER/a.json is too new\n"
        "    it is of version 2, and this wfnb reads version 1\n"
        "  → open it with a newer wfnb"
    )
    path.write_text(whole.replace('"worker":0', '"worker":"x"', 1))
    assert refused(path) == (
        "FOLDER/a.json is damaged\n"
        "    recording.steps[0].worker: int is needed, not 'x'\n"
        "  → save the story again"
    )


def test_refuses_a_file_that_is_far_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is read."""
    monkeypatch.setattr("wfnb.storyfiles.MOST_BYTES", 1_000)
    path = tmp_path / "a.json"
    path.write_text("x" * 1_001)

    assert refused(path) == (
        "FOLDER/a.json is no story\n"
        "    it has more than 1,000 bytes\n"
        "  → open a file of %wf story --save"
    )


def test_refuses_paths_that_cannot_be(recording: Recording) -> None:
    """With what is wrong about them, as all that cannot be saved or opened."""
    for path, shown, why in (
        (
            "~nobody-of-this-name/x",
            "~nobody-of-this-name/x",
            "~nobody-of-this-name is nobody's folder here",
        ),
        ("a\0b", "a\\0b", "no path holds the character \\0"),
        ("a\ud83db", "a?b", "it holds half a character"),
    ):
        with pytest.raises(FileError) as saving:
            save_story(recording, path)
        with pytest.raises(FileError) as opening:
            open_story(path)
        assert str(saving.value) == (
            f"the story cannot be saved as {shown}\n    {why}\n  → name another file"
        )
        assert str(opening.value) == (
            f"the story {shown} cannot be read\n    {why}\n  → name another file"
        )
    with pytest.raises(FileError) as folder:
        save_story(recording, ".")
    assert str(folder.value) == (
        "the story cannot be saved as .\n    . is a folder\n  → name a file in it: ./story.json"
    )


def test_leaves_nothing_behind(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a character in a name makes no difference; an interrupt leaves no half of a file."""
    half = replace(recording, product="\ud83d")
    path = save_story(half, tmp_path / "a.html", form="page")
    assert "<title>?: a request step by step</title>" in path.read_text(encoding="utf-8")

    def press(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", press)
    with pytest.raises(KeyboardInterrupt):
        save_story(recording, tmp_path / "b.json")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("at_s", 10**400, "at_s: no number may be so large"),
        ("worker", -1, "worker: no worker is -1"),
        ("line", -1, "line: no line is -1"),
        ("part", -1, "part: none of 1 is -1"),
    ],
)
def test_refuses_numbers_that_mean_nothing(
    recording: Recording, tmp_path: Path, name: str, value: int, why: str
) -> None:
    """Each with where it is."""
    path = save_story(recording, tmp_path / "a.json")
    data = json.loads(path.read_text())
    data["recording"]["steps"][0][name] = value
    path.write_text(json.dumps(data))

    assert refused(path) == (
        f"FOLDER/a.json is damaged\n    recording.steps[0].{why}\n  → save the story again"
    )
