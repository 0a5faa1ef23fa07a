"""A real kernel for tests: cells go in, what a frontend would show comes out.

Knows: the Jupyter messages. Does not know: wfnb.
"""

from __future__ import annotations

import os
import queue
import re
import signal
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_event_loop

VIEW = "application/vnd.jupyter.widget-view+json"
SAVED = "application/vnd.wfnb.view+json"
ROOT = Path(__file__).resolve().parents[2]
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Outcome:
    """What one cell came to.

    Attributes:
        status: of the execute reply: "ok", "error" or "aborted".
        stdout, stderr: joined streams.
        displays: the bundles of display_data messages, in order.
        result: text of the last expression's value, None if there was none.
        errors: (name, value, traceback without colours) of each error message on iopub.
        seconds: from sending to idle.
        prompt_s: from the interrupt to idle; None if there was none.
        replied: the content of the execute reply.
    """

    status: str = "?"
    stdout: str = ""
    stderr: str = ""
    displays: list[dict[str, Any]] = field(default_factory=list)
    result: str | None = None
    errors: list[tuple[str, str, str]] = field(default_factory=list)
    seconds: float = 0.0
    prompt_s: float | None = None
    replied: dict[str, Any] = field(default_factory=dict)

    @property
    def error(self) -> str:
        """The text of the only error message."""
        assert len(self.errors) == 1, self
        return self.errors[0][2]

    @property
    def displayed(self) -> str:
        """The text of the only display; but for it, there may be a live view, and its name."""
        assert len(self.displays) == 1, self
        assert self.displays[0].keys() - {VIEW, SAVED} == {"text/plain"}, self
        return str(self.displays[0]["text/plain"])

    @property
    def shown(self) -> str:
        """Everything a reader of the notebook sees, streams first."""
        parts = [self.stdout, self.stderr, *(str(d.get("text/plain")) for d in self.displays)]
        return "\n".join(p for p in [*parts, self.result or ""] if p)


class Kernel:
    """One ipykernel process that can import wfnb from this checkout."""

    def __init__(self, directory: Path) -> None:
        self._loop = ensure_event_loop()  # jupyter_client's blocking calls run on it
        self.manager = KernelManager()
        spec = self.manager.kernel_spec
        assert spec is not None
        spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        path = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH", "")) if p)
        home = {"IPYTHONDIR": str(directory / ".ipython"), "XDG_CACHE_HOME": str(directory)}
        env = {**os.environ, **home, "PYTHONPATH": path, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        self.manager.start_kernel(env=env, cwd=str(directory))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    @property
    def pid(self) -> int:
        """The kernel's process."""
        return int(self.manager.provisioner.pid)  # type: ignore[union-attr]  # it has started

    def close(self) -> None:
        """Stop the process; the kernel cannot be used any more."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self._loop.close()

    def run(
        self,
        code: str,
        *,
        cell_id: str | None = None,
        deleted: Iterable[str] = (),
        interrupt_after_s: float | None = None,
        subshell: str | None = None,
        silent: bool = False,
        timeout_s: float = 30.0,
    ) -> Outcome:
        """Run one cell as JupyterLab would; without `cell_id`, as nbclient would."""
        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        message = self.client.session.msg("execute_request", content)
        if cell_id is not None:
            message["metadata"].update({"cellId": cell_id, "deletedCells": list(deleted)})
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        began = time.perf_counter()
        self.client.shell_channel.send(message)
        pressed: list[float] = []

        def press() -> None:
            # Not interrupt_kernel(): called in this thread, it leaves an event loop behind.
            pressed.append(time.perf_counter())
            os.kill(self.pid, signal.SIGINT)

        if interrupt_after_s is not None:
            threading.Timer(interrupt_after_s, press).start()
        outcome = self._collect(message["header"]["msg_id"], began + timeout_s)
        ended = time.perf_counter()
        outcome.seconds = ended - began
        outcome.prompt_s = ended - pressed[0] if pressed else None
        return outcome

    def ok(self, code: str, **how: Any) -> Outcome:
        """Run a cell that has to succeed."""
        outcome = self.run(code, **how)
        assert outcome.status == "ok", outcome
        assert not outcome.errors, outcome
        return outcome

    def complete(self, code: str) -> list[str]:
        """What Tab offers at the end of `code`."""
        reply = self.client.complete(code, reply=True, timeout=20)
        return list(reply["content"]["matches"])

    def pages(self, code: str) -> str:
        """The help that `code` (something ending in `?`) opens."""
        payload = self.ok(code).replied["payload"]
        return _ANSI.sub("", "\n".join(p["data"]["text/plain"] for p in payload))

    def announced(self) -> str:
        """The id of the comm on which wfnb has announced itself."""
        reply = self.client.comm_info(target_name="wfnb", reply=True, timeout=20)
        [only] = reply["content"]["comms"]
        return str(only)

    def new_subshell(self) -> str:
        """Open a subshell and give its id."""
        message = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(message)
        while True:
            reply = self.client.get_control_msg(timeout=10)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return str(reply["content"]["subshell_id"])

    def _collect(self, sent: str, deadline: float) -> Outcome:
        outcome = Outcome()
        while True:
            try:
                message = self.client.get_iopub_msg(
                    timeout=max(0.01, deadline - time.perf_counter())
                )
            except queue.Empty:
                raise TimeoutError(f"no answer in time; so far {outcome}") from None
            if message["parent_header"].get("msg_id") != sent:
                continue
            content = message["content"]
            match message["msg_type"]:
                case "stream" if content["name"] == "stdout":
                    outcome.stdout += content["text"]
                case "stream":
                    outcome.stderr += content["text"]
                case "display_data":
                    outcome.displays.append(content["data"])
                case "execute_result":
                    outcome.result = content["data"]["text/plain"]
                case "error":
                    text = _ANSI.sub("", "\n".join(content["traceback"]))
                    outcome.errors.append((content["ename"], content["evalue"], text))
                case "status" if content["execution_state"] == "idle":
                    break
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.01, deadline - time.perf_counter()))
            if reply["parent_header"].get("msg_id") == sent:
                outcome.status = reply["content"]["status"]
                outcome.replied = reply["content"]
                return outcome
