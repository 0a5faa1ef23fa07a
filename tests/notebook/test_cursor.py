"""What is read around the cursor in a cell that is being written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfnb.notebook.cursor import OpenGet, Word, open_get, word_at


def _at(marked: str) -> tuple[str, int]:
    """Text and cursor from text with a bar where the cursor is."""
    before, _, after = marked.partition("|")
    return before + after, len(before.encode("utf-16-le")) // 2


GALLERY = """%%rule --quiet
!ls
@rule
async def make_gallery(
    folder: Folder,  # of uploads
    size: "shapes.Size",
) -> Gallery:
    '''A page: of pictures.'''
    face = "😀"
    if face:
        uploads = await Get({})
    return Gallery()
"""


@pytest.mark.parametrize(
    ("written", "position", "prefix", "product", "supplied"),
    [
        ("|", 0, "", "", ()),
        ("Up|", 0, "Up", "", ()),
        ("Up|loads, Folder, folder", 0, "Up", "", ("Folder",)),
        ("shapes.Th|, folder", 0, "shapes.Th", "", ("Folder",)),
        ("|, Upload('a')", 0, "", "", ("Upload",)),
        ("|, {a: Upload, b: shapes.Size}", 0, "", "", ("Upload", "shapes.Size")),
        ("|, unknown", 0, "", "", ()),
        ("Thumb, |", 1, "", "Thumb", ()),
        ("Thumb, Up|load, u", 1, "Up", "Thumb", ()),
    ],
)
def test_reads_an_open_get(
    written: str, position: int, prefix: str, product: str, supplied: tuple[str, ...]
) -> None:
    """Its place, what is written, and what the function around it is passed."""
    found = open_get(*_at(GALLERY.format(written)))

    scope = ("Folder", "shapes.Size")
    assert found == OpenGet("Get", position, prefix, product, supplied, scope, "Gallery")


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("async def f(a: A):\n    x = await MultiGet(Get(|", ("A",)),
        ("async def f(a: A): return await Get(|", ("A",)),
        ("async def f(a: A):\n  async def g(b: B):\n    await Get(|", ("B",)),
        ("async def f(a: A):\n  async def g(b: B):\n    pass\n  await Get(|", ("A",)),
        ("async def f(a: A):\n    pass\nawait Get(|", ()),
        ("class C:\n  async def f(self, a: A):\n    await wfnb.Get(|", ("A",)),
        ("async def f(a: A):\n    await Get(|\n    return 1 +", ("A",)),
        ("async def f(a: A, b: list[B], *, c: C):\n    await Get(\n        |\n    )", ("A", "C")),
    ],
)
def test_takes_the_scope_of_the_innermost_function(text: str, scope: tuple[str, ...]) -> None:
    """However much of the cell is missing yet."""
    found = open_get(*_at(text))

    assert found is not None
    assert found.scope == scope


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|",
        "Get|(A)",
        "Get(A)|",
        "x = Get[|",
        "Get(A, A, |",
        "Get(f(|",
        "Get(A, a + |",
        "'Get(|",
        '"""Get(|',
        "# Get(|",
        "%wf why Get(|",
        "(|",
        "1(|",
    ],
)
def test_finds_no_get_elsewhere(text: str) -> None:
    """In values, strings, comments, and where another call is the innermost."""
    found = open_get(*_at(text))

    assert found is None or found.name not in ("Get", "wfnb.Get")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("x: Thu|mb", Word("Thumb", 3, 8)),
        ("|Thumb", Word("Thumb", 0, 5)),
        ("Thumb|", Word("Thumb", 0, 5)),
        ("a😀b: shapes.Thu|mb", Word("shapes.Thumb", 6, 18)),
        ("shapes.deep|.Thumb", Word("shapes.deep", 0, 11)),
        ("x + | y", None),
        ("12|", None),
    ],
)
def test_finds_the_name_at_the_cursor(text: str, word: Word | None) -> None:
    """Counted as editors in a browser count: a face is two."""
    assert word_at(*_at(text)) == word


@given(st.text(alphabet="Get(),:def ab\n'\"\\#{}[]%!?.😀\x00\r\t", max_size=80), st.integers(0, 90))
def test_reads_anything_without_an_error(text: str, at: int) -> None:
    """Whatever is typed."""
    open_get(text, at)
    word_at(text, at)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (("$" + " " * 1_000) * 190 + "x\nGet(|", True),
        ("(\n" + " " * 150_000 + "$\nGet(|", True),
        ("x = Get(" + " " * 150_000 + "'|", False),
        ("Get(|" + ",\n" * 90_000, True),
        ("Get(" + "a." * 90_000 + "b(|", True),
    ],
)
def test_reads_a_large_text_in_little_time(text: str, is_found: bool) -> None:
    """What a page sends may be no Python at all; the kernel must not stand for it."""
    marked = _at(text)
    since = time.process_time()
    found = open_get(*marked)

    assert time.process_time() - since < 3.0
    assert (found is not None) is is_found
