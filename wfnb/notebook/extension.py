"""The extension: everything that wfnb registers with IPython, and takes back.

Knows: IPython's events, transformers and builtins; the parts of this package.
Does not know: how any of them works.
Holds: loading registers callbacks, and announces a kernel to its pages. It does nothing else: no
       thread, no file, no network, no engine. Loading twice is loading once. Unloading leaves the
       user's names and the engine's rules, and what it left is found again when it is loaded again.
"""

from __future__ import annotations

import ast
import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.display import display

from wfnb import places
from wfnb.current import current_engine, on_change
from wfnb.engine import Engine
from wfnb.errors import DefinitionError, ParamError
from wfnb.notebook import magics, meant, statements
from wfnb.notebook.announcing import Announcer
from wfnb.notebook.askers import Askers
from wfnb.notebook.cells import Cells, Checks
from wfnb.notebook.classes import ClassBook
from wfnb.notebook.completion import matcher_of
from wfnb.notebook.control import Control
from wfnb.notebook.headers import VerbHelp, rewrite_header
from wfnb.notebook.labels import Labels
from wfnb.notebook.live import end_views, has_views
from wfnb.notebook.options import read_rule_options
from wfnb.notebook.progress import Progress
from wfnb.notebook.questions import Questions
from wfnb.notebook.reach import Reach
from wfnb.notebook.reader import HEADER_CALL, KEEP_CALL, STATE_CALL, CellReader
from wfnb.notebook.reload import Modules, newer, reloaded
from wfnb.notebook.reports import report
from wfnb.notebook.stale import param_refusal
from wfnb.notebook.statements import ClassText
from wfnb.notebook.verbs import Desk
from wfnb.rulegraph.codes import UNUSED
from wfnb.rules.declare import on_declare
from wfnb.rules.unions import QueryRule, UnionRule

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

_ATTRIBUTE = "_wfnb_notebook"


def load(shell: InteractiveShell) -> None:
    """Start watching the cells of `shell`; `%load_ext wfnb`."""
    notebook_of(shell).install()


def unload(shell: InteractiveShell) -> None:
    """Stop watching; `%unload_ext wfnb`."""
    notebook_of(shell).uninstall()


def notebook_of(shell: InteractiveShell) -> Notebook:
    """What is known of the cells of `shell`; the same object for the shell's whole life."""
    known = getattr(shell, _ATTRIBUTE, None)
    if not isinstance(known, Notebook):
        known = Notebook(shell)
        setattr(shell, _ATTRIBUTE, known)
    return known


class Notebook:
    """The cells of one shell, and all that hangs on its hooks.

    Args:
        shell: IPython's.
        engine: gives the engine to use now.
        digest: gives a token for the meaning of a function.
    """

    def __init__(
        self,
        shell: InteractiveShell,
        engine: Callable[[], Engine] | None = None,
        digest: Callable[[object], object] | None = None,
    ) -> None:
        self.shell = shell
        self._labels = Labels(shell)
        self.classes = ClassBook(
            lambda: shell.user_ns, digest or _digest, lambda: self._labels.current
        )
        self._binders: dict[str, str] = {}
        self._reach = Reach(self.classes, lambda: shell.user_ns, self._binders)
        self._askers = Askers(lambda: self.cells.running, self._is_retired)
        self.cells = Cells(
            engine or current_engine,
            lambda: shell.user_ns,
            self.classes,
            Checks(self.refusal, self._reach_refusal, self._over, self._askers.note),
            self._settle_in,
        )
        self.control = Control(self.cells.attach)
        self._progress = Progress(shell, self.control)
        questions = Questions(self.cells, self._askers, lambda: shell.user_ns)
        self.control.answers.update(questions.answers, progress=self._progress.choose)
        self._announcer = Announcer(self.cells.attach)
        self._modules = Modules(self.classes, lambda: shell.user_ns)
        self._matcher = matcher_of(self.desk)
        self._reader = CellReader(self._is_ours, self._note)
        self._stop_listening: Callable[[], object] | None = None
        self._thread = threading.get_ident()
        self._infos: list[ExecutionInfo] = []
        self._request_id: object = None
        self._bound: set[str] = set()
        self._unmarked: list[tuple[str, int]] = []
        self._problems: set[tuple[str, str]] = set()

    def _is_retired(self, cls: type) -> bool:
        return self.classes.retirement(cls) is not None

    def _over(self) -> None:
        """A cell is over."""
        self._reach.forget()
        self._askers.let_go()

    def _settle_in(self, engine: Engine) -> None:
        """Have the engine name cells, and speak through them."""
        self.control.know(engine)
        self._askers.know(engine)
        engine.watch_cells(
            running=lambda: self._labels.current,
            change_of=self._change_of,
            tell=lambda text: print(f"note: {text}"),
            show=display,
            slow=self._progress,
            records=True,
        )
        self._announcer.follow(engine)

    def _change_of(self, cls: type) -> str:
        retirement = self.classes.retirement(cls)
        return retirement.change if retirement is not None else ""

    # -- registering ---------------------------------------------------------------------------

    def install(self) -> None:
        """Register every hook; nothing if they are."""
        if self._stop_listening is not None:
            return
        shell, load = self.shell, uuid.uuid4().hex
        self._thread = threading.get_ident()
        shell.input_transformers_cleanup.append(rewrite_header)
        shell.input_transformer_manager.token_transformers.append(VerbHelp)
        shell.ast_transformers.append(self._reader)
        shell.builtin_trap.auto_builtins[HEADER_CALL] = self._head
        shell.builtin_trap.auto_builtins[KEEP_CALL] = self._keep
        shell.builtin_trap.auto_builtins[STATE_CALL] = self._state
        shell.events.register("pre_run_cell", self._pre_run_cell)
        shell.events.register("post_run_cell", self._post_run_cell)
        magics.register(shell, self.desk)
        meant.install(shell)
        self.control.register(shell, load)
        shell.Completer.custom_matchers.append(self._matcher)
        self._labels.catch_up()
        places.set_labeller(self._labels, self._labels.cell_of)
        stop_declared, stop_changed = on_declare(self._declare), on_change(self._engine_changed)
        self._stop_listening = lambda: (stop_declared(), stop_changed())
        self._announcer.start(shell, load)

    def uninstall(self) -> None:
        """Remove every hook; nothing if there are none."""
        if self._stop_listening is None:
            return
        self._stop_listening()
        self._stop_listening = None
        shell = self.shell
        self._announcer.stop(shell)
        end_views()
        shell.input_transformers_cleanup.remove(rewrite_header)
        shell.input_transformer_manager.token_transformers.remove(VerbHelp)
        shell.ast_transformers.remove(self._reader)
        shell.builtin_trap.auto_builtins.pop(HEADER_CALL, None)
        shell.builtin_trap.auto_builtins.pop(KEEP_CALL, None)
        shell.builtin_trap.auto_builtins.pop(STATE_CALL, None)
        shell.events.unregister("pre_run_cell", self._pre_run_cell)
        shell.events.unregister("post_run_cell", self._post_run_cell)
        magics.unregister(shell)
        meant.uninstall(shell)
        self.control.unregister(shell)
        shell.Completer.custom_matchers.remove(self._matcher)
        if self.cells.is_running:  # the cell that unloads: what stands above that line counts
            self.cells.end(has_failed=False)
        self.cells.detach()
        places.set_labeller(None)
        self._infos.clear()

    def _engine_changed(self) -> None:
        """The cells' rules stand in the new engine at once, also for the rest of this cell."""
        if self._is_ours():
            self.cells.attach()

    def desk(self) -> Desk:
        """Where verbs look: at what stands, the running cell's definitions included."""
        engine = self.cells.attach()
        if self._is_ours():
            self.cells.flush()
        return Desk(engine, self.shell.user_ns, self.reload, has_views(self.shell))

    def reload(self) -> str:
        """Run changed modules again; the text says which, and what became of the rules."""
        before = self._modules.reload(self.cells.attach().root.resolve())
        if not before:
            return "nothing to reload"
        return reloaded(before, self.cells.exchange(lambda rule: newer(rule, before)))

    def refusal(self, value: object) -> ParamError | None:
        """The error for a param that an earlier class is part of; None for any other."""
        return param_refusal(value, self.classes, self.shell.user_ns, self._binders)

    def _reach_refusal(self, product: type, params: tuple[object, ...]) -> DefinitionError | None:
        return self._reach.refusal(self.cells.attach(), product, params)

    # -- events --------------------------------------------------------------------------------

    def _pre_run_cell(self, info: ExecutionInfo) -> None:
        if info.silent or not self._is_ours():
            return
        if self._infos and self._request() != self._request_id:
            self._infos.clear()  # the end of an earlier cell was not told
        self._infos.append(info)
        if len(self._infos) > 1:
            return  # a cell run by a magic of the running one is a part of it
        self._request_id = self._request()
        self._labels.begin(info)
        identity, deleted = self._cell_id(info), self._metadata().get("deletedCells") or ()
        self._askers.begin(identity, deleted)
        self.cells.begin(identity, deleted)

    def _post_run_cell(self, result: ExecutionResult | None) -> None:
        if not self._is_ours():
            return
        self._progress.settle()
        info = result.info if result is not None else None
        has_failed = result is None or not result.success
        if self._infos:
            if info is not None and info.raw_cell != self._infos[-1].raw_cell:
                return  # an empty cell: IPython tells of its end only
            self._infos.pop()
            if self._infos and result is not None:
                if has_failed:
                    self.cells.fail()
                return
            self._infos.clear()
        elif info is None or not self.cells.is_running:
            return
        else:
            self._read_late(info)
        try:
            self._end(has_failed=has_failed)
        except Exception as error:
            # Here IPython would print the error and reply that all went well.
            if result is None:
                raise
            result.error_in_exec = error
            self.shell.last_execution_succeeded = False
            self.shell.showtraceback((type(error), error, error.__traceback__))

    def _end(self, *, has_failed: bool) -> None:
        self._binders.update(dict.fromkeys(self._bound, self._labels.current))
        self._bound.clear()
        unmarked, self._unmarked = self._unmarked, []
        self._modules.look()
        options, story = self.cells.end(has_failed=has_failed)
        if options is None or options.is_quiet or has_failed:
            return
        engine = self.cells.attach()
        problems = [d for d in engine.diagnostics if self._concerns(d)]
        magics.show(report(story, engine.rule_graph.open_inputs, problems, unmarked))

    def _concerns(self, diagnostic: Any) -> bool:
        """Whether the report under this cell tells of it: it is new, or the cell's own.

        That nobody asks for a rule yet goes without saying in the cell that defines it.
        """
        is_own = diagnostic.origin.label == self._labels.current
        if diagnostic.severity == "note" or (is_own and diagnostic.code == UNUSED):
            return False
        return is_own or _problem(diagnostic) not in self._problems

    def _read_late(self, info: ExecutionInfo) -> None:
        """Learn about a cell that was running already when the extension was loaded."""
        self.cells.identify(self._cell_id(info))
        self._labels.identify(info, self._cell_id(info))
        try:
            text = self.shell.transform_cell(info.raw_cell)  # type: ignore[no-untyped-call]  # IPython's
            self._note(ast.parse(text))
        except (SyntaxError, ValueError):
            return

    # -- called from cells ---------------------------------------------------------------------

    def _head(self, line: str) -> None:
        __tracebackhide__ = True
        options = read_rule_options(line)
        if self._is_ours():
            engine = self.cells.attach()
            self._problems = {_problem(d) for d in engine.known_diagnostics}
            self.cells.head(options)

    def _keep(self, *text: Any) -> Callable[[object], object]:
        return lambda new: self.classes.keep(ClassText(*text), new)

    def _state(self, value: object) -> object:
        if isinstance(value, (QueryRule, UnionRule)) and self._is_ours():
            self.cells.declare(value)
        return value

    def _declare(self, rule: object) -> None:
        self.cells.declare(rule)

    def _note(self, module: ast.Module) -> None:
        names = statements.bound_names(module)
        self._bound |= names
        self._unmarked += statements.unmarked_functions(module)
        self._modules.take(module)
        if self._infos:
            identity = self._cell_id(self._infos[0])
            self._labels.compiled(self._infos[-1], identity, is_inner=len(self._infos) > 1)
        self.cells.read(names, statements.imported_names(module))

    # -- IPython -------------------------------------------------------------------------------

    def _is_ours(self) -> bool:
        """Whether this is the thread that runs cells; subshells run beside it."""
        return threading.get_ident() == self._thread

    def _metadata(self) -> dict[str, Any]:
        return dict(self._parent().get("metadata") or {})

    def _request(self) -> object:
        return (self._parent().get("header") or {}).get("msg_id")

    def _parent(self) -> dict[str, Any]:
        get_parent = getattr(self.shell, "get_parent", None)  # ipykernel's shell has it
        return (get_parent() or {}) if get_parent is not None else {}

    def _cell_id(self, info: ExecutionInfo) -> str | None:
        found = getattr(info, "cell_id", None) or self._metadata().get("cellId")
        return str(found) if found else None


def _problem(diagnostic: Any) -> tuple[str, str]:
    return (diagnostic.code, diagnostic.message)


def _digest(function: object) -> object:
    from wfnb.hashing.fingerprint import fingerprint

    return fingerprint(function).digest
