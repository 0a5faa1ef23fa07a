"""The pattern language, by name alone."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfnb.errors import ParamError
from wfnb.intrinsics.files import PathGlobs
from wfnb.intrinsics.globs import compile_globs


def matches(globs: list[str], path: str) -> bool:
    """Whether `path` is meant; a path that ends in "/" is a folder."""
    compiled = compile_globs(tuple(globs))
    return compiled.matches(path.removesuffix("/"), is_folder=path.endswith("/"))


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("a.txt", ["a.txt", "a.txt/"], ["b.txt", "d/a.txt", "a_txt"]),
        ("d/a.txt", ["d/a.txt"], ["a.txt", "d/d/a.txt"]),
        ("*.txt", ["a.txt", ".txt", ".a.txt"], ["d/a.txt", "a.txt.gz"]),
        ("*", ["a", ".hidden", "d/"], ["d/a", ".git/", "__pycache__/"]),
        ("*/*", ["d/a"], ["a", "d/e/a", ".git/a", "__pycache__/a"]),
        ("?.txt", ["a.txt", "é.txt"], ["ab.txt", ".txt"]),
        ("a?c", ["abc", "a\nc"], ["ac", "a/c"]),
        ("**", ["a", "d/a", "d/e/", "d/.a"], [".git/a", "d/.git/a"]),
        ("**/*", ["a", "d/a", "d/e/"], [".git/a"]),
        ("**/a", ["a", "d/a", "d/e/a"], ["a/b", ".git/a"]),
        ("d/**", ["d/a", "d/e/", "d/e/a"], ["d/", "a", "e/d/a"]),
        ("d/**/a", ["d/a", "d/e/a", "d/e/f/a"], ["a", "d/a/b"]),
        ("**/d/**/a", ["d/a", "x/d/y/a"], ["a", "x/a"]),
        ("**/**/a", ["a", "d/e/a"], []),
        (".git/**", [".git/a", ".git/d/a"], [".git/"]),
        (".git/*/.x/a", [".git/d/.x/a"], [".git/.y/.x/a"]),
        ("**/.x/a", [".x/a", "d/.x/a"], [".y/.x/a"]),
        (".g*/a", [".git/a"], ["git/a"]),
        ("__pycache__/*", ["__pycache__/a"], []),
        ("[abc].txt", ["a.txt", "c.txt"], ["d.txt", "ab.txt"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "-x"]),
        ("[!a-c]x", ["dx", "-x"], ["ax"]),
        ("[^a]x", ["bx"], ["ax"]),
        ("[]]x", ["]x"], ["x"]),
        ("[!]]x", ["ax"], ["]x"]),
        ("[a-]x", ["ax", "-x"], ["bx"]),
        ("[[]x[*]", ["[x*"], ["[xy"]),
        ("[\\w]x", ["\\x", "wx"], ["ax"]),
        ("{a,b}", ["{a,b}"], ["a", "b"]),
        ("a+(b).txt", ["a+(b).txt"], ["aab.txt"]),
        ("./a//b/", ["a/b"], ["a"]),
        ("*a*b*", ["ab", "xaybz", "aab"], ["ba", "a"]),
        ("a*a", ["aa", "aba"], ["a"]),
        ("~a", ["~a"], []),
        ("a/~", ["a/~"], []),
    ],
)
def test_matches_by_pattern(pattern: str, yes: list[str], no: list[str]) -> None:
    """Scenario 94: wildcards, classes, any number of folders."""
    assert [path for path in yes if not matches([pattern], path)] == []
    assert [path for path in no if matches([pattern], path)] == []


@pytest.mark.parametrize(
    ("exclude", "gone", "kept"),
    [
        ("!*.ln", ["a.ln", "d/a.ln", "d.ln/a"], ["a", "d/a.lnx"]),
        ("!a", ["a", "d/a", "a/b"], ["ab"]),
        ("!a/", ["a/b", "d/a/b"], ["a", "d/a"]),
        ("!/a", ["a", "a/b"], ["d/a"]),
        ("!d/a", ["d/a", "d/a/b"], ["a", "x/d/a"]),
        ("!d/*", ["d/a"], ["d/", "a"]),
        ("!d/**", ["d/a", "d/e/a"], ["d/", "a"]),
        ("!**/e/*.py", ["e/a.py", "d/e/a.py"], ["e/d/a.py", "a.py"]),
        ("!**", ["a", "d/a"], []),
    ],
)
def test_excludes_like_a_line_of_gitignore(exclude: str, gone: list[str], kept: list[str]) -> None:
    """A name without "/" is excluded in any folder, a folder with all that is in it."""
    assert [path for path in gone if matches(["**", exclude], path)] == []
    assert [path for path in kept if not matches(["**", exclude], path)] == []


def test_matches_hidden_folders_where_everything_was_put_on_purpose() -> None:
    globs = compile_globs(("**/a",), sees_hidden=True)

    assert globs.matches(".git/a")
    assert globs.matches("__pycache__/a")


def test_knows_where_no_listing_is_needed() -> None:
    """A literal path is looked up, so that new neighbours do not count as a change."""
    globs = compile_globs(("d/e/a.txt", "d/b.txt", "x", "!y"))
    below = globs.step(globs.start, "d", is_folder=True).inside

    assert globs.start.names is not None
    assert sorted(globs.start.names) == ["d", "x"]
    assert below is not None
    assert below.names is not None
    assert sorted(below.names) == ["b.txt", "e"]
    assert compile_globs(("d/*", "x")).start.names is not None
    assert compile_globs(("*/d",)).start.names is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (
            "/etc/*",
            "a pattern is absolute: /etc/*\n"
            "    only files below the root can be asked for\n"
            "  → write it relative to the root",
        ),
        (
            "../*.txt",
            "a pattern may not leave the root by '..': ../*.txt\n  → write it from the root down",
        ),
        (
            "a/../../b",
            "a pattern may not leave the root by '..': a/../../b\n  → write it from the root down",
        ),
        (
            "~/a",
            "'~' is no folder below the root: ~/a\n"
            "    only files below the root can be asked for\n"
            "  → write the pattern relative to the root, or [~] for a file of that name",
        ),
        ("", "a pattern is empty: ''\n  → write * for the root's files, ** for all"),
        ("./", "a pattern is empty: './'\n  → write * for the root's files, ** for all"),
        ("!", "a pattern is empty: '!'\n  → write * for the root's files, ** for all"),
        (
            "!!a",
            "a pattern cannot be excluded from the excludes: !!a\n"
            "  → narrow the exclude instead, or ask twice and merge",
        ),
        (
            "d/**.txt",
            "'**' has to stand alone between slashes: d/**.txt\n  → write d/**/*.txt",
        ),
        (
            "a[b",
            "'[' is never closed: a[b\n"
            "  → close it with ']', or write [[] for the character itself",
        ),
        ("[z-a]", "a range runs backwards: [z-a] in [z-a]\n  → write [a-z]"),
        (
            "a\0",
            "a pattern has a NUL in it: 'a\\x00'\n  → no file can be named so; leave it out",
        ),
        (
            "*" * 10_000,
            "a pattern is too long: 10,000 characters, 4,096 is the most\n"
            f"    {'*' * 120}…{'*' * 60}",
        ),
    ],
)
def test_refuses_patterns_that_leave_the_root_or_mean_nothing(pattern: str, text: str) -> None:
    with pytest.raises(ParamError) as raised:
        PathGlobs([pattern])

    assert str(raised.value) == text


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    ["*a" * 2000 + "b", "?" * 4000 + "*", "**/a*/" * 500 + "x", "[!a]*" * 700 + "a"],
    ids=["stars", "marks", "folders", "ranges"],
)
def test_matches_in_a_moment_whatever_the_pattern(pattern: str) -> None:
    """No pattern makes the matcher try the same twice."""
    globs = compile_globs((pattern,))
    started = time.perf_counter()

    globs.matches("a" * 4000)
    globs.matches("a/" * 500 + "y")

    assert time.perf_counter() - started < 10.0


# ---------------------------------------------------------------- against the plainest matcher

NAMES = st.text("ab.", min_size=1, max_size=3).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(NAMES, min_size=1, max_size=4)
PARTS = st.one_of(
    st.just("**"), st.text("ab.*?", min_size=1, max_size=3), st.sampled_from(["[ab]", "[!a]*"])
).filter(lambda part: part == "**" or ("**" not in part and part not in (".", "..")))
PATTERNS = st.lists(PARTS, min_size=1, max_size=4)


def brute_name(pattern: str, name: str) -> bool:
    """Whether a name matches one part, by trying every way."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(brute_name(pattern[1:], name[cut:]) for cut in range(len(name) + 1))
    if not name:
        return False
    if pattern.startswith("[ab]"):
        return name[0] in "ab" and brute_name(pattern[4:], name[1:])
    if pattern.startswith("[!a]"):
        return name[0] != "a" and brute_name(pattern[4:], name[1:])
    return pattern[0] in ("?", name[0]) and brute_name(pattern[1:], name[1:])


def brute(parts: list[str], names: list[str]) -> bool:
    """Whether a path matches, by trying every length of each `**`."""
    if not parts:
        return not names
    if parts[0] == "**":
        rest = parts[1:] if parts[1:] and set(parts[1:]) != {"**"} else ["*"]
        return any(brute(rest, names[cut:]) for cut in range(len(names)) if cut <= len(names))
    return bool(names) and brute_name(parts[0], names[0]) and brute(parts[1:], names[1:])


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PATTERNS, PATHS)
def test_agrees_with_trying_every_way(parts: list[str], names: list[str]) -> None:
    globs = compile_globs(("/".join(parts),), sees_hidden=True)

    assert globs.matches("/".join(names)) == brute(parts, names)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(PATTERNS, min_size=1, max_size=3), PATHS)
def test_matches_what_any_pattern_matches(patterns: list[list[str]], names: list[str]) -> None:
    """Patterns that run side by side do not disturb each other."""
    texts = tuple("/".join(parts) for parts in patterns)
    path = "/".join(names)

    together = compile_globs(texts, sees_hidden=True).matches(path)

    assert together == any(compile_globs((t,), sees_hidden=True).matches(path) for t in texts)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(PATTERNS, PATHS)
def test_excludes_exactly_what_the_same_pattern_includes_and_what_is_below(
    parts: list[str], names: list[str]
) -> None:
    pattern = "/".join(parts)
    is_kept = compile_globs(("**", f"!/{pattern}"), sees_hidden=True).matches("/".join(names))
    every_start = list(itertools.accumulate(names, lambda above, name: f"{above}/{name}"))

    anchored = "/".join(parts)
    included = compile_globs((anchored,), sees_hidden=True)

    assert is_kept == (not any(included.matches(start) for start in every_start))
