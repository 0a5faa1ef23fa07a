"""The rule runner: an engine for one test, on a folder of its own.

Knows: files of the test, what goals print. Does not know: pytest.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import weakref
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from wfnb.asking import Deterministic
from wfnb.definitions import Change, Standing
from wfnb.engine import Engine
from wfnb.errors import CallerError
from wfnb.rules.goals import Goal
from wfnb.stories import Story

T = TypeVar("T")


@dataclass(frozen=True)
class GoalResult:
    """What running a goal gave.

    Attributes:
        goal: what its rule returned.
        stdout, stderr: what was written meanwhile.
    """

    goal: Goal
    stdout: str
    stderr: str

    @property
    def exit_code(self) -> int:
        """That of the goal."""
        return self.goal.exit_code


class RuleRunner:
    """An engine with some rules, rooted in a folder whose files the test writes.

    Args:
        rules: what stands from the start.
        root: the folder; a temporary one if there is none, gone with the runner.
        executor: as for `Engine`; `Deterministic(seed)` runs in one thread, in a seeded order.

    Attributes:
        engine: for all that has no short form here.
    """

    def __init__(
        self,
        rules: Iterable[Standing] = (),
        *,
        root: str | Path | None = None,
        executor: Deterministic | None = None,
    ) -> None:
        if root is None:
            root = tempfile.mkdtemp(prefix="wfnb-")
            weakref.finalize(self, shutil.rmtree, root, ignore_errors=True)
        self.root = Path(root).resolve()
        self.engine = Engine(rules, root=self.root, executor=executor)

    def define(self, rules: Iterable[Standing], origin: Hashable = "rule_runner") -> Change:
        """Add rules, or replace those of the same origin."""
        return self.engine.define(rules, origin=origin)

    def request(self, product: type[T], *params: object) -> T:
        """As `Engine.request`."""
        __tracebackhide__ = True
        return self.engine.request(product, *params)

    def run_goal(self, goal: type[Goal] | str, *params: object) -> GoalResult:
        """Run a goal, and catch what it writes."""
        __tracebackhide__ = True
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            found = self.engine.run(goal, *params)
        return GoalResult(found, out.getvalue(), err.getvalue())

    def write_files(self, files: Mapping[str, str | bytes]) -> tuple[Path, ...]:
        """Write files below the root, with the folders they need; text as UTF-8.

        Raises:
            CallerError: a path leads out of the root.
        """
        __tracebackhide__ = True
        written = []
        for name, content in files.items():
            path = self._inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            written.append(path)
        return tuple(written)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the one place in a file where `old` stands.

        Raises:
            CallerError: it stands nowhere, or more than once.
        """
        __tracebackhide__ = True
        path = self._inside(name)
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            times = f"{text.count(old)} times" if old in text else "nowhere"
            fix = "name a text that is there once"
            raise CallerError(f"{old!r} stands {times} in {name}", fix=fix)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def story(self) -> Story:
        """What the last request or goal ran, checked and reused, with the reasons."""
        return self.engine.story()

    def _inside(self, name: str) -> Path:
        __tracebackhide__ = True
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            raise CallerError(f"{name} leads out of the runner's folder", fix="use a path below it")
        return path
