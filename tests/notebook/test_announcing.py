"""Pages learn that a kernel has wfnb, and are told what its engine does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from comm.base_comm import BaseComm, CommManager
from IPython.core.interactiveshell import InteractiveShell

from tests.events.watchers import TOYS, Number, Squares
from tests.notebook.cellbench import Bench
from wfnb import Engine
from wfnb.events.codec import from_json
from wfnb.events.fold import fold
from wfnb.events.state import Snapshot, State
from wfnb.notebook import announcing
from wfnb.notebook.announcing import EVENTS, MOST_PAGES, Announcer
from wfnb.widgets.problems import ProblemsView


class FakeComm(BaseComm):
    """A comm whose messages are kept."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        self.sent: list[tuple[str, Any]] = []
        super().__init__(*args, **keywords)

    def publish_msg(self, msg_type: str, data: Any = None, *_: Any, **__: Any) -> None:
        self.sent.append((msg_type, data))

    @property
    def messages(self) -> list[Any]:
        return [from_json(data) for kind, data in self.sent if kind == "comm_msg"]


class FakeKernel:
    """A shell whose kernel has comms, and the pages that open them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.manager = CommManager()
        self.shell: Any = SimpleNamespace(kernel=SimpleNamespace(comm_manager=self.manager))
        self.announced: list[FakeComm] = []
        self.engine = Engine(TOYS)

        def create(**keywords: Any) -> FakeComm:
            self.announced.append(FakeComm(**keywords))
            return self.announced[-1]

        monkeypatch.setattr("comm.create_comm", create)
        self.announcer = Announcer(lambda: self.engine)

    def start(self) -> None:
        """Load once more."""
        self.announcer.start(self.shell, f"load-{len(self.announced)}")

    @property
    def target(self) -> str:
        """Where pages open comms that have heard of the last load."""
        return f"{EVENTS}.{self.announced[-1].comm_id}"

    def open(self, data: object = None) -> FakeComm:
        """A page wants to know."""
        comm = FakeComm(target_name=self.target, primary=False)
        self.manager.register_comm(comm)
        self.manager.targets[self.target](comm, {"content": {"data": data}})
        return comm

    def close(self, comm: FakeComm) -> None:
        """A page has heard enough."""
        comm.handle_close({"content": {}})

    @property
    def told(self) -> int:
        """How many observers the engine has."""
        listener: Any = self.engine._ear.listener
        return len(listener._members) if listener is not None else 0

    def state(self, comm: FakeComm) -> State:
        """What a page shows by now; fails if a message is missing."""
        with self.engine.subscribe(lambda message: None) as watching:
            assert watching.catch_up()
        return fold(comm.messages)


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKernel]:
    """A kernel that has announced itself."""
    kernel = FakeKernel(monkeypatch)
    kernel.start()
    yield kernel
    kernel.announcer.stop(kernel.shell)


def test_announces_itself_once(kernel: FakeKernel) -> None:
    """With one comm, on which nothing is sent; nobody watches the engine, and no thread runs."""
    before = threading.active_count()
    kernel.start()

    assert [comm.target_name for comm in kernel.announced] == ["wfnb"]
    assert [kind for kind, _ in kernel.announced[0].sent] == ["comm_open"]
    assert (kernel.told, threading.active_count()) == (0, before)


def test_is_silent_in_a_terminal(shell: InteractiveShell) -> None:
    """There is no kernel, and so no page."""
    announcer = Announcer(Engine)

    announcer.start(shell, "load")
    announcer.stop(shell)


def test_tells_a_page_until_it_closes(kernel: FakeKernel) -> None:
    """First a snapshot, then all that follows; then the engine is left alone."""
    page = kernel.open()
    kernel.engine.request(Squares, Number(3))
    assert [one.product for one in kernel.state(page).requests] == ["Squares"]
    assert isinstance(page.messages[0], Snapshot)

    kernel.close(page)
    count = len(page.sent)
    kernel.engine.request(Squares, Number(4))

    assert (kernel.told, len(page.sent)) == (0, count)


def test_ends_what_an_earlier_load_of_a_page_asked_for(kernel: FakeKernel) -> None:
    """A page that is loaded again does not say goodbye; it says its name."""
    first, other = kernel.open({"page": "a"}), kernel.open({"page": "b"})
    again = kernel.open({"page": "a"})
    kernel.engine.request(Squares, Number(3))

    assert (len(kernel.state(again).requests), len(kernel.state(other).requests)) == (1, 1)
    assert kernel.told == 2
    kernel.close(first)  # at last
    assert kernel.told == 2


def test_tells_so_many_pages_and_no_more(kernel: FakeKernel) -> None:
    """The oldest is told nothing more; whatever pages send as they open, they are told."""
    for odd in (None, "x", [], {"page": 3}, {}, *range(MOST_PAGES)):
        kernel.open(odd)

    assert kernel.told == MOST_PAGES


def test_follows_the_engine_that_is_current(kernel: FakeKernel) -> None:
    """Another snapshot says that it is another one; the first is not watched any more."""
    page, before = kernel.open(), kernel.engine
    kernel.state(page)
    kernel.engine = Engine()
    kernel.announcer.follow(kernel.engine)
    kernel.announcer.follow(kernel.engine)

    assert kernel.state(page) == State()
    assert sum(isinstance(one, Snapshot) for one in page.messages) == 2
    assert (kernel.told, before._ear.listener) == (1, None)


def test_takes_everything_back(kernel: FakeKernel) -> None:
    """Only the announcement is closed: pages close the rest, which others do not know of."""
    page = kernel.open()
    kernel.announcer.stop(kernel.shell)
    kernel.announcer.stop(kernel.shell)

    assert (kernel.told, kernel.target in kernel.manager.targets) == (0, False)
    assert [kind for kind, _ in kernel.announced[0].sent] == ["comm_open", "comm_close"]
    assert "comm_close" not in [kind for kind, _ in page.sent]
    kernel.close(page)

    before = kernel.target
    kernel.start()
    assert len(kernel.announced) == 2
    assert (before in kernel.manager.targets, kernel.target in kernel.manager.targets) == (
        False,
        True,
    )


def test_imports_no_comms_before_it_needs_them() -> None:
    """A terminal has none."""
    assert "comm" not in vars(announcing)


def test_tells_no_page_that_opens_as_it_stops(kernel: FakeKernel) -> None:
    """A page may come on the thread of a subshell; its comm is left alone."""
    opened = kernel.manager.targets[kernel.target]
    kernel.announcer.stop(kernel.shell)
    comm = FakeComm(target_name=kernel.target, primary=False)
    opened(comm, {"content": {"data": None}})

    assert kernel.told == 0

    kernel.start()
    kernel.open()
    assert kernel.told == 1


def test_ends_views(live: Bench) -> None:
    """What was shown of the engine stays, and is live no longer."""
    view = ProblemsView(live.engine, "")
    live.notebook.uninstall()

    assert not view.is_live
    assert live.engine._ear.listener is None
