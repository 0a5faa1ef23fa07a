"""Which rules stand because of which cell."""

from __future__ import annotations

import sys
import types

import pytest

from tests.notebook.cellbench import Bench

TYPES = "class A: pass\nclass B: pass\nclass C: pass"


@pytest.fixture
def typed(bench: Bench) -> Bench:
    """A bench whose first cell has defined the types A, B and C."""
    bench.ok(TYPES, "types")
    bench.ok("def make(name, back=1):\n    pass", "helpers")
    return bench


def _rule(name: str, takes: str = "A", gives: str = "B", body: str = "return 1") -> str:
    return f"@rule\ndef {name}(a: {takes}) -> {gives}: {body}\n"


def test_registers_the_rules_of_a_cell_when_it_ends(typed: Bench) -> None:
    """A plain cell is enough."""
    typed.ok(_rule("one") + _rule("two"), "x")

    assert typed.engine.names == ["one", "two"]


def test_registers_nothing_of_a_cell_that_fails(typed: Bench) -> None:
    """Not even what stood above the failing line."""
    typed.ok(_rule("one"), "x")

    typed.run(_rule("one", body="return 2") + _rule("two") + "1 / 0", "x")

    assert typed.engine.names == ["one"]
    assert typed.engine.log == ["define one"]


def test_registers_what_stands_above_a_request(typed: Bench) -> None:
    """A cell may ask for what it has just defined."""
    assert typed.ok(_rule("one") + "asked = ask()\n" + _rule("two") + "asked", "x") == ["one"]
    assert typed.engine.names == ["one", "two"]


def test_keeps_rules_still_to_come_for_a_request_in_the_middle(typed: Bench) -> None:
    """Run again unchanged, the cell withdraws nothing, not even for a moment."""
    cell = _rule("one") + "asked = ask()\n" + _rule("two") + "asked"
    typed.ok(cell, "x")

    assert typed.ok(cell, "x") == ["one", "two"]
    assert typed.engine.names == ["one", "two"]


def test_withdraws_a_renamed_rule_before_a_request_of_the_same_cell(typed: Bench) -> None:
    """What the cell's text does not define any more is gone when it asks."""
    typed.ok(_rule("one") + "ask()", "x")

    assert typed.ok(_rule("uno") + "ask()", "x") == ["uno"]


def test_restores_what_stood_when_a_cell_fails_after_a_request(typed: Bench) -> None:
    """The request had to see the new rules; the failure takes them back."""
    typed.ok(_rule("one"), "x")
    typed.ok(_rule("two"), "y")
    stood = typed.engine.standing

    result = typed.run(_rule("two", body="return 2") + _rule("three") + "ask()\n1 / 0", "x")

    assert not result.success
    assert typed.engine.standing == stood


def test_forgets_a_new_cell_that_fails_after_a_request(typed: Bench) -> None:
    """There was nothing before."""
    typed.run(_rule("one") + "ask()\n1 / 0", "x")

    assert typed.engine.names == []


def test_withdraws_a_rule_that_is_gone_from_its_cell(typed: Bench) -> None:
    """The cell is what stands."""
    typed.ok(_rule("one") + _rule("two"), "x")

    typed.ok(_rule("two"), "x")

    assert typed.engine.names == ["two"]


def test_withdraws_all_rules_of_a_cell_that_has_none_any_more(typed: Bench) -> None:
    """Also when nothing is left to define."""
    typed.ok(_rule("one"), "x")

    typed.ok("1", "x")

    assert typed.engine.names == []


def test_moves_a_rule_to_the_cell_that_defined_it_last(typed: Bench) -> None:
    """Its former cell has it no more, and does not take it along when it is run again."""
    typed.ok(_rule("one") + _rule("two"), "x")
    typed.ok(_rule("one"), "y")

    typed.ok("1", "x")

    assert typed.engine.names == ["one"]


def test_lets_rules_with_one_name_and_other_types_stand_side_by_side(typed: Bench) -> None:
    """In one cell, too."""
    typed.ok(_rule("one") + _rule("one", "B", "C"), "x")

    assert typed.engine.names == ["one", "one"]


def test_knows_a_cell_without_an_id_by_the_names_it_defines(typed: Bench) -> None:
    """As in nbclient, and in a terminal."""
    typed.ok("k = 1\n" + _rule("one"))
    typed.ok("k = 2\n" + _rule("one", "B", "C"))

    assert typed.engine.names == ["one"]
    assert len([o for o, rules in typed.engine.by_origin.items() if rules]) == 1


def test_keeps_rules_of_cells_without_an_id_that_define_other_names(typed: Bench) -> None:
    """A cell that only asks is no cell that defines nothing."""
    typed.ok(_rule("one"))
    typed.ok("ask()")
    typed.ok("print()")

    assert typed.engine.names == ["one"]


def test_registers_rules_made_by_a_function_of_the_notebook(typed: Bench) -> None:
    """Whether or not they get a name."""
    typed.ok(
        "def factory():\n    def made(a: A) -> B: pass\n    return rule(made)\nfactory();", "x"
    )

    assert typed.engine.names == ["made"]


def test_counts_a_cell_run_by_a_magic_as_part_of_the_running_one(typed: Bench) -> None:
    """`%%capture` and its like run their body as a cell of its own."""
    typed.ok("%%capture\n" + _rule("one"), "x")
    assert typed.engine.names == ["one"]

    typed.ok("%%capture\n" + _rule("two"), "x")
    assert typed.engine.names == ["two"]


def test_registers_nothing_of_a_cell_whose_inner_cell_fails(typed: Bench) -> None:
    """The outer one is called a success by IPython."""
    typed.run("%%capture\n" + _rule("one") + "1 / 0", "x")

    assert typed.engine.names == []


def test_ignores_empty_cells_and_silent_code(typed: Bench) -> None:
    """They tell of an end without a beginning, or of nothing."""
    typed.ok(_rule("one"), "x")

    typed.run("", "x")
    typed.shell.run_cell("y = 1", silent=True)

    assert typed.engine.names == ["one"]


def test_registers_the_rules_of_the_cell_that_loads_it(bench: Bench) -> None:
    """`%load_ext wfnb` may stand above rules in one cell."""
    bench.notebook.uninstall()
    bench.shell.user_ns["load"] = bench.notebook.install
    bench.ok(TYPES)

    bench.ok("load()\n" + _rule("one"), "x")
    assert bench.engine.names == ["one"]

    bench.ok(_rule("two"), "x")
    assert bench.engine.names == ["two"]


def test_keeps_standing_rules_when_it_is_unloaded_and_loaded_again(typed: Bench) -> None:
    """And knows whose they are."""
    typed.ok(_rule("one"), "x")

    typed.notebook.uninstall()
    assert typed.engine.names == ["one"]
    assert typed.engine.before_request == []

    typed.notebook.install()
    typed.ok(_rule("two"), "x")
    assert typed.engine.names == ["two"]


def test_registers_the_rules_above_the_line_that_unloads_it(typed: Bench) -> None:
    """Nothing is left half done."""
    typed.shell.user_ns["unload"] = typed.notebook.uninstall

    typed.ok(_rule("one") + "unload()\n" + _rule("two"), "x")

    assert typed.engine.names == ["one"]


def test_takes_rules_along_to_another_current_engine(typed: Bench) -> None:
    """Setting an engine with other settings does not mean running all cells again."""
    typed.ok(_rule("one"), "x")
    old = typed.engine

    typed.engine = type(old)()
    typed.ok(_rule("two"), "y")

    assert typed.engine.names == ["one", "two"]
    assert old.before_request == []


def test_takes_rules_of_other_cells_along_to_a_new_class(typed: Bench) -> None:
    """A rule's types are those that its names mean now."""
    typed.ok(_rule("one"), "x")

    typed.ok(TYPES.replace("class A: pass", "class A:\n    x = 1"), "types")

    (rules,) = [r for r in typed.engine.by_origin.values() if r]
    (key,) = rules
    assert key.types == (typed.ok("A"),)


def test_takes_rules_along_to_a_class_that_a_failing_cell_has_rebound(typed: Bench) -> None:
    """The name means the new class, whatever came after."""
    typed.ok(_rule("one"), "x")

    typed.run("class A: x = 1\n1 / 0", "types")

    (rules,) = [r for r in typed.engine.by_origin.values() if r]
    assert next(iter(rules)).types == (typed.ok("A"),)


def test_lets_a_cell_replace_a_rule_whose_class_it_defines_anew(typed: Bench) -> None:
    """The rule of the other cell would have followed to the new class, over the new rule."""
    typed.ok(_rule("one"), "x")

    typed.ok("class A: x = 1\n" + _rule("one", body="return 2") + "ask()", "y")

    (rules,) = [r for r in typed.engine.by_origin.values() if r]
    (made,) = rules.values()
    assert made is typed.ok("one")
    typed.ok("1", "x")
    assert typed.engine.names == ["one"]


def test_takes_rules_along_before_a_request_of_the_cell_that_changed_a_class(typed: Bench) -> None:
    """Not only when the cell ends."""
    typed.ok(_rule("one"), "x")

    typed.ok("class A: x = 1\nask()", "types")

    assert typed.engine.log == ["define one", "define one"]


def test_clears_the_tasks_of_a_cell_on_rerun(typed: Bench) -> None:
    """Once per run of the cell, though it asks in the middle."""
    typed.ok("%%rule --rerun -q\n" + _rule("one") + "ask()\n" + _rule("two") + "ask()", "x")

    assert typed.engine.log == [
        "define one",
        "invalidate one",
        "define one two",
        "invalidate two",
    ]


def test_registers_rules_that_a_cell_imports_by_name(
    typed: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module's rules stand where the notebook names them."""
    module = types.ModuleType("workflow")
    vars(module).update({n: typed.shell.user_ns[n] for n in ("A", "B", "rule")})
    exec(_rule("far") + _rule("other"), vars(module))
    monkeypatch.setitem(sys.modules, "workflow", module)

    typed.ok("import workflow", "x")
    assert typed.engine.names == []

    typed.ok("from workflow import far", "x")
    assert typed.engine.names == ["far"]

    typed.ok("from workflow import *", "x")
    assert typed.engine.names == ["far", "other"]

    typed.ok("1", "x")
    assert typed.engine.names == []


def test_registers_the_unions_and_queries_that_a_cell_states(typed: Bench) -> None:
    """They are plain values; a cell need not give them a name."""
    cell = (
        "from wfnb.rules.unions import QueryRule, UnionRule, union\n"
        "import wfnb.rules.unions as u\n"
        "def later(): UnionRule(D, B)\n"
        "@union\nclass D: pass\n"
        "UnionRule(D, A)\n"
        "queries = [u.QueryRule(t, [C]) for t in (A, B)]\n"
    )
    typed.ok(cell, "x")

    (found,) = [list(rules) for _, rules in typed.engine.standing]
    assert [repr(r) for r in found] == [
        "UnionRule(D, A)",
        "QueryRule(A, [C])",
        "QueryRule(B, [C])",
    ]

    typed.ok(TYPES.replace("class A: pass", "class A:\n    x = 1"), "types")

    (found,) = [list(rules) for _, rules in typed.engine.standing]
    assert found[0].member is typed.ok("A")
    assert found[1].product is typed.ok("A")
