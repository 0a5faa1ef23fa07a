"""Story files: a recorded request as a file, and back.

    story   JSON that `open_story` and `%wf story FILE` read, on any machine, without the rules
    page    HTML that steps through it in a browser, without a kernel and without a network
    trace   JSON for Chrome's tracing and ui.perfetto.dev

Knows: files, and what each form is for.
Does not know: what is in a story (`wfnb.events`), how it is drawn (`wfnb.pictures`).
Holds: a file is written whole or not at all. Opening one runs nothing of it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Literal

from wfnb.errors import CallerError, FileError
from wfnb.events.codec import ProtocolError
from wfnb.events.steps import Recording, StepStory
from wfnb.events.storyjson import NewerStory, NoStory, story_from_text, story_to_text
from wfnb.events.trace import to_trace
from wfnb.pictures.taskgraphs import step_story

Form = Literal["story", "page", "trace"]

MOST_BYTES = 100_000_000
_STATIC = Path(__file__).parent / "widgets" / "static"


def save_story(recording: Recording, path: str | Path, form: Form = "story") -> Path:
    """Write down what a request did, to be gone through later.

    Args:
        recording: `engine.last_recording` in a notebook, or the `last` of `engine.recording()`.
        form: "story" to open again, "page" for a browser, "trace" for Perfetto.

    Returns:
        The path of the file; one that was there is replaced.

    Raises:
        FileError: it cannot be written there.
    """
    if form not in ("story", "page", "trace"):
        raise CallerError(
            f"a story has no form {form!r:.40}", fix='write form="story", "page" or "trace"'
        )
    target = _path(path, "the story cannot be saved as {}")
    if form == "trace":
        text = json.dumps(to_trace(recording))
    else:
        story = step_story(recording)
        text = story_to_text(story) if form == "story" else page_of(story)
    _write(target, text)
    return target


def open_story(path: str | Path) -> Recording:
    """Read what `save_story` has written in the form "story".

    Raises:
        FileError: there is no such file, or it is no story that this wfnb can read.
    """
    return open_step_story(path).recording


def open_step_story(path: str | Path) -> StepStory:
    """The same with its drawing."""
    file = _path(path, "the story {} cannot be read")
    try:
        if file.stat().st_size > MOST_BYTES:
            raise NoStory(f"it has more than {MOST_BYTES:,} bytes")
        return story_from_text(file.read_bytes().decode())
    except FileNotFoundError:
        raise FileError(
            f"there is no story {file}",
            why=[f"looked in {file.parent.absolute()}"],
            fix="%wf story --save FILE writes one",
        ) from None
    except OSError as error:
        raise FileError(
            f"the story {file} cannot be read", why=[_reason(error)], fix="name another file"
        ) from None
    except (NoStory, UnicodeDecodeError) as error:
        why = str(error) if isinstance(error, NoStory) else "it is no text"
        raise _refused(file, "is no story", why, "open a file of %wf story --save") from None
    except NewerStory as error:
        raise _refused(file, "is too new", str(error), "open it with a newer wfnb") from None
    except ProtocolError as error:
        raise _refused(file, "is damaged", str(error), "save the story again") from None


def page_of(story: StepStory) -> str:
    """The text of a page that steps through a story, and can reach nothing.

    The policy in its head lets the browser run this very script and no other, whatever names and
    values the story holds; the story itself is data, which the script reads as text.
    """
    script = (_STATIC / "story-page.js").read_text(encoding="utf-8")
    style = (_STATIC / "story-page.css").read_text(encoding="utf-8")
    data = story_to_text(story).replace("<", "\\u003c")
    title = escape(f"{story.recording.product}: a request step by step")
    title = title.encode("utf-8", "replace").decode()  # a file may hold half a character
    policy = (
        f"default-src 'none'; script-src '{_sha(script)}'; style-src '{_sha(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{style}</style></head>\n"
        f'<body><main id="wfnb-host"></main>\n'
        f'<script type="application/json" id="wfnb-story">{data}</script>\n'
        f'<script type="module">{script}</script></body></html>\n'
    )


def _sha(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _path(path: str | Path, failed: str) -> Path:
    """The path of a file; `failed` says what it was for."""
    why = ""
    try:
        found = Path(path).expanduser()
        if "\0" in os.fsdecode(os.fsencode(found)):
            why = "no path holds the character \\0"
    except UnicodeEncodeError:
        why = "it holds half a character"
    except RuntimeError:
        why = f"{Path(path).parts[0]} is nobody's folder here"
    if why:
        shown = str(path).replace("\0", "\\0").encode("utf-8", "replace").decode()
        raise FileError(failed.format(shown), why=[why], fix="name another file")
    return found


def _write(target: Path, text: str) -> None:
    """Beside the target first, so that nobody finds half a file."""
    made = target.parent / f".{target.name}.{secrets.token_hex(4)}"
    try:
        if target.is_dir():
            raise IsADirectoryError
        with made.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        made.replace(target)
    except BaseException as error:
        with suppress(OSError):
            made.unlink()
        if not isinstance(error, OSError):  # an interrupt
            raise
        if isinstance(error, IsADirectoryError):
            why, fix = f"{target} is a folder", f"name a file in it: {target}/story.json"
        elif not target.parent.is_dir():
            why, fix = f"there is no folder {target.parent}", "make the folder, or name another"
        else:
            why, fix = _reason(error), "name another file"
        raise FileError(f"the story cannot be saved as {target}", why=[why], fix=fix) from None


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _refused(file: Path, what: str, why: str, fix: str) -> FileError:
    return FileError(f"{file} {what}", why=[why], fix=fix)
