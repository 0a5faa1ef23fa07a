"""Stepping: what `%wf story` shows, saves and opens.

Knows: the words of the verb. Does not know: stories, files, views.
Holds: the text comes first and stands alone: it is the same with views and without, and what a
       saved notebook still shows. The view below it has no text, and is nothing without a kernel.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wfnb.errors import MagicError
from wfnb.notebook.options import unknown

if TYPE_CHECKING:
    from wfnb.events.steps import Recording
    from wfnb.notebook.verbs import Answer, Desk
    from wfnb.storyfiles import Form

USAGE = "%wf story [FILE]"
SUMMARY = "what the last request ran, checked and reused, with the reasons; step by step"
HELP = """Dependencies first. kept: checked, and nothing that it stands on had moved. Tasks of one
rule that ran for one reason share a line. Below it, where the notebook can show that, the request
can be gone through step by step: what each task does, the line at which its body stands, and why;
with "predict" you choose what comes next before it is shown.

    FILE           show a saved story, of whatever notebook; its rules are not needed
    --text         the text alone
    --save FILE    save the story, to show it again
    --html FILE    save it as a page that can be stepped through in any browser, without a kernel
    --trace FILE   save it for ui.perfetto.dev and chrome://tracing

A request is recorded up to its first 2,000 steps, which takes a few milliseconds at most, and not
at all while many come one right after the other. To have it otherwise:
current_engine().settings.recorded_steps = 10_000, or 0 for no recording."""

_FORMS: dict[str, Form] = {"--save": "story", "--html": "page", "--trace": "trace"}
OPTIONS = ("--text", *_FORMS)


@dataclass(slots=True)
class _Words:
    """What is written after the verb."""

    file: str = ""
    is_text: bool = False
    saves: list[tuple[str, str]] = field(default_factory=list)


def tell(desk: Desk, line: str) -> Answer:
    """The story of the last request, or of a saved one.

    Raises:
        MagicError: words that mean nothing here; nothing was recorded that could be saved.
        FileError: a file cannot be written, or is no story.
    """
    __tracebackhide__ = True
    words = _read(line)
    if words.file:
        from wfnb.storyfiles import open_story

        recording: Recording | None = open_story(words.file)
        text = _headed(recording) if recording is not None else ""
    else:
        is_shown = desk.has_views and not words.is_text
        recording = desk.engine.last_recording if words.saves or is_shown else None
        text = str(desk.engine.story())
    if words.saves:
        return _save(desk, recording, words.saves)
    if words.is_text:
        return text
    from wfnb.watching.saving import Saved, kept

    if recording is None:  # the same forms, so that notebooks compare equal
        return Saved("story", {"text/plain": text}, {})
    from wfnb.events.storyjson import story_to_text
    from wfnb.pictures.taskgraphs import step_story

    story = step_story(recording)
    metadata = kept(data=json.loads(story_to_text(story)))
    saved = Saved("story", {"text/plain": text}, metadata)
    if not desk.has_views:
        return saved
    from wfnb.widgets.story import StoryView

    return saved, StoryView(story)


def _save(desk: Desk, recording: Recording | None, saves: list[tuple[str, str]]) -> str:
    if recording is None:
        raise _unrecorded(desk)
    from wfnb.storyfiles import save_story

    for option, file in saves:
        save_story(recording, file, _FORMS[option])
    return "\n".join(f"saved as {file}" for _, file in saves)


def _headed(recording: Recording) -> str:
    head = f"{recording.product} from {', '.join(recording.params) or 'nothing'}"
    text = f"{head}: {recording.outcome}\n{recording.text}"
    return text.encode("utf-8", "replace").decode()  # a file may hold half a character


def _unrecorded(desk: Desk) -> MagicError:
    if desk.engine.last is None:
        why, fix = "there was no request yet", "ask for something first"
    elif not desk.engine.settings.recorded_steps:
        why = "the setting recorded_steps is 0"
        fix = "write current_engine().settings.recorded_steps = 2_000 and ask again"
    else:
        why, fix = "many came one right after the other", "ask again for what you want to see"
    return MagicError("%wf story: the last request was not recorded", why=[why], fix=fix)


def _read(line: str) -> _Words:
    try:
        given = shlex.split(line)
    except ValueError:
        raise MagicError(
            f"%wf story cannot read {line}", why=["a quotation mark is open"], fix=USAGE
        ) from None
    words, files = _Words(), []
    rest = iter(given)
    for word in rest:
        if word == "--text":
            words.is_text = True
        elif word in _FORMS:
            file = next(rest, "")
            if not file or file.startswith("--"):
                raise MagicError(f"%wf story {word} needs a file", fix=f"%wf story {word} FILE")
            words.saves.append((word, file))
        elif word.startswith("-"):
            why = f"options: {', '.join(OPTIONS)}"
            fix = "%wf story? tells what it takes"
            raise unknown(f"%wf story has no option {word!r}", why, word, OPTIONS, fix=fix)
        else:
            files.append(word)
    if len(files) > 1:
        why = "put a name with spaces in quotation marks"
        raise MagicError(
            f"%wf story takes one file, not {len(files)}", why=[why], fix=f'%wf story "{line}"'
        )
    words.file = files[0] if files else ""
    return words
