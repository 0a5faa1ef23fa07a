"""Control: what a page asks of the kernel while a cell may run.

The page opens a comm, says what to do as it opens it, and is answered on that comm, which is then
closed. What it asks over the comm of a widget, some kernels serve after the cell only; a comm that
is opened by the page is served beside the cell wherever the kernel has subshells (measured with
ipykernel 7.2, 7.3 and 7.4). So this may be called on the thread of a subshell. Each load has a
target of its own; why is told in announcing.py.

Knows: comms, requests by number. Does not know: views, or what else can be asked (questions.py).
Holds: a message that cannot be read is answered as any other, and does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from wfnb.engine import Engine

TARGET = "wfnb.control"

Answer = dict[str, Any]


class Control:
    """Answers pages; one for a shell.

    Args:
        engine: gives the engine that is meant where a page names none.

    Attributes:
        answers: by what there is to do, a function of the engine and of the page's message.
        target: the name under which pages open their comms.
    """

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self.answers: dict[str, Callable[[Engine, Mapping[str, Any]], Answer]] = {"cancel": cancel}
        self.target = TARGET
        self._engine = engine
        self._known: WeakValueDictionary[int, Engine] = WeakValueDictionary()

    def know(self, engine: Engine) -> None:
        """Have pages name this engine by its number."""
        self._known[engine.number] = engine

    def register(self, shell: InteractiveShell, load: str) -> None:
        """Have the kernel of `shell`, if it has one, take such comms.

        Args:
            load: an id that no other load has.
        """
        manager = manager_of(shell)
        if manager is not None:
            self.target = f"{TARGET}.{load}"
            manager.register_target(self.target, self._opened)

    def unregister(self, shell: InteractiveShell) -> None:
        """Have it take none any more."""
        manager = manager_of(shell)
        if manager is not None and manager.targets.get(self.target) == self._opened:
            manager.unregister_target(self.target, self._opened)

    def answer(self, data: object) -> Answer:
        """What a page is answered.

        Returns:
            At least `done`, whether it was done, and `text`, a sentence about it.
        """
        asked: Mapping[str, Any] = data if isinstance(data, dict) else {}
        answer = self.answers.get(str(asked.get("do")))
        if answer is None:
            return _no(f"wfnb cannot {asked.get('do')!r:.40}")
        try:
            engine = self._known.get(asked["engine"]) if "engine" in asked else self._engine()
            if engine is None:
                return _no("the engine that was meant has gone")
            return answer(engine, asked)
        except Exception as error:  # whatever a page sends, it gets an answer
            return _no(f"{type(error).__name__}: {error!s:.200}")

    def _opened(self, comm: Any, message: Mapping[str, Any]) -> None:
        comm.send(self.answer(message["content"].get("data")))
        comm.close()


def cancel(engine: Engine, asked: Mapping[str, Any]) -> Answer:
    """Interrupt the request that the page names."""
    number = asked.get("request")
    if type(number) is not int:
        return _no(f"{number!r:.40} is no number of a request")
    if engine.cancel(number):
        return {"done": True, "text": f"request {number} is cancelled"}
    return _no(f"request {number} does not run any more")


def _no(text: str) -> Answer:
    return {"done": False, "text": text}


def manager_of(shell: InteractiveShell) -> Any:
    """What has the comms of a shell's kernel; None on a terminal."""
    return getattr(getattr(shell, "kernel", None), "comm_manager", None)
