"""Names, whatever characters they have."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from wfnb.pictures.texts import columns, cut, plain


def test_leaves_ordinary_names_alone() -> None:
    """In any script."""
    for name in ("make_gallery", "größe", "数える", "→ Thumbnail · In [3]"):
        assert plain(name) == name


def test_puts_marks_for_what_cannot_be_seen() -> None:
    """Line breaks are spaces; direction marks, control characters and halves are marks."""
    assert plain("two\nlines") == "two lines"
    assert plain("\u202egnp.exe") == "�gnp.exe"
    assert plain("a\x00b\ud800c\uffff") == "a�b�c�"
    assert plain("z\u0300\u0301\u0302\u0303!") == "z\u0300\u0301!"


def test_cuts_by_columns() -> None:
    """A wide letter takes two."""
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"
    assert cut("名前名前", 6) == "名前…"


@given(st.text(st.characters()), st.integers(1, 20))
def test_gives_one_line_that_can_be_encoded(text: str, most: int) -> None:
    """Whatever comes in."""
    found = cut(text, most)

    assert columns(found) <= most
    assert found.encode() is not None
    assert not {unicodedata.category(c) for c in found} & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
