"""A bench for cells: an IPython in this process, a toy engine, and what it was told.

The toy engine does just what `wfnb.notebook` asks of the real one. With a real one, a bench's cells
have every public name of wfnb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import networkx
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.utils.capture import capture_output

import wfnb
from tests.notebook.kernel import SAVED
from wfnb.notebook.extension import Notebook
from wfnb.places import NOWHERE, Place
from wfnb.rules.declare import rule
from wfnb.rules.rule import Rule, RuleKey


@dataclass
class Change:
    added: tuple[Rule, ...] = ()
    changed: tuple[Rule, ...] = ()
    removed: tuple[Rule, ...] = ()
    unchanged: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class ToyDiagnostic:
    code: str
    severity: str
    message: str
    origin: Place = NOWHERE
    reasons: tuple[str, ...] = ()
    fix: str | None = None

    def __str__(self) -> str:
        return f"{self.code}  {self.message}"


@dataclass
class ToyGraph:
    diagnostics: tuple[ToyDiagnostic, ...]
    rules: dict[RuleKey, Rule]

    def to_networkx(self) -> networkx.MultiDiGraph[Any]:
        return networkx.MultiDiGraph()

    @property
    def own_rules(self) -> dict[RuleKey, Rule]:
        return self.rules

    @property
    def open_inputs(self) -> list[type]:
        """Every type that is taken and not made."""
        made = {r.product for r in self.rules.values()}
        taken = {p.type for r in self.rules.values() for p in r.params}
        return sorted(taken - made, key=lambda t: t.__name__)


class ToyEngine:
    """Keeps the rules of each origin and a log of what it was told."""

    def __init__(self) -> None:
        self.before_request: list[Callable[[], object]] = []
        self.param_checks: list[Callable[[object], object]] = []
        self.request_checks: list[Callable[..., object]] = []
        self.on_request: list[Callable[..., object]] = []
        self.by_origin: dict[object, dict[RuleKey, Rule]] = {}
        self.log: list[str] = []
        self.diagnostics: list[ToyDiagnostic] = []
        self.last: object = None
        self.number = 0
        self.running: dict[int, str] = {}

    @property
    def known_diagnostics(self) -> list[ToyDiagnostic]:
        return self.diagnostics

    def subscribe(self, observer: object) -> Any:
        """Nobody is ever told anything."""
        return SimpleNamespace(catch_up=lambda timeout_s: True, close=lambda: None)

    def watch_cells(self, **_: object) -> None:
        """It tells no reasons."""

    @property
    def names(self) -> list[str]:
        """The rules that stand, sorted."""
        return sorted(k.name for rules in self.by_origin.values() for k in rules)

    @property
    def standing(self) -> list[tuple[object, list[RuleKey]]]:
        """Which origin has which rules."""
        return [(o, list(rules)) for o, rules in self.by_origin.items() if rules]

    @property
    def rule_graph(self) -> ToyGraph:
        return ToyGraph(
            tuple(self.diagnostics),
            {k: r for rules in self.by_origin.values() for k, r in rules.items()},
        )

    def explain(self, product: type, *rest: object) -> str:
        return f"explain {product.__name__} from {rest}"

    def plan(self, product: type, *params: object) -> str:
        return f"plan {product.__name__} from {params}"

    def define(self, rules: Iterable[Rule], *, origin: object) -> Change:
        new = {getattr(r, "key", r): r for r in rules}
        everything = {k: r for rs in self.by_origin.values() for k, r in rs.items()}
        for rs in self.by_origin.values():
            for key in new:
                rs.pop(key, None)
        self.by_origin[origin] = new
        change = Change(
            tuple(r for k, r in new.items() if k not in everything),
            tuple(
                r
                for k, r in new.items()
                if k in everything and k is not r and everything[k].code.co_code != r.code.co_code
            ),
        )
        self.log.append(f"define {' '.join(getattr(k, 'name', '·') for k in new)}")
        return change

    def forget(self, what: object) -> Change:
        gone = self.by_origin.pop(what, {})
        self.log.append(f"forget {' '.join(k.name for k in gone)}")
        return Change(removed=tuple(gone.values()))

    def refresh(self) -> Change:
        return Change()

    def cancel(self, request: int) -> bool:
        return False

    def invalidate(self, what: Rule) -> tuple[int, int]:
        self.log.append(f"invalidate {what.name}")
        return (0, 0)

    def request(self) -> list[str]:
        """Ask for something; gives the names of the rules that could answer."""
        for callback in list(self.before_request):
            callback()
        return self.names


def _digest(function: Any) -> object:
    code = function.__code__
    return (code.co_code, code.co_consts, function.__defaults__)


@dataclass
class Bench:
    """Runs cells and says what stands."""

    shell: InteractiveShell
    engine: Any = field(default_factory=ToyEngine)

    def __post_init__(self) -> None:
        if isinstance(self.engine, ToyEngine):
            self.notebook = Notebook(self.shell, lambda: self.engine, digest=_digest)
            self.shell.user_ns.update(rule=rule, ask=self.engine.request)
        else:
            self.notebook = Notebook(self.shell, lambda: self.engine)
            self.shell.user_ns.update({name: getattr(wfnb, name) for name in wfnb.__all__})
        self.notebook.install()

    def run(self, code: str, cell_id: str | None = None) -> ExecutionResult:
        """Run a cell; its failure is in the result."""
        return self.shell.run_cell(code, store_history=True, cell_id=cell_id)

    def ok(self, code: str, cell_id: str | None = None) -> Any:
        """Run a cell that has to succeed; gives the value of its last expression."""
        result = self.run(code, cell_id)
        result.raise_error()
        return result.result

    def show(self, code: str, cell_id: str | None = None) -> str:
        """Run a cell that has to succeed; gives the text of what it displays."""
        with capture_output() as captured:
            self.ok(code, cell_id)
        assert all(o.data.keys() - {SAVED} == {"text/plain"} for o in captured.outputs)
        return "\n".join([*(o.data["text/plain"] for o in captured.outputs)])

    def printed(self, code: str) -> str:
        """Run a cell that has to succeed; gives what it prints, and what it displays as text."""
        return self.printed_in(code, None)

    def printed_in(self, code: str, cell_id: str | None) -> str:
        """The same for a cell with an id."""
        with capture_output() as captured:
            self.ok(code, cell_id)
        shown = [f"{o.data['text/plain']}\n" for o in captured.outputs]
        return "".join([str(captured.stdout), *shown])

    def refuse(self, code: str) -> str:
        """Run a cell that has to fail; gives what IPython shows of the error."""
        with capture_output() as captured:
            assert not self.run(code).success
        return str(captured.stdout).rstrip()
