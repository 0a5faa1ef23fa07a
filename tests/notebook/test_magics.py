"""`%%rule` and `%wf`: what they take, what they show, how they refuse."""

from __future__ import annotations

import sys
import types

import pytest

from tests.notebook.cellbench import Bench, ToyDiagnostic
from wfnb.places import Place
from wfnb.rules import declare

TYPES = "class A: pass\nclass B: pass\nclass C: pass"
ONE = "@rule\ndef one(a: A) -> B: return 1\n"
TWO = "@rule\ndef two(b: B, c: C) -> A: return 1\n"


@pytest.fixture
def typed(bench: Bench) -> Bench:
    """A bench whose first cell has defined the types A, B and C."""
    bench.ok(TYPES, "types")
    return bench


# -- the report -------------------------------------------------------------------------------


def test_reports_rules_and_open_inputs_under_a_rule_cell(typed: Bench) -> None:
    """Those that the cell's own rules ask for."""
    assert typed.show("%%rule\n" + ONE, "x") == "rules: 1 registered · open input: A"
    assert typed.show("%%rule\n" + TWO, "y") == "rules: 1 registered · open input: C"


def test_asks_whether_a_decorator_is_missing(typed: Bench) -> None:
    """Above a function with the annotations of a rule, and in a cell without any."""
    bare = "def forgot(a: A) -> B: return 1\n"
    asked = "no rules here: is @rule missing above forgot (line 3)?"
    assert typed.show("%%rule\n\n" + bare) == asked
    assert typed.show("%%rule\n\nasync " + bare + bare.replace("forgot", "other")) == asked

    assert typed.show("%%rule\ndef helper(a, b: B) -> B: return 1") == "rules: none"
    assert typed.show("%%rule\ndef helper(a: A): return 1") == "rules: none"
    assert typed.show("%%rule\n" + bare + ONE) == "rules: 1 registered · open input: A"


def test_reports_nothing_under_a_plain_cell(typed: Bench) -> None:
    """Only the magic talks."""
    assert typed.show(ONE, "x") == ""


@pytest.mark.parametrize("option", ["--quiet", "-q"])
def test_reports_nothing_when_asked_to_be_quiet(typed: Bench, option: str) -> None:
    """The rules are registered all the same."""
    assert typed.show(f"%%rule {option}\n" + ONE, "x") == ""
    assert typed.engine.names == ["one"]


def test_reports_what_changed_when_a_rule_cell_is_run_again(typed: Bench) -> None:
    """And says so when nothing did."""
    typed.ok("%%rule\n" + ONE, "x")

    assert typed.show("%%rule\n" + ONE, "x") == (
        "rules: 1 registered · nothing changed · open input: A"
    )
    assert typed.show("%%rule\n" + ONE.replace("1", "len([])"), "x") == (
        "rules: 1 registered · changed: one · open input: A"
    )
    assert typed.show("%%rule\n" + TWO, "x") == (
        "rules: 1 registered · added: two · withdrawn: one · open inputs: B, C"
    )


@pytest.mark.parametrize("ids", [("x", "y"), (None, None)])
def test_notes_a_rule_that_replaces_the_one_of_another_cell(
    typed: Bench, ids: tuple[str | None, str | None]
) -> None:
    """With ids and without, as nbval runs the same notebook; be the text the same or another."""
    assert typed.show("%%rule\n" + ONE, ids[0]) == "rules: 1 registered · open input: A"

    assert typed.show("%%rule\n" + ONE.replace("1", "2"), ids[1]) == (
        "rules: 1 registered · open input: A\nnote: one replaces the one of In [2]"
    )
    assert typed.show("%%rule\nanother = 1\n" + ONE) == (
        "rules: 1 registered · open input: A\nnote: one replaces the one of In [3]"
    )
    assert typed.show("%%rule\nyet = 1\n" + ONE) == (
        "rules: 1 registered · open input: A\nnote: one replaces the one of In [4]"
    )


def test_notes_each_cell_whose_rules_are_replaced(typed: Bench) -> None:
    """One line per cell; a rule that the cell had already is not among them."""
    three = ONE.replace("one", "three")
    typed.ok("%%rule -q\n" + ONE + TWO, "x")
    typed.ok("%%rule -q\n" + three, "y")

    assert typed.show("%%rule\n" + ONE + "ask()\n" + TWO + three, "z") == (
        "rules: 3 registered · open input: C\n"
        "note: one, two replace those of In [2]\n"
        "note: three replaces the one of In [3]"
    )
    assert typed.show("%%rule\n" + ONE + TWO + three, "z") == (
        "rules: 3 registered · nothing changed · open input: C"
    )
    assert typed.show("%%rule\n" + three, "y") == (
        "rules: 1 registered\nnote: three replaces the one of In [5]"
    )


def test_notes_a_rule_that_replaces_one_of_its_name_with_other_types(typed: Bench) -> None:
    """A name means one rule."""
    typed.ok("%%rule -q\n" + ONE, "x")

    assert typed.show("%%rule\n" + ONE.replace("a: A", "a: C"), "y") == (
        "rules: 1 registered · open input: C\nnote: one replaces the one of In [2]"
    )
    assert typed.engine.names == ["one"]


def test_notes_nothing_when_an_imported_rule_is_imported_again(
    typed: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the same rule."""
    module = types.ModuleType("workflow")
    vars(module).update({n: typed.shell.user_ns[n] for n in ("A", "B", "rule")})
    exec(ONE, vars(module))
    monkeypatch.setitem(sys.modules, "workflow", module)
    typed.ok("from workflow import one")

    assert typed.show("%%rule\nfrom workflow import one") == "rules: 1 registered · open input: A"


def test_reports_a_rule_cell_without_rules(typed: Bench) -> None:
    """A cell of types alone is a fine cell."""
    assert typed.show("%%rule\nclass D: pass", "x") == "rules: none"


def test_reports_new_problems_and_those_of_the_cell(typed: Bench) -> None:
    """Notes are no problems; old problems of other cells are not repeated."""
    here = Place("In [2]", 1, "", is_cell=True)
    typed.engine.diagnostics = [ToyDiagnostic("WF201", "error", "old, elsewhere")]
    typed.shell.user_ns["found"] = [
        ToyDiagnostic("WF201", "error", "old, elsewhere"),
        ToyDiagnostic("WF203", "error", "new"),
        ToyDiagnostic("WF204", "warning", "here", here),
        ToyDiagnostic("WF205", "note", "a note", here),
    ]
    typed.shell.user_ns["engine"] = typed.engine

    assert typed.show("%%rule\nengine.diagnostics = found\n" + ONE) == (
        "rules: 1 registered · open input: A · 2 problems\nWF203  new\nWF204  here"
    )


def test_reports_no_rule_as_unused_in_the_cell_that_defines_it(typed: Bench) -> None:
    """It will be asked for in a moment; one of another cell was asked for before."""
    here, there = (Place(f"In [{n}]", 1, "", is_cell=True) for n in (2, 1))
    typed.shell.user_ns["found"] = [
        ToyDiagnostic("WF220", "warning", "here", here),
        ToyDiagnostic("WF220", "warning", "there", there),
    ]
    typed.shell.user_ns["engine"] = typed.engine

    assert typed.show("%%rule\nengine.diagnostics = found\n" + ONE) == (
        "rules: 1 registered · open input: A · 1 problem\nWF220  there"
    )


def test_reports_three_problems_at_most(typed: Bench) -> None:
    """The verb shows the others."""
    found = [ToyDiagnostic("WF203", "error", f"number {n}") for n in range(5)]
    typed.shell.user_ns.update(found=found, engine=typed.engine)

    assert typed.show("%%rule\nengine.diagnostics = found") == (
        "rules: none · 5 problems\nWF203  number 0\nWF203  number 1\nWF203  number 2\n"
        "… and 2 more: %wf check"
    )


def test_allows_comments_above_the_rule_header(typed: Bench) -> None:
    """Markers of nbval stand there."""
    assert typed.show("# NBVAL_SKIP\n\n%%rule\n" + ONE) == "rules: 1 registered · open input: A"


def test_shows_the_rule_header_in_a_traceback(typed: Bench) -> None:
    """As it was written; IPython shows the text that runs, and a text it is there."""
    error = typed.refuse("%%rule  --quiet\n1 / 0")

    assert "      1 '%%rule  --quiet'\n----> 2 1 / 0" in error


@pytest.mark.parametrize(
    ("typo", "line"),
    [
        ("@rule\ndef f(a: Nme) -> B: return 1", 3),
        ("@rule\ndef f(a: A,\n      n: Nme) -> B: return 1", 4),
        ("@rule\ndef f(a: A) -> Nme: return 1", 3),
        ("class C:\n    n: Nme\n" + ONE, 3),
    ],
)
def test_offers_the_class_that_was_meant_in_an_annotation(
    typed: Bench, typo: str, line: int
) -> None:
    """As in the body of a rule; the line of the traceback is the author's own."""
    typed.ok("class Name: pass")

    lines = typed.refuse(f"%%rule\n{typo}").splitlines()

    assert "__wfnb" not in "".join(lines)
    assert any(shown.startswith(f"----> {line} ") for shown in lines)
    assert lines[-2:] == ["NameError: name 'Nme' is not defined", "did you mean Name?"]
    assert typed.engine.names == []


def test_offers_no_name_in_cells_without_rules(typed: Bench) -> None:
    """Nor where nothing is near, nor once it is unloaded; another handler is left alone."""
    typed.ok("class Name: pass")
    assert typed.refuse("Nme").splitlines()[-1] == "NameError: name 'Nme' is not defined"
    assert typed.refuse("%%rule\nqqqq").splitlines()[-1] == "NameError: name 'qqqq' is not defined"

    typed.notebook.uninstall()
    assert typed.shell.custom_exceptions == ()
    typed.shell.set_custom_exc((ValueError,), lambda *_: None)
    typed.notebook.install()
    assert typed.shell.custom_exceptions == (ValueError,)
    typed.notebook.uninstall()
    assert typed.shell.custom_exceptions == (ValueError,)


def test_waits_for_the_rest_of_a_rule_cell_in_a_terminal(typed: Bench) -> None:
    """As for any cell magic: until a blank line."""
    assert typed.shell.check_complete("%%rule\n")[0] == "incomplete"
    assert typed.shell.check_complete("%%rule\nx = 1\n\n")[0] == "complete"


def test_refuses_an_unknown_option_of_a_rule_cell(typed: Bench) -> None:
    """With the option that was meant; nothing is registered."""
    assert typed.refuse("%%rule --rerunn\n" + ONE) == (
        "MagicError: %%rule has no option '--rerunn'\n"
        "    options: --quiet, --rerun, -q\n"
        "  → did you mean --rerun?"
    )
    assert typed.engine.names == []


def test_refuses_code_on_the_header_of_a_rule_cell(typed: Bench) -> None:
    """It would be lost."""
    assert typed.refuse("%%rule print(1)\n" + ONE) == (
        "MagicError: %%rule has no option 'print(1)'\n"
        "    options: --quiet, --rerun, -q\n"
        "  → leave it out; the code of the cell starts on the second line"
    )


def test_refuses_to_be_called_as_a_magic_function(typed: Bench) -> None:
    """Then the cell would lose its error status and its await."""
    assert typed.refuse("get_ipython().run_cell_magic('rule', '', 'x = 1')") == (
        "MagicError: %%rule was called as a function, where its cell could neither await nor fail\n"
        "  → write %%rule on the first line of a cell"
    )


# -- the verbs --------------------------------------------------------------------------------


def test_lists_rules_by_name_with_their_cells(typed: Bench) -> None:
    """And what nobody makes."""
    typed.ok("\n" + TWO + ONE)

    assert typed.show("%wf rules") == (
        "one(a: A) → B         In [2], line 4\ntwo(b: B, c: C) → A   In [2], line 2\nopen input: C"
    )


def test_lists_rules_of_the_running_cell(typed: Bench) -> None:
    """A verb sees what stands above it."""
    assert typed.show(ONE + "%wf rules") == ("one(a: A) → B   In [2], line 2\nopen input: A")


def test_says_that_there_are_no_rules(typed: Bench) -> None:
    """An empty answer would look like a fault."""
    assert typed.show("%wf rules") == "no rules"


def test_checks_the_rules(typed: Bench) -> None:
    """Everything found, then the sum."""
    typed.ok(ONE)
    assert typed.show("%wf check") == "no problems in 1 rule"

    typed.engine.diagnostics = [
        ToyDiagnostic("WF203", "error", "first"),
        ToyDiagnostic("WF204", "warning", "second"),
        ToyDiagnostic("WF204", "warning", "third"),
    ]
    assert typed.show("%wf check") == (
        "WF203  first\nWF204  second\nWF204  third\n1 error, 2 warnings in 1 rule"
    )


def test_fails_a_strict_check_on_an_error(typed: Bench) -> None:
    """For notebooks run in CI; a warning passes."""
    typed.engine.diagnostics = [ToyDiagnostic("WF204", "warning", "second")]
    assert typed.show("%wf check --strict") == "WF204  second\n1 warning in 0 rules"

    typed.engine.diagnostics = [ToyDiagnostic("WF203", "error", "first")]
    assert typed.refuse("%wf check --strict") == (
        "WiringError: 1 error in 0 rules\n    WF203  first"
    )


def test_explains_with_types_and_values(typed: Bench) -> None:
    """Divided by spaces or commas, spaces inside brackets kept."""
    typed.ok("n = 1")
    assert typed.show("%wf explain A B") == typed.show("%wf explain A, B")
    assert typed.show("%wf explain A int") == "explain A from (<class 'int'>,)"
    assert typed.show('%wf plan A str( n + 1 ) "a b" n') == "plan A from ('2', 'a b', 1)"
    assert typed.show("%wf plan A") == "plan A from ()"


def test_counts_in_its_status(typed: Bench) -> None:
    """Rules, problems, and the last request."""
    typed.ok(ONE)
    assert typed.show("%wf status") == "1 rule · no problems\nopen input: A"

    class Last:
        ran = ("one(A)",)
        cleaned = ("two()",) * 2
        reused = ("three()",) * 3
        failed: tuple[str, ...] = ()

    typed.engine.last = Last
    assert typed.show("%wf status") == (
        "1 rule · no problems\nopen input: A\nlast request: 1 ran · 2 cleaned · 3 reused"
    )
    Last.failed = ("four()",)
    assert typed.show("%wf status").endswith("1 ran · 2 cleaned · 3 reused · 1 failed")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (
            "%wf chek",
            "MagicError: %wf has no verb 'chek'\n"
            "    verbs: cancel, check, explain, graph, plan, reload, rules, stale, status, story, "
            "why\n"
            "  → did you mean %wf check?",
        ),
        (
            "%wf zzz",
            "MagicError: %wf has no verb 'zzz'\n"
            "    verbs: cancel, check, explain, graph, plan, reload, rules, stale, status, story, "
            "why\n"
            "  → %wf? tells what each verb shows",
        ),
        (
            "%wf",
            "MagicError: %wf needs a verb\n"
            "    verbs: cancel, check, explain, graph, plan, reload, rules, stale, status, story, "
            "why\n"
            "  → %wf? tells what each verb shows",
        ),
        (
            "%wf cancel 7",
            "MagicError: %wf cancel: there is no request 7 that runs\n    no request runs",
        ),
        ("%wf rules all", "MagicError: %wf rules takes nothing, not 'all'\n  → %wf rules"),
        (
            "%wf check --stric",
            "MagicError: %wf check has no option '--stric'\n"
            "    options: --strict\n"
            "  → did you mean --strict?",
        ),
        (
            "%wf explain",
            "MagicError: %wf explain needs a type first\n  → %wf explain TYPE [TYPE …]",
        ),
        (
            "%wf plan 1",
            "MagicError: %wf plan needs a type first, not 1\n  → %wf plan TYPE [VALUE …]",
        ),
        (
            "class Gallery: pass\n%wf explain Galery",
            "MagicError: %wf explain: there is no Galery\n  → did you mean Gallery?",
        ),
        (
            "%wf explain Zzzzzz",
            "MagicError: %wf explain: there is no Zzzzzz\n  → run the cell that defines it",
        ),
        (
            "%wf plan A )",
            "MagicError: %wf plan cannot read ')'\n  → %wf plan TYPE [VALUE …]",
        ),
    ],
)
def test_refuses_what_a_verb_cannot_take(typed: Bench, cell: str, text: str) -> None:
    """Always an error of ours, with what to write instead."""
    assert typed.refuse(cell) == text


def test_says_that_no_request_runs(typed: Bench) -> None:
    """There is nothing to cancel."""
    assert typed.show("%wf cancel") == "no request runs"


# -- stale values -----------------------------------------------------------------------------


def test_names_the_cell_to_run_again_for_a_value_of_an_earlier_class(typed: Bench) -> None:
    """The class, what changed in it, and the cell that made the value."""
    typed.ok("a = A()")
    old = typed.ok("a")
    assert typed.notebook.refusal(old) is None

    typed.ok("class A:\n    x = 1")

    assert str(typed.notebook.refusal(old)) == (
        "this A was made by the earlier A of In [1]\n"
        "    A has been defined anew in In [4]\n"
        "    attribute x is new\n"
        "  → run the cell that makes a (In [2]) again"
    )


def test_names_the_cell_of_the_class_for_a_value_without_a_name(typed: Bench) -> None:
    """Which cell made it is not known."""
    old = typed.ok("A()")
    typed.shell.user_ns.pop("_", None)

    typed.ok("class A:\n    x = 1")

    assert str(typed.notebook.refusal(old)) == (
        "this A was made by the earlier A of In [1]\n"
        "    A has been defined anew in In [3]\n"
        "    attribute x is new\n"
        "  → run the cell that makes it again, with the A of In [3]"
    )


# -- loading ----------------------------------------------------------------------------------


def test_leaves_no_trace_in_ipython_when_it_is_unloaded(bench: Bench) -> None:
    """Transformers, hooks, magics, matcher, labeller, builtins."""
    shell = bench.shell
    bench.notebook.uninstall()

    def registered() -> list[object]:
        return [
            list(shell.input_transformers_cleanup),
            list(shell.input_transformer_manager.token_transformers),
            list(shell.ast_transformers),
            dict(shell.builtin_trap.auto_builtins),
            {k: list(v) for k, v in shell.events.callbacks.items()},
            {k: set(v) for k, v in shell.magics_manager.magics.items()},
            list(shell.Completer.custom_matchers),
            len(declare._listeners),
        ]

    before = registered()

    bench.notebook.install()
    bench.notebook.install()
    during = registered()
    bench.ok("x = 1")
    bench.notebook.uninstall()
    bench.notebook.uninstall()

    assert registered() == before
    assert all(a != b for a, b in zip(before, during, strict=True))
    assert bench.ok("x") == 1
