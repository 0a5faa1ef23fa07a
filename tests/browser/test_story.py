"""The story view, in a browser: on a bare page, as a page of its own, and in JupyterLab."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.access import findings
from tests.browser.bare import BarePage
from tests.browser.lab import LabPage
from tests.protocol.stories import recordings
from wfnb import save_story
from wfnb.events.steps import Recording, Source, StepTask
from wfnb.events.storyjson import story_to_text
from wfnb.pictures.taskgraphs import step_story

HOSTILE = "</script><script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>"
STORIES = recordings()
GALLERY = "make_gallery(Folder('owl'))"


def show(
    bare: BarePage, recording: Recording, *, theme: Literal["light", "dark"] = "light"
) -> None:
    bare.open("story", theme=theme, data=story_to_text(step_story(recording)))


def states(page: Page) -> list[str]:
    """What each box says of its task."""
    return page.locator(".wfnb-task-state").all_text_contents()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shows_the_state_of_every_task(bare: BarePage, theme: Literal["light", "dark"]) -> None:
    """By sign and word, beside a sentence and the line of the body; axe-core finds nothing."""
    show(bare, STORIES["first"], theme=theme)
    view = bare.page.get_by_role("region", name="Step by step: Gallery from Folder('owl')")
    expect(view.locator(".wfnb-story-sentence")).to_have_text(
        "Gallery is asked for with Folder('owl'). Nothing has happened yet: 17 steps to go."
    )
    assert findings(bare.page) == []

    for _ in range(5):
        view.get_by_role("button", name="One step on").click()

    assert states(bare.page) == ["Ⅱ suspended", "✔ done", "? asked for", "· not yet", "· not yet"]
    expect(view.locator(".wfnb-story-sentence")).to_have_text(
        f"{GALLERY} asks for 3 × Thumb at once at line 63; number 1 is resize(Photo('cat')). "
        "The body is suspended until all of them are there."
    )
    here = view.locator("[aria-current=location]")
    expect(here).to_have_count(1)
    expect(here).to_contain_text("63Ⅱ    thumbs = await MultiGet(")
    expect(view.locator(".wfnb-task[aria-current=step]")).to_have_attribute(
        "aria-label", "resize(Photo('cat')): ? asked for"
    )
    assert findings(bare.page) == []


def test_goes_through_a_whole_story_by_keys(bare: BarePage) -> None:
    """Forwards, backwards, in leaps; no key reaches the notebook."""
    show(bare, STORIES["first"])
    page = bare.page
    page.keyboard.press("Tab")  # to the first button
    where = page.locator(".wfnb-story-where")
    told = []
    for n in range(17):
        page.keyboard.press("ArrowRight")
        expect(where).to_have_text(f"step {n + 1} of 17")
        told.append((states(page), page.locator(".wfnb-story-sentence").text_content()))
    assert told[-1] == (["✔ done"] * 5, f"{GALLERY} is done and gave Gallery(3). "
                        "The request has its answer.")  # fmt: skip

    for n in range(15, -1, -1):
        page.keyboard.press("ArrowLeft")
        assert (states(page), page.locator(".wfnb-story-sentence").text_content()) == told[n]
    for key, text in (
        ("PageDown", "step 11"),
        ("PageDown", "step 17"),
        ("PageUp", "step 7"),
        ("End", "step 17"),
        ("ArrowRight", "step 17"),
        ("Home", "step 0"),
    ):
        page.keyboard.press(key)
        expect(where).to_have_text(f"{text} of 17")
    assert page.evaluate("window.keys").count("Tab") <= 1
    assert [key for key in page.evaluate("window.keys") if key != "Tab"] == []


def test_keeps_keys_from_notebooks_that_look_for_them_first(bare: BarePage) -> None:
    """Whatever can have the focus says so itself: Notebook 7 does not ask what is around it."""
    show(bare, STORIES["first"])
    bare.page.get_by_role("slider").press("p")
    kinds = "button, input, select, summary, [tabindex]"
    found = bare.page.locator(f".wfnb-story :is({kinds}):not([data-lm-suppress-shortcuts])")

    assert found.evaluate_all("all => all.map(one => one.outerHTML)") == []


def test_goes_where_the_slider_is_put(bare: BarePage) -> None:
    """And says to who cannot see it where that is."""
    show(bare, STORIES["first"])
    slider = bare.page.get_by_role("slider", name="Step")

    slider.fill("3")

    expect(bare.page.locator(".wfnb-story-where")).to_have_text("step 3 of 17")
    expect(slider).to_have_attribute(
        "aria-valuetext",
        "step 3 of 17: The body of default_size() starts from the top: it was never made before.",
    )
    slider.press("ArrowRight")
    expect(bare.page.locator(".wfnb-story-where")).to_have_text("step 4 of 17")


def test_keeps_the_focus_at_the_end(bare: BarePage) -> None:
    """On a button that can do no more; it comes alive again where it can."""
    show(bare, STORIES["first"])
    page = bare.page
    page.get_by_role("slider").fill("16")
    onward = page.get_by_role("button", name="One step on")
    onward.press("Enter")
    onward.press("Enter")

    expect(page.locator(".wfnb-story-where")).to_have_text("step 17 of 17")
    expect(onward).to_be_focused()
    expect(onward).to_be_disabled()
    page.get_by_role("button", name="First step").press("Enter")
    expect(onward).to_be_enabled()
    assert findings(page) == []


def test_plays_and_pauses(bare: BarePage) -> None:
    """Only when asked to; to the end, and then from the beginning."""
    show(bare, STORIES["first"])
    page = bare.page
    page.get_by_label("Steps a second").select_option("5")
    page.get_by_role("slider").press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".wfnb-story-where")).to_have_text(re.compile("step [3-9] of 17"))
    page.get_by_role("slider").press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()

    page.get_by_role("slider").fill("15")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".wfnb-story-where")).to_have_text("step 17 of 17")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_asks_what_comes_next(bare: BarePage) -> None:
    """Before it is shown; tells right from wrong with the reason, and keeps the score."""
    show(bare, STORIES["first"])
    page = bare.page
    sentence, quiz = page.locator(".wfnb-story-sentence"), page.locator(".wfnb-story-quiz")
    page.get_by_role("slider").press("p")
    expect(quiz.get_by_role("heading")).to_have_text("What happens next?")
    right = quiz.get_by_role("button", name=f"the body of {GALLERY} starts")
    expect(quiz.get_by_role("button")).not_to_have_count(1)
    assert findings(page) == []

    page.keyboard.press((right.text_content() or "")[0])

    expect(sentence).to_have_text(re.compile("^Right. You asked for Gallery, and make_gallery"))
    expect(sentence).to_have_attribute("data-result", "right")
    expect(quiz.locator(".wfnb-story-score")).to_have_text("1 of 1 right")
    expect(page.locator(".wfnb-story-where")).to_have_text("step 1 of 17")

    page.keyboard.press("ArrowRight")
    quiz.get_by_role("button", name="the body of default_size() starts").click()
    expect(sentence).to_have_text(
        "Not this time. Nobody has asked for default_size() yet, and a body starts only when "
        f"somebody asks. What happens: {GALLERY} asks for Size; its body is suspended at line 61 "
        "until default_size() is there."
    )
    expect(quiz.locator(".wfnb-story-score")).to_have_text("1 of 2 right")

    page.keyboard.press("ArrowLeft")  # what was seen is not asked again
    page.keyboard.press("ArrowRight")
    expect(quiz.get_by_role("button")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(quiz.get_by_role("button")).not_to_have_count(0)
    page.keyboard.press("Escape")
    expect(quiz).to_be_hidden()
    expect(page.get_by_label("predict")).not_to_be_checked()


def test_can_be_predicted_to_the_end_by_keys(bare: BarePage) -> None:
    """Whatever is chosen, the story goes on."""
    show(bare, STORIES["again"])
    page = bare.page
    page.get_by_role("slider").press("p")
    last = len(STORIES["again"].steps)
    for _ in range(3 * last):
        if page.locator(".wfnb-story-where").text_content() == f"step {last} of {last}":
            break
        is_open = page.locator(".wfnb-story-choices button").count()
        page.keyboard.press("1" if is_open else "ArrowRight")
    expect(page.locator(".wfnb-story-where")).to_have_text(f"step {last} of {last}")
    expect(page.locator(".wfnb-story-score")).to_have_text(re.compile(r"^\d+ of \d+ right$"))


def test_looks_at_other_tasks(bare: BarePage) -> None:
    """Up and down go from box to box, Enter looks, Escape goes back to the step."""
    show(bare, STORIES["first"])
    page = bare.page
    page.get_by_role("slider").fill("5")
    page.locator(".wfnb-task[tabindex='0']").focus()
    whose = page.locator(".wfnb-story-whose")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(whose).to_have_text("✔ donedefault_size()")
    expect(page.locator(".wfnb-story-facts")).to_have_text(
        "makes Size · stories.py:47 · value: Size(64)"
    )
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"

    page.keyboard.press("Escape")
    expect(whose).to_have_text(f"Ⅱ suspended{GALLERY}")


def test_opens_a_group_of_tasks(bare: BarePage) -> None:
    """Hundreds of tasks are a box, which lists them; each can be looked at."""
    many = tuple([StepTask(f"resize({n})", "r", "resize", "Thumb") for n in range(188)])
    found = STORIES["first"]
    show(bare, replace(found, tasks=(*found.tasks, *many)))
    page = bare.page
    group = page.locator(".wfnb-task", has_text="resize × 185")
    expect(group.locator(".wfnb-task-state")).to_have_text("· 0/185")
    group.click()

    expect(page.locator(".wfnb-story-whose")).to_have_text("resize × 185")
    expect(page.locator(".wfnb-story-facts")).to_have_text("· 185 not yet")
    page.locator(".wfnb-story-members button").nth(9).click()
    expect(page.locator(".wfnb-story-whose")).to_have_text("· not yetresize(12)")
    expect(page.locator(".wfnb-story-body")).to_have_text("The text of its body is not at hand.")


def hostile() -> Recording:
    """Every text that a user may have written."""
    found = STORIES["failed"]
    return replace(
        found,
        product=HOSTILE,
        params=(HOSTILE,),
        outcome=HOSTILE,
        tasks=tuple(
            [replace(one, task=HOSTILE, name=HOSTILE, product=HOSTILE) for one in found.tasks]
        ),
        steps=tuple([replace(one, note=HOSTILE, place=HOSTILE) for one in found.steps]),
        sources=tuple([Source(HOSTILE, one.first, (HOSTILE,) * 99) for one in found.sources]),
    )


def test_shows_names_as_text(bare: BarePage) -> None:
    """Whatever users write, nothing of it is markup; nothing is asked of the network."""
    show(bare, hostile())
    page = bare.page
    page.get_by_role("slider").press("p")
    for _ in range(40):
        is_open = page.locator(".wfnb-story-choices button").count()
        page.keyboard.press("1" if is_open else "ArrowRight")
    page.locator(".wfnb-task").first.click()

    expect(page.locator(".wfnb-story h2")).to_have_text(f"{HOSTILE} from {HOSTILE}")
    assert page.locator("#host img").count() == 0
    assert page.evaluate("window.pwned") is None
    assert (bare.reached, bare.console) == ([], [])


def test_leaves_nothing_behind(bare: BarePage) -> None:
    """Taken away, a view listens to nothing."""
    show(bare, STORIES["first"])
    bare.page.get_by_role("slider").press("Space")

    bare.page.evaluate("window.end()")

    assert bare.page.evaluate("window.listeners()") == 0
    assert bare.page.locator("#host > *").count() == 0


def test_moves_less_for_who_asked_for_that(browser: Browser) -> None:
    """No transition; it still plays when it is asked to."""
    context = browser.new_context(reduced_motion="reduce")
    bare = BarePage(context.new_page())
    show(bare, STORIES["first"])
    box = bare.page.locator(".wfnb-task-box").first

    assert box.evaluate("one => getComputedStyle(one).transitionDuration") == "0s"
    context.close()


# -- a page of its own -------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_steps_from_a_file_without_a_network(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    """No kernel, no server; names stay names, and the page's policy lets nothing else run."""
    path = save_story(hostile(), tmp_path / "a story.html", form="page")
    context = browser.new_context(offline=True, color_scheme=scheme)
    page = context.new_page()
    logged: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: logged.append(message.text))
    page.on("pageerror", lambda error: logged.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.get_by_role("slider").press("End")

    last = len(hostile().steps)
    expect(page.locator(".wfnb-story-where")).to_have_text(f"step {last} of {last}")
    expect(page.locator(".wfnb-story")).to_have_attribute("data-wfnb-theme", scheme)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.pwned") is None
    assert (asked, logged) == ([path.as_uri()], [])
    assert findings(page) == []

    page.evaluate(
        """() => {
            const added = document.createElement('script');
            added.textContent = 'window.pwned = 2';
            document.body.append(added);
        }"""
    )
    assert page.evaluate("window.pwned") is None
    context.close()


# -- in JupyterLab -----------------------------------------------------------------------------

CELLS = [
    "%load_ext wfnb\nfrom dataclasses import dataclass\nfrom wfnb import *",
    "@dataclass(frozen=True)\nclass Photo:\n    name: str\n"
    "@dataclass(frozen=True)\nclass Thumb:\n    name: str\n"
    "@dataclass(frozen=True)\nclass Gallery:\n    count: int",
    "@rule\nasync def resize(photo: Photo) -> Thumb:\n    return Thumb(photo.name)\n\n"
    "@rule\nasync def gallery(names: str) -> Gallery:\n"
    "    thumbs = await MultiGet(Get(Thumb, Photo, Photo(one)) for one in names.split())\n"
    "    return Gallery(len(thumbs))",
    "request(Gallery, 'cat dog')",
    "%wf story",
]


def test_steps_through_what_a_notebook_asked(lab: LabPage) -> None:
    """`%wf story` in JupyterLab: keys step, and reach no cell; dark and light."""
    lab.open("story.ipynb", CELLS)
    lab.run(0, 1, 2, 3, 4)
    view = lab.output(4).locator(".wfnb-story")
    expect(view.locator("h2")).to_have_text("Gallery from 'cat dog'")
    text, shown = lab.outputs(4)
    assert text["data"] == {
        "text/plain": "ran       resize × 2: asked for the first time\n"
        "ran       gallery('cat dog'): asked for the first time",
        "application/vnd.wfnb.view+json": {"version": 1, "view": "story"},
    }
    assert list(shown["data"]) == ["application/vnd.jupyter.widget-view+json"]

    view.get_by_role("slider").focus()
    for _ in range(3):
        lab.page.keyboard.press("ArrowRight")
    expect(view.locator(".wfnb-story-sentence")).to_have_text(
        "gallery('cat dog') asks for 2 × Thumb at once at line 7; number 2 is "
        "resize(Photo('dog')). The body is suspended until all of them are there."
    )
    expect(view.locator("[aria-current=location]")).to_contain_text("thumbs = await MultiGet(")
    lab.use_theme("JupyterLab Dark")
    expect(view).to_have_attribute("data-wfnb-theme", "dark")
    view.get_by_role("slider").focus()
    for key in ("a", "b", "d", "d", "Space", "Space", "End"):
        lab.page.keyboard.press(key)
    expect(view.locator(".wfnb-story-sentence")).to_have_text(
        "gallery('cat dog') is done and gave Gallery(2). The request has its answer."
    )
    assert lab.page.locator(".jp-Cell").count() == len(CELLS)
    assert findings(lab.page, ".wfnb-story") == []
    lab.use_theme("JupyterLab Light")
    assert findings(lab.page, ".wfnb-story") == []
    assert lab.errors() == []


def test_keeps_its_keys_in_notebook_7(notebook7: LabPage) -> None:
    """Which looks for shortcuts before a view hears of a key."""
    notebook7.open("story.ipynb", CELLS)
    notebook7.run(0, 1, 2, 3, 4)
    view = notebook7.output(4).locator(".wfnb-story")
    view.get_by_role("slider").focus()

    for key in ("ArrowRight", "a", "b", "d", "d", "ArrowRight", "p", "1", "Escape", "End"):
        notebook7.page.keyboard.press(key)

    expect(view.locator(".wfnb-story-where")).to_have_text(re.compile(r"step \d of 8"))
    expect(view.locator(".wfnb-story-score")).to_have_text(re.compile(r"of 1 right"))
    assert notebook7.page.locator(".jp-Cell").count() == len(CELLS)
