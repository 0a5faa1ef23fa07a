from __future__ import annotations

from typing import Any

import pytest

from wfnb.errors import ParamError
from wfnb.hashing.equality import is_same
from wfnb.hashing.keys import key_function
from wfnb.intrinsics.environment import EnvironmentVars
from wfnb.intrinsics.files import EMPTY_DIGEST
from wfnb.intrinsics.processes import (
    FallibleProcessResult,
    Kept,
    Process,
    ProcessCacheScope,
    ProcessExecutionFailure,
    ProcessResult,
    ProcessResultMetadata,
)

TOY = Process(["toy"], description="Count words", timeout_seconds=2)


def result(
    exit_code: int = 1, stdout: bytes = b"", stderr: bytes = b"", **metadata: Any
) -> FallibleProcessResult:
    return FallibleProcessResult(
        stdout, stderr, exit_code, EMPTY_DIGEST, ProcessResultMetadata(**metadata)
    )


# ---------------------------------------------------------------- values


def test_is_a_param_by_what_it_does() -> None:
    """The description does not count, nor the order of what has none."""
    key = key_function(Process)
    one = Process(
        ["a"],
        description="One",
        env={"A": "1", "B": "2"},
        output_files=["x", "y"],
        append_only_caches={"c": "d"},
        timeout_seconds=1,
    )
    same = Process(
        ("a",),
        description="Other",
        env=EnvironmentVars({"B": "2", "A": "1"}),
        output_files=["./y", "x", "x"],
        append_only_caches={"c": "d/"},
        timeout_seconds=1.0,
    )

    assert key(one) == key(same)
    assert (one, hash(one)) == (same, hash(same))


@pytest.mark.parametrize(
    "fields",
    [
        {"argv": ["b"]},
        {"env": {"A": "2"}},
        {"working_directory": "d"},
        {"output_files": ["x"]},
        {"output_directories": ["x"]},
        {"timeout_seconds": 2},
        {"append_only_caches": {"c": "d"}},
        {"execution_slot_variable": "S"},
        {"cache_scope": ProcessCacheScope.ALWAYS},
        {"output_limit_bytes": 5},
    ],
)
def test_is_another_param_if_anything_else_differs(fields: dict[str, Any]) -> None:
    """Field by field."""
    key = key_function(Process)
    argv = fields.pop("argv", ["a"])

    assert key(Process(["a"], description="")) != key(Process(argv, description="", **fields))


def test_shows_no_value_of_the_environment() -> None:
    """Not in a repr."""
    process = Process(["a"], description="d", env={"TOKEN": "secret-4711"})

    assert "secret" not in repr(process)
    assert "EnvironmentVars(TOKEN)" in repr(process)


def test_is_the_same_result_however_long_it_took() -> None:
    """Metadata says how it came about; only a folder that is kept counts, since it is told."""
    assert is_same(result(duration_s=1.0), result(duration_s=2.0, is_timeout=True))
    assert not is_same(result(), result(sandbox="/tmp/x"))
    assert not is_same(result(stdout=b"a"), result(stdout=b"b"))
    assert not is_same(result(1), result(2))


def test_shows_a_result_by_its_sizes() -> None:
    """Outputs may be long, and may be secret."""
    digest = repr(EMPTY_DIGEST)
    assert repr(result(3, b"secret", b"x" * 5000)) == (
        "FallibleProcessResult(exit_code=3, stdout=<6 bytes>, stderr=<5,000 bytes>,"
        f" output_digest={digest})"
    )
    assert repr(ProcessResult(b"a", b"")) == (
        f"ProcessResult(stdout=<1 bytes>, stderr=<0 bytes>, output_digest={digest})"
    )


# ---------------------------------------------------------------- how long results are good for


@pytest.mark.parametrize(
    ("scope", "success", "failure"),
    [
        (ProcessCacheScope.ALWAYS, Kept.STORE, Kept.STORE),
        (ProcessCacheScope.SUCCESSFUL, Kept.STORE, Kept.SESSION),
        (ProcessCacheScope.PER_RESTART_ALWAYS, Kept.KERNEL, Kept.KERNEL),
        (ProcessCacheScope.PER_RESTART_SUCCESSFUL, Kept.KERNEL, Kept.SESSION),
        (ProcessCacheScope.PER_SESSION, Kept.SESSION, Kept.SESSION),
    ],
)
def test_keeps_results_as_the_scope_says(
    scope: ProcessCacheScope, success: Kept, failure: Kept
) -> None:
    """A timeout says something about the machine, so it is never kept."""
    assert scope.keeps(result(0)) is success
    assert scope.keeps(result(1)) is failure
    assert scope.keeps(result(-15, is_timeout=True)) is Kept.SESSION


# ---------------------------------------------------------------- failures


def told(failed: FallibleProcessResult) -> str:
    with pytest.raises(ProcessExecutionFailure) as caught:
        failed.successful(TOY)
    assert caught.value.result is failed
    return str(caught.value)


def test_passes_a_success_on() -> None:
    """With all it has."""
    metadata = ProcessResultMetadata(0.5)
    fallible = FallibleProcessResult(b"o", b"e", 0, EMPTY_DIGEST, metadata)

    assert fallible.successful(TOY) == ProcessResult(b"o", b"e", EMPTY_DIGEST, metadata)
    assert fallible.successful(TOY).metadata is metadata


def test_tells_a_failure_with_the_end_of_stderr() -> None:
    """Control characters are made visible, long lines and long outputs are cut."""
    assert told(result(2, b"ignored", b"bad\tnews\n\x1b[31mred\xff\n\n")) == (
        "Count words failed with exit code 2\n"
        "    stderr:\n"
        "      bad    news\n"
        "      \\x1b[31mred\\xff\n"
        "  → ask for FallibleProcessResult to handle it, or keep its folder:\n"
        '      current_engine().settings.keep_sandboxes = "on_failure"'
    )
    many = b"".join(b"line %d\n" % n for n in range(100_000))
    assert told(result(2, stderr=many)).splitlines()[1:4] == [
        "    stderr (its end):",
        "      line 99992",
        "      line 99993",
    ]
    assert len(told(result(2, stderr=many)).splitlines()) == 12
    assert told(result(2, stderr=b"x" * 500)).splitlines()[2] == f"      {'x' * 199}…"


def test_tells_a_failure_with_stdout_where_stderr_is_empty() -> None:
    """Or says that there is nothing."""
    assert told(result(1, b"only here\n", b" \n")).splitlines()[1:3] == [
        "    stdout:",
        "      only here",
    ]
    assert told(result(1)).splitlines()[1] == "    it wrote nothing"


def test_tells_signals_and_timeouts() -> None:
    """By name, and by the limit."""
    assert told(result(-11)).splitlines()[0] == "Count words was ended by SIGSEGV"
    assert told(result(-40)).splitlines()[0] == "Count words was ended by signal 40"
    assert told(result(-15, is_timeout=True)).splitlines()[0] == (
        "Count words took longer than its timeout of 2 s"
    )


def test_says_where_the_sandbox_is_kept() -> None:
    """And how to run it again there."""
    assert told(result(1, sandbox="/tmp/kept")).splitlines()[-1] == (
        "  → run it again, where it ran, with /tmp/kept/__run.sh"
    )


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("argv", "fields", "text"),
    [
        (
            "ls -l",
            {},
            "the argv of Process is one text: 'ls -l'\n"
            "  → pass a program and its arguments one by one: Process(['ls', '-l'], …)",
        ),
        (
            [],
            {},
            "the argv of Process names no program\n  → pass the program first: Process(['ls'], …)",
        ),
        (
            ["a", 1],
            {},
            "argv[1] of Process is no text: int\n"
            "  → pass str; for a path of a digest, its path in the sandbox",
        ),
        (
            ["a", "b\0"],
            {},
            "argv[1] of Process has a NUL in it\n  → pass it in a file; no argument can have one",
        ),
        (
            ["a\ud800"],
            {},
            "argv[0] of Process has half a character in it\n"
            "  → pass it in a file; no argument can have one",
        ),
        (
            ["a"],
            {"output_files": "x.txt"},
            "the output_files of Process are one text: 'x.txt'\n  → write output_files=['x.txt']",
        ),
        (
            ["a"],
            {"output_directories": ["../out"]},
            "a path in the output_directories of Process must be relative, without '..': ../out\n"
            "    a path with '..' can leave the root\n"
            "  → write it from the root down",
        ),
        (
            ["a"],
            {"output_files": ["/etc/passwd"]},
            "a path in the output_files of Process is absolute: /etc/passwd\n"
            "    only paths below the root are followed, so that results are good elsewhere too\n"
            "  → write it relative to the root",
        ),
        (
            ["a"],
            {"working_directory": "../x"},
            "the working_directory of Process must be relative, without '..': ../x\n"
            "    a path with '..' can leave the root\n"
            "  → write it from the root down",
        ),
        (
            ["a"],
            {"timeout_seconds": 0},
            "the timeout_seconds of Process is no number above 0: 0\n"
            "  → leave it out, or pass how much it may take",
        ),
        (
            ["a"],
            {"output_limit_bytes": True},
            "the output_limit_bytes of Process is no whole number above 0: True\n"
            "  → leave it out, or pass how much it may take",
        ),
        (
            ["a"],
            {"output_limit_bytes": 0.5},
            "the output_limit_bytes of Process is no whole number above 0: 0.5\n"
            "  → leave it out, or pass how much it may take",
        ),
        (
            5,
            {},
            "the argv of Process is no list: int\n"
            "  → pass a program and its arguments one by one: Process(['ls', '-l'], …)",
        ),
        (
            ["a"],
            {"output_files": 5},
            "the output_files of Process are no list: int\n"
            "  → pass paths in a list: output_files=['out.txt']",
        ),
        (
            ["a"],
            {"env": ["LANG"]},
            "environment variables are no mapping: list\n"
            '  → pass the value of each by its name: {"LANG": "C"}',
        ),
        (
            ["a"],
            {"append_only_caches": ["wheels"]},
            "the append_only_caches of Process are no mapping: list\n"
            "  → pass the path of each by its name:"
            " append_only_caches={'wheels': 'caches/wheels'}",
        ),
        (
            ["a"],
            {"append_only_caches": {"a/b": "x"}},
            "the name of a cache of Process is a path: 'a/b'\n"
            "  → pass a single name; the path in the sandbox is the value",
        ),
        (
            ["a"],
            {"input_digest": "abc"},
            "the input_digest of Process is no Digest: str\n  → pass a Digest",
        ),
        (
            ["a"],
            {"cache_scope": "always"},
            "the cache_scope of Process is no ProcessCacheScope: str\n  → pass a ProcessCacheScope",
        ),
        (
            ["a"],
            {"execution_slot_variable": "A=B"},
            "no environment variable can be named 'A=B'\n"
            '  → a name is not empty and has no "=" and no NUL in it',
        ),
    ],
)
def test_refuses_what_means_nothing(argv: Any, fields: dict[str, Any], text: str) -> None:
    """At once, where it is written."""
    with pytest.raises(ParamError) as caught:
        Process(argv, description="Toy", **fields)

    assert str(caught.value) == text
