"""The rule runner: requests, goals and files of one test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from wfnb import CallerError, Console, Deterministic, Get, Goal, goal_rule, rule
from wfnb.testing import RuleRunner


@dataclass(frozen=True)
class Name:
    text: str


@dataclass(frozen=True)
class Greeting:
    text: str


class Greet(Goal):
    pass


@rule
def greeting(name: Name) -> Greeting:
    return Greeting(f"Hello, {name.text}!")


@goal_rule
async def greet(name: Name, console: Console) -> Greet:
    console.print((await Get(Greeting)).text)
    console.print_stderr("done")
    return Greet(exit_code=3)


def test_asks_runs_and_tells() -> None:
    runner = RuleRunner([greeting, greet])
    assert runner.request(Greeting, Name("Ada")) == Greeting("Hello, Ada!")
    result = runner.run_goal(Greet, Name("Ada"))
    assert (result.exit_code, result.stdout, result.stderr) == (3, "Hello, Ada!\n", "done\n")
    assert result.goal == Greet(3)
    assert str(runner.story()) == (
        "reused    greeting(Name('Ada'))\nran       greet(Name('Ada')): asked for the first time"
    )
    assert runner.run_goal("greet", Name("Ada")).exit_code == 3


def test_takes_rules_later_and_an_executor() -> None:
    runner = RuleRunner(executor=Deterministic(3))
    assert runner.define([greeting]).added == (greeting,)
    assert runner.request(Greeting, Name("Ada")).text == "Hello, Ada!"


def test_writes_and_edits_files_below_its_root(tmp_path: Path) -> None:
    runner = RuleRunner(root=tmp_path)
    written = runner.write_files({"a/b.txt": "one two", "c.bin": b"\x00"})
    assert written == (tmp_path / "a" / "b.txt", tmp_path / "c.bin")
    runner.edit("a/b.txt", "two", "drei")
    assert (tmp_path / "a" / "b.txt").read_text() == "one drei"
    assert (tmp_path / "c.bin").read_bytes() == b"\x00"


def test_removes_a_folder_of_its_own() -> None:
    runner = RuleRunner()
    root = runner.root
    runner.write_files({"a.txt": "x"})
    assert root.is_dir()
    assert runner.engine.root == root
    del runner
    assert not root.exists()


def test_refuses_paths_out_of_its_root_and_edits_without_a_place(tmp_path: Path) -> None:
    runner = RuleRunner(root=tmp_path)
    with pytest.raises(CallerError) as caught:
        runner.write_files({"../a.txt": ""})
    assert str(caught.value) == (
        "../a.txt leads out of the runner's folder\n  → use a path below it"
    )
    runner.write_files({"a.txt": "one one"})
    for old, times in (("one", "2 times"), ("two", "nowhere")):
        with pytest.raises(CallerError) as caught:
            runner.edit("a.txt", old, "")
        assert str(caught.value) == (
            f"{old!r} stands {times} in a.txt\n  → name a text that is there once"
        )


def test_gives_pytest_a_fixture(rule_runner: RuleRunner, tmp_path: Path) -> None:
    assert rule_runner.root == tmp_path.resolve()
    rule_runner.define([greeting])
    assert rule_runner.request(Greeting, Name("Ada")).text == "Hello, Ada!"
