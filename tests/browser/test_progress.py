"""The progress view, in a browser: each of its states, on a page without a kernel."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.access import findings
from tests.browser.bare import BarePage
from wfnb.events.kinds import (
    LaneMoved,
    MultiGetMoved,
    Node,
    RequestEnded,
    RequestStopping,
    TasksDone,
    Waiting,
)
from wfnb.events.state import Batch, Lane, RequestState, RuleCounts, Snapshot, Span, State, Why

Theme = Literal["light", "dark"]

HOSTILE = "<img src=x onerror=\"window.pwned = 1\">"  # fmt: skip
RULE = "rule|cell|resize|cell.Thumb|cell.Photo"
BAR = MultiGetMoved(
    12, 0, "gather(Folder('photos'))", "In [3], line 4", 200, 120, 12, 1, 2, 65, False
)
REQUEST = RequestState(
    12,
    "Gallery",
    ("Folder('photos')",),
    is_goal=False,
    started_s=1.0,
    rules={RULE: RuleCounts(120, 0, 1, (Why("ran", "first time", 120), Why("failed", "x", 1)))},
    multigets=(BAR,),
    lanes=(
        Lane(0, "resize(Photo('a.jpg'))", RULE, 3.5),
        Lane(1, "resize(Photo('b.jpg'))", RULE, 3),
    ),
    spans=(
        Span(0, "resize(Photo('x.jpg'))", RULE, 1.1, 2.0),
        Span(0, "resize(Photo('y.jpg'))", RULE, 2.0, 3.5),
        Span(1, "resize(Photo('z.jpg'))", RULE, 1.2, 3.0),
    ),
)
ENDED = replace(
    REQUEST,
    outcome="answered",
    ended_s=4.2,
    lanes=(),
    rules={RULE: RuleCounts(200, 0, 0, (Why("ran", "first time", 200),))},
    multigets=(MultiGetMoved(12, 0, "gather()", "", 212, 200, 12, 0, 0, 0, True),),
)

MANAGER = """
window.asked = [];
window.manager = {
  kernel: { interrupt: async () => { window.interrupted = true; } },
  _create_comm: async (target, id, data) => {
    window.asked.push([target, data]);
    return { on_msg: tell => {
      const answer = window.answer;
      if (answer) setTimeout(() => tell({ content: { data: answer } }), 5);
    } };
  },
};
"""


def at(request: RequestState, seq: int = 1) -> Snapshot:
    nodes = {RULE: Node(RULE, "rule", "resize", "In [2], line 1")}
    return Snapshot(seq, 1000.0, State(requests=(request,), nodes=nodes))


def open_at(
    bare: BarePage, request: RequestState, theme: Theme = "light", manager: str = MANAGER
) -> Locator:
    """Show a request; the clock of the kernel is that of its last batch."""
    bare.page.add_init_script(manager)
    data = json.dumps({"engine": 3, "control": "wfnb.control.load"})
    bare.open("progress", theme=theme, first=at(request), data=data)
    if request.ended_s is None:
        bare.tell(Batch(2, 4.0, ()))
    return bare.page.locator(".wfnb-progress")


def answers(page: Page, answer: Any) -> None:
    page.evaluate("answer => { window.answer = answer; }", answer)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shows_a_request_that_runs(bare: BarePage, theme: Theme) -> None:
    """A bar for the MultiGet with signs and words, what runs, how long; axe-core finds nothing."""
    view = open_at(bare, REQUEST, theme)

    expect(view.locator(".wfnb-line-text")).to_contain_text("Gallery: running for 3.")
    expect(view.locator(".wfnb-line-text")).to_contain_text("; 120 ran, 12 reused, 1 failed")
    bar = view.get_by_role("progressbar", name="MultiGet of gather(Folder('photos'))")
    expect(bar).to_have_attribute("aria-valuenow", "133")
    expect(bar).to_have_attribute("aria-valuemax", "200")
    expect(bar).to_have_attribute(
        "aria-valuetext", "120 done, 12 reused, 1 failed, 2 running, 65 waiting of 200"
    )
    expect(view.locator(".wfnb-legend li")).to_have_text(
        ["✔ 120 done", "↺ 12 reused", "✖ 1 failed", "▶ 2 running", "○ 65 waiting"]
    )
    expect(view.locator(".wfnb-bar-head")).to_contain_text("In [3], line 4")
    expect(view.locator(".wfnb-running li")).to_contain_text(
        ["resize(Photo('a.jpg')) · ", "resize(Photo('b.jpg')) · "]
    )
    assert findings(bare.page) == []
    assert (bare.reached, bare.console) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ends_as_one_line_that_unfolds(bare: BarePage, theme: Theme) -> None:
    """By the keyboard alone: Enter opens the timeline and its tables, Escape goes back."""
    view = open_at(bare, ENDED, theme)
    expect(view.locator(".wfnb-line-text")).to_have_text(
        "Gallery: 200 ran, 12 reused, 0 failed in 3.2 s"
    )
    expect(view.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(view.get_by_role("progressbar")).to_have_count(0)
    fold = view.get_by_role("button", name="Timeline")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(view.locator("svg")).to_have_count(0)

    bare.page.keyboard.press("Tab")
    expect(fold).to_be_focused()
    bare.page.keyboard.press("Enter")

    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(view.locator(".wfnb-span")).to_have_count(3)
    expect(view.locator(".wfnb-lane-name")).to_have_text(["asker", "thread 1", "0.0 s", "3.2 s"])
    rules = view.get_by_role("region", name="Rules")
    expect(rules.locator("tbody tr")).to_have_text(["resize20000200 ran: first time"])
    longest = view.get_by_role("region", name="The bodies that took longest").locator("tbody tr")
    expect(longest.first).to_have_text("resize(Photo('z.jpg'))thread 10.2 s1.8 s")
    assert findings(bare.page) == []
    bare.page.keyboard.press("Tab")
    bare.page.keyboard.press("Escape")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(fold).to_be_focused()
    assert bare.page.evaluate("window.keys") == ["Tab"]


@pytest.mark.parametrize(
    ("outcome", "changes", "text"),
    [
        (
            "interrupted",
            {"cut_off": ("a(1)", "b(2)")},
            "Gallery: 120 ran, 12 reused, 1 failed in 3.2 s; interrupted in a(1) and 1 more",
        ),
        (
            "failed",
            {"error": "ValueError: not this"},
            "Gallery: 120 ran, 12 reused, 1 failed in 3.2 s; failed: ValueError: not this",
        ),
        ("refused", {}, "Gallery: 120 ran, 12 reused, 1 failed in 3.2 s; failed"),
        (
            "answered",
            {"is_goal": True, "exit_code": 3},
            "goal Gallery: 120 ran, 12 reused, 1 failed in 3.2 s; exit code 3",
        ),
    ],
)
def test_says_how_it_ended(
    bare: BarePage, outcome: Any, changes: dict[str, Any], text: str
) -> None:
    """In words, whatever the colour."""
    view = open_at(bare, replace(REQUEST, outcome=outcome, ended_s=4.2, lanes=(), **changes))

    expect(view.locator(".wfnb-line-text")).to_have_text(text)
    assert findings(bare.page) == []


def test_moves_with_what_the_kernel_tells(bare: BarePage) -> None:
    """Batches move the bar; at the end there is the line. It says how long the rest may take."""
    view = open_at(bare, REQUEST)
    bar = view.get_by_role("progressbar")

    bare.tell(Batch(3, 6.0, (replace(BAR, done=150, waiting=35),)))

    expect(bar).to_have_attribute("aria-valuenow", "163")
    expect(view.locator(".wfnb-left")).to_have_text(re.compile(r"about 2\.\d s left here"))
    bare.tell(
        Batch(
            4,
            7.0,
            (
                TasksDone(12, RULE, "ran", 67, "first time"),
                replace(BAR, done=187, waiting=0, running=0, is_over=True),
                RequestEnded(12, "answered", "", None, (), 7.0),
            ),
        )
    )
    expect(view.locator(".wfnb-line-text")).to_have_text(
        "Gallery: 187 ran, 12 reused, 1 failed in 6.0 s"
    )


def test_cancels_by_mouse(bare: BarePage) -> None:
    """The kernel is asked on the control comm; the state is told in words."""
    view = open_at(bare, REQUEST)
    answers(bare.page, {"done": True, "text": "request 12 is cancelled"})

    view.get_by_role("button", name="Cancel Gallery").click()

    expect(view.locator(".wfnb-status")).to_have_text(
        "stopping: waiting for resize(Photo('a.jpg')) and 1 more to come back"
    )
    assert bare.page.evaluate("window.asked") == [
        ["wfnb.control.load", {"do": "cancel", "request": 12, "engine": 3}]
    ]
    expect(view.get_by_role("button", name="Cancel")).to_have_count(0)
    assert findings(bare.page) == []


def test_cancels_by_keyboard(bare: BarePage) -> None:
    """Tab, Enter; no key reaches the notebook."""
    view = open_at(bare, REQUEST)
    answers(bare.page, {"done": True, "text": ""})

    bare.page.keyboard.press("Tab")
    expect(view.get_by_role("button", name="Cancel Gallery")).to_be_focused()
    bare.page.keyboard.press("Enter")

    expect(view.locator(".wfnb-status")).to_contain_text("stopping")
    expect(view.get_by_role("button", name="Timeline")).to_be_focused()  # there is no Cancel now
    assert bare.page.evaluate("window.keys") == ["Tab"]


def test_says_what_the_kernel_answered(bare: BarePage) -> None:
    """When it could not be cancelled."""
    view = open_at(bare, REQUEST)
    answers(bare.page, {"done": False, "text": f"request 12 does not run any more {HOSTILE}"})

    view.get_by_role("button", name="Cancel Gallery").click()

    expect(view.locator(".wfnb-status")).to_have_text(f"request 12 does not run any more {HOSTILE}")


def test_offers_to_interrupt_a_kernel_that_does_not_answer(bare: BarePage) -> None:
    """After a second; that is what is left where a kernel has no subshells."""
    view = open_at(bare, REQUEST)
    answers(bare.page, None)

    view.get_by_role("button", name="Cancel Gallery").click()
    expect(view.locator(".wfnb-status")).to_have_text("asking the kernel to stop")
    expect(view.locator(".wfnb-status")).to_have_text(
        "The kernel does not answer while the cell runs."
    )
    assert bare.page.evaluate("window.interrupted") is None
    view.get_by_role("button", name="Interrupt the kernel").click()

    expect(view.locator(".wfnb-status")).to_have_text("interrupting the kernel")
    assert bare.page.evaluate("window.interrupted") is True


def test_keeps_the_focus_until_it_interrupts(bare: BarePage) -> None:
    """By keys alone, while it asks, when it offers, and when there is nothing left to press."""
    view = open_at(bare, REQUEST)
    answers(bare.page, None)
    bare.page.keyboard.press("Tab")
    bare.page.keyboard.press("Enter")
    expect(view.get_by_role("button", name="Cancel Gallery")).to_be_disabled()
    expect(view.get_by_role("button", name="Cancel Gallery")).to_be_focused()
    bare.page.keyboard.press("Enter")

    expect(view.get_by_role("button", name="Interrupt the kernel")).to_be_focused()
    assert bare.page.evaluate("window.interrupted") is None
    bare.page.keyboard.press("Enter")

    expect(view.get_by_role("button", name="Timeline")).to_be_focused()
    assert bare.page.evaluate("window.interrupted") is True
    assert bare.page.evaluate("window.keys") == ["Tab"]


@pytest.mark.parametrize(
    "manager", ["", "window.manager = {};", "window.manager = { kernel: null };"]
)
def test_says_what_to_press_where_it_can_do_nothing(bare: BarePage, manager: str) -> None:
    """In a front end without comms of its own."""
    view = open_at(bare, REQUEST, manager=manager)

    view.get_by_role("button", name="Cancel Gallery").click()

    expect(view.locator(".wfnb-status")).to_have_text(
        "The kernel does not answer while the cell runs: press ■ in the toolbar of the notebook."
    )
    expect(view.get_by_role("button", name="Cancel")).to_have_count(0)


def test_says_that_it_is_stopping_when_somebody_else_stopped_it(bare: BarePage) -> None:
    """By the stop button."""
    view = open_at(bare, REQUEST)

    bare.tell(Batch(3, 4.1, (RequestStopping(12, 4.1), LaneMoved(12, 1, "", "", 4.1))))

    expect(view.locator(".wfnb-line-text")).to_contain_text("Gallery: stopping for ")
    expect(view.locator(".wfnb-status")).to_have_text(
        "stopping: waiting for resize(Photo('a.jpg')) to come back"
    )


def test_shows_where_bodies_wait_when_there_is_no_multiget(bare: BarePage) -> None:
    """A chain of Gets."""
    waits = (Waiting("outer(1)", RULE, "In [2], line 5", 1),)
    view = open_at(bare, replace(REQUEST, multigets=(), lanes=(), waiting=3, first_waiting=waits))

    expect(view.locator(".wfnb-waits")).to_have_text("outer(1) waits at In [2], line 5 and 2 more")


def test_shows_five_multigets_at_most(bare: BarePage) -> None:
    """Those that move, outer ones first."""
    bars = tuple([replace(BAR, number=n, is_over=n in (0, 2), asker=f"a({n})") for n in range(9)])
    view = open_at(bare, replace(REQUEST, multigets=bars))

    expect(view.locator(".wfnb-bar-head .wfnb-code")).to_have_text(
        [f"a({n}), In [3], line 4" for n in (1, 3, 4, 5, 6)]
    )


@pytest.mark.parametrize("is_over", [False, True])
def test_shows_names_as_text(bare: BarePage, is_over: bool) -> None:
    """Whatever rules, params and errors are called, nothing of it is markup."""
    bad = RequestState(
        12,
        HOSTILE,
        (HOSTILE,),
        is_goal=False,
        started_s=1.0,
        outcome="failed" if is_over else "running",
        ended_s=4.0 if is_over else None,
        error=HOSTILE,
        cut_off=(HOSTILE,),
        rules={HOSTILE: RuleCounts(1, 0, 1, (Why("ran", HOSTILE, 1),))},
        multigets=(replace(BAR, asker=HOSTILE, place=HOSTILE),),
        lanes=() if is_over else (Lane(0, HOSTILE, HOSTILE, 3.0),),
        spans=(Span(0, HOSTILE, HOSTILE, 1.0, 4.0),),
        waiting=1,
        first_waiting=(Waiting(HOSTILE, HOSTILE, HOSTILE, 1),),
    )
    view = open_at(bare, bad)

    view.get_by_role("button", name="Timeline").click()

    expect(view.locator(".wfnb-line-text")).to_contain_text(HOSTILE)
    expect(view.get_by_role("region", name="Rules")).to_contain_text(HOSTILE)
    assert view.locator("img").count() == 0
    assert bare.page.evaluate("window.pwned") is None
    assert (bare.reached, bare.console) == ([], [])


def test_stays_light_with_many_threads_and_spans(bare: BarePage) -> None:
    """As many as the protocol keeps: still drawn in a moment."""
    spans = tuple([Span(n % 64, f"t({n})", RULE, n * 0.01, n * 0.01 + 0.5) for n in range(300)])
    view = open_at(bare, replace(ENDED, spans=spans))

    took = bare.page.evaluate(
        """() => { const since = performance.now();
            document.querySelector('.wfnb-progress [aria-expanded]').click();
            return performance.now() - since; }"""
    )

    assert took < 200
    expect(view.locator(".wfnb-lane-name")).to_have_count(16 + 2)
    expect(view.locator(".wfnb-more > div > p")).to_contain_text("48 more threads.")


def test_leaves_nothing_behind(bare: BarePage) -> None:
    """Taken away, a view listens to nothing, and nothing ticks."""
    bare.page.add_init_script(
        "const set = window.setInterval, clear = window.clearInterval; window.ticking = 0;"
        "window.setInterval = (...a) => { window.ticking += 1; return set(...a); };"
        "window.clearInterval = (...a) => { window.ticking -= 1; return clear(...a); };"
    )
    open_at(bare, REQUEST)
    assert bare.page.evaluate("window.ticking") == 1

    bare.page.evaluate("window.end()")

    assert bare.page.evaluate("window.listeners()") == 0
    assert bare.page.evaluate("window.ticking") == 0
    assert bare.page.locator("#host > *").count() == 0
