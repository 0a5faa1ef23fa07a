"""What views say passes the translator: in every state, on a page with one that marks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bare import BarePage
from tests.browser.graphs import data, gallery, ids, in_cells, snapshot, spoiled, state
from tests.browser.marks import MARKING, theirs, unmarked
from tests.protocol.stories import recordings
from wfnb.events.kinds import MultiGetMoved, Node, Problem, Waiting
from wfnb.events.state import (
    Batch,
    Lane,
    RequestState,
    RuleCounts,
    Snapshot,
    Span,
    State,
    Why,
)
from wfnb.events.steps import Recording
from wfnb.events.storyjson import story_to_text
from wfnb.pictures.taskgraphs import step_story

RULE = "⟦r⟧"
REQUEST = RequestState(
    12,
    theirs("Gallery"),
    (),
    is_goal=True,
    started_s=1.0,
    cut_off=(theirs("one()"), theirs("two()")),
    error=theirs("ValueError"),
    rules={
        RULE: RuleCounts(
            2,
            3,
            4,
            (
                Why("ran", theirs("x"), 1),
                Why("kept", "other reasons", 2),
                Why("failed", "", 4),
                Why("loaded", theirs("x"), 5),
            ),
            5,
        )
    },
    multigets=(
        MultiGetMoved(12, 0, theirs("gather()"), theirs("In [3]"), 200, 1, 12, 1, 2, 65, False),
    ),
    lanes=tuple(Lane(n, theirs(f"run({n})"), RULE, 3.0) for n in range(20)),
    spans=tuple(Span(n % 18, theirs("resize('a.jpg')"), RULE, 1.1, 2.0) for n in range(300)),
    waiting=3,
    first_waiting=(Waiting(theirs("w()"), RULE, theirs("In [3]"), 2),),
)
ENDINGS = ("answered", "failed", "refused", "interrupted", "started over")


@pytest.fixture
def heard(bare: BarePage) -> Callable[[], None]:
    """Asserts that all texts which are shown just now have passed."""

    def look() -> None:
        assert unmarked(bare.page) == []

    return look


def test_problems_speak_through_it(bare: BarePage, heard: Callable[[], None]) -> None:
    """Before there is a kernel, without rules, without problems, with problems."""
    bare.open("problems", words=MARKING)
    expect(bare.page.locator(".wfnb-problems h2")).to_have_text("«waiting for the kernel»")
    heard()
    kinds = ("rule", "rule", "query", "open input")
    nodes = {f"n{n}": Node(f"n{n}", kind, theirs("a"), theirs("b")) for n, kind in enumerate(kinds)}
    for known in ({}, nodes):
        bare.open("problems", words=MARKING, first=Snapshot(1, 0.0, State(nodes=known)))
        heard()
    found = tuple(
        Problem(f"W{n}", severity, theirs("what"), place, (theirs("why"),), theirs("fix"))
        for n, severity in enumerate(("error", "warning", "note"))
        for place in (f"{theirs('In [2]')}:3", theirs("In [1]"), "")
    )

    bare.open("problems", words=MARKING, first=Snapshot(1, 0.0, State(problems=found)))

    expect(bare.page.locator(".wfnb-problems h3").last).to_have_text("«The rules together»")
    heard()


def open_progress(bare: BarePage, request: RequestState, manager: str = "{}") -> Page:
    bare.page.add_init_script(f"window.manager = {manager};")
    nodes = {RULE: Node(RULE, "rule", theirs("resize"), theirs("In [2]"))}
    first = Snapshot(1, 1000.0, State(requests=(request,), nodes=nodes))
    bare.open("progress", words=MARKING, first=first, data=json.dumps({"control": "c"}))
    bare.tell(Batch(2, 4.0, ()))
    return bare.page


def test_progress_speaks_through_it(bare: BarePage, heard: Callable[[], None]) -> None:
    """While it runs and stops, folded out, at each of its ends."""
    bare.open("progress", words=MARKING)
    heard()
    over = replace(REQUEST.multigets[0], is_over=True)
    for request in (
        REQUEST,
        replace(REQUEST, multigets=(over,)),
        replace(REQUEST, multigets=(), waiting=1, first_waiting=(Waiting(RULE, RULE, "", 1),)),
        replace(REQUEST, is_stopping=True),
        replace(REQUEST, lanes=(), spans=(), is_stopping=True),
    ):
        page = open_progress(bare, request)
        heard()
        page.get_by_role("button", name="«Timeline»").click()
        heard()
    for outcome in ENDINGS:
        for cut in ((), REQUEST.cut_off):
            ended = replace(
                REQUEST, outcome=outcome, ended_s=9.0, lanes=(), cut_off=cut, exit_code=3
            )
            open_progress(bare, ended)
            heard()


def test_bars_say_what_is_left_through_it(bare: BarePage, heard: Callable[[], None]) -> None:
    """As soon as enough has ended to say."""
    page = open_progress(bare, REQUEST)

    bare.tell(Batch(3, 9.0, (replace(REQUEST.multigets[0], done=50),)))

    expect(page.locator(".wfnb-left")).to_contain_text("«about ")
    heard()


SILENT = "_create_comm: async () => ({ on_msg: () => undefined })"
ANSWERS = "_create_comm: async () => ({ on_msg: tell => tell({ content: { data: ANSWER } }) })"
REFUSED = f"{{ done: false, text: '{theirs('it has ended')}' }}"


@pytest.mark.parametrize(
    ("manager", "stages"),
    [
        (f"{{ {SILENT} }}", ("asking the kernel", "in the toolbar")),
        (
            f"{{ {SILENT}, kernel: {{ interrupt: async () => undefined }} }}",
            ("asking the kernel", "does not answer", "interrupting"),
        ),
        (f"{{ {ANSWERS.replace('ANSWER', '{ done: true, text: ``}')} }}", ("stopping: waiting",)),
        (f"{{ {ANSWERS.replace('ANSWER', REFUSED)} }}", ("it has ended",)),
    ],
)
def test_cancel_speaks_through_it(
    bare: BarePage, heard: Callable[[], None], manager: str, stages: tuple[str, ...]
) -> None:
    """Whatever becomes of it."""
    page = open_progress(bare, replace(REQUEST, multigets=()), manager)
    page.locator(".wfnb-cancel").click()
    for stage in stages:
        if stage == "interrupting":
            page.locator(".wfnb-cancel").click()
        expect(page.locator(".wfnb-status")).to_contain_text(stage)
        heard()


def open_graph(bare: BarePage, given: str, first: State | None = None) -> Page:
    bare.open("graph", words=MARKING, first=snapshot(first or State()), data=given)
    return bare.page


def test_graphs_speak_through_it(bare: BarePage, heard: Callable[[], None]) -> None:
    """Each picture, each panel, the table, a search, a part; before there are rules."""
    open_graph(bare, "")
    heard()
    page = open_graph(bare, spoiled(theirs, data(in_cells())))
    heard()
    page.get_by_label("«What is drawn»").select_option("cells")
    heard()
    page = open_graph(bare, spoiled(theirs), busy())
    for number in range(page.locator(".wfnb-box").count()):
        page.locator(".wfnb-box").nth(number).press("Enter")
        expect(page.locator(".wfnb-panel")).to_be_visible()
        heard()
    page.locator(".wfnb-box").nth(1).press("f")
    field = page.get_by_role("searchbox")
    field.fill("⟦")
    expect(page.locator(".wfnb-found")).to_contain_text(" not in this picture)»")
    heard()
    field.press("Enter")
    heard()
    field.press("Escape")
    page.get_by_role("button", name="«Table»").click()
    page.get_by_role("row").nth(1).get_by_role("button").click()
    heard()
    bare.turn("data", spoiled(lambda text: theirs(f"other {text}")))
    expect(page.locator(".wfnb-spoken")).to_contain_text("«The rules have changed")
    heard()
    bare.turn("is_live", value=False)
    heard()


def busy() -> State:
    """Rules in all states, and why."""
    toys = gallery()
    known = ids(toys)
    found = state(
        toys,
        {"size": (1, 0), "old_size": (3, 2)},
        rules={"resize": (198, 3, 0), "other": (0, 0, 2)},
        lanes=(Lane(0, theirs("r"), known["resize"], 2.0),),
        spans=(Span(0, theirs("r"), known["resize"], 1.0, 1.9),) * 300,
        waiting=1,
        first_waiting=(Waiting(theirs("w"), known["make_gallery"], "", 2),),
    )
    [request] = found.requests
    whys = (Why("ran", theirs("x"), 198), Why("kept", "other reasons", 3), Why("failed", "", 1))
    rules = {**request.rules, known["resize"]: RuleCounts(198, 3, 1, whys)}
    return replace(found, requests=(replace(request, product=theirs("Gallery"), rules=rules),))


def test_last_requests_are_told_through_it(bare: BarePage, heard: Callable[[], None]) -> None:
    """Beside a graph, whatever became of them."""
    [request] = busy().requests
    for outcome in ("running", *ENDINGS):
        ended = replace(request, outcome=outcome, is_stopping=True, ended_s=3.0, error=theirs("e"))
        open_graph(bare, spoiled(theirs), State(requests=(ended,)))
        expect(bare.page.locator(".wfnb-request")).to_contain_text("«")
        heard()


def story(recording: Recording) -> str:
    """A story whose texts are marked as not ours."""
    kept = ("kind", "outcome", "direction", "rule", "text")

    def change(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: change(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [change(inner, name) for inner in value]
        if not isinstance(value, str) or name in kept or value == "asked for the first time":
            return value
        return theirs(value)

    return json.dumps(change(json.loads(story_to_text(step_story(recording)))))


@pytest.mark.parametrize("name", ["first", "again", "failed"])
def test_stories_speak_through_it(bare: BarePage, heard: Callable[[], None], name: str) -> None:
    """Each step and each task; questions, and what becomes of the answers."""
    recording = replace(recordings()[name], dropped=2)
    bare.open("story", words=MARKING, data=story(recording))
    page = bare.page
    page.get_by_text("«Keys»").click()
    heard()
    page.get_by_role("button", name="«Play»").click()
    expect(page.get_by_role("button", name="«Pause»")).to_be_visible()
    heard()
    page.get_by_role("button", name="«Pause»").click()
    page.get_by_role("slider").press("Home")
    for _ in recording.steps:
        page.get_by_role("slider").press("ArrowRight")
        heard()
    for number in range(page.locator(".wfnb-task").count()):
        page.locator(".wfnb-task").nth(number).press("Enter")
        heard()
    bare.open("story", words=MARKING, data=story(recording))
    page.get_by_role("slider").press("p")
    for turn in range(3 * len(recording.steps)):
        is_open = page.locator(".wfnb-story-choices button").count()
        heard()
        page.keyboard.press(str(turn % is_open + 1) if is_open else "ArrowRight")
    expect(page.locator(".wfnb-story-score")).to_contain_text("right»")
    heard()


def test_other_stories_are_refused_through_it(bare: BarePage, heard: Callable[[], None]) -> None:
    """None, something else, one of another version."""
    other = {**json.loads(story(recordings()["first"])), "v": 2}
    for given in ("", "{}", json.dumps(other)):
        bare.open("story", words=MARKING, data=given)
        expect(bare.page.locator("#host")).to_contain_text("«")
        heard()


def test_other_pages_are_in_english(bare: BarePage) -> None:
    """Without a translator there is no mark; and the marks do not come from elsewhere."""
    bare.open("graph", first=snapshot(busy()), data=data(gallery()))

    assert "«" not in (bare.page.locator("#host").text_content() or "")
    assert unmarked(bare.page) != []
