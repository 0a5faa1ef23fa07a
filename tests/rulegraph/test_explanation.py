"""Who would answer, from what, and why not the others."""

from __future__ import annotations

from tests.rulegraph.test_diagnostics import dedented
from tests.rulegraph.toys import Toys
from wfnb.rulegraph.explanation import Explanation


def explained(toys: Toys, query: str) -> Explanation:
    product, scope = toys.query(query)
    return toys.graph().explain(product, scope)


def test_draws_who_makes_what_from_what() -> None:
    """A small tree: each request, who answers it, the params it uses; each rule once."""
    toys = Toys("""
        make_gallery: Gallery <- Folder, Theme; Get(Uploads, Folder); Get(Thumbnail, Upload)
        list_uploads: Uploads <- Folder
        resize: Thumbnail <- Upload, Size, Theme
        size: Size <-
        old_size: Size <- Theme
        theme: Theme <- Folder
    """)

    found = explained(toys, "Gallery <- Folder")

    assert str(found) == dedented("""
        Gallery from Folder
        └─ Gallery: make_gallery (In [1], line 1), from Folder
           ├─ Folder: passed
           ├─ Theme: theme (In [6], line 1), from Folder
           │  └─ Folder: passed
           ├─ Get(Uploads, Folder): list_uploads (In [2], line 1), from Folder
           │  └─ Folder: passed
           └─ Get(Thumbnail, Upload): resize (In [3], line 1), from Folder and Upload
              ├─ Upload: passed
              ├─ Size: size (In [4], line 1), from no params
              │  not old_size (In [5], line 1): it uses Folder, more params than size
              └─ Theme: theme (In [6], line 1), from Folder …as above
        """)
    assert found.rule is toys.rule("make_gallery")
    assert [cls.__name__ for cls in found.uses] == ["Folder"]
    assert found.problem is None


def test_says_why_each_other_rule_was_not_taken() -> None:
    """It needs something, does not use what is supplied, leads back, or uses more."""
    toys = Toys("""
        ask: Out <-; Get(A, P)
        good: A <- P
        lacking: A <- P, Lost
        unusing: A <- Q
        larger: A <- P, Q
        deeper: A <- P, B
        b: B <- C
        c: C <- Gone
    """)

    assert str(explained(toys, "Out <- Q")) == dedented("""
        Out from Q
        └─ Out: ask (In [1], line 1), from no params
           └─ Get(A, P): good (In [2], line 1), from P
              not deeper (In [6], line 1): it leads to c, which needs Gone, which nothing supplies
              not lacking (In [3], line 1): it needs Lost, which nothing supplies
              not larger (In [5], line 1): it uses P and Q, more params than good
              not unusing (In [4], line 1): it does not use P
              └─ P: passed
        """)


def test_says_what_leads_back_to_the_asker() -> None:
    """A candidate that can only start after the rule that asks for it."""
    toys = Toys("a: A <- B\nb1: B <- A\nb2: B <- P")

    assert str(explained(toys, "A <- P")) == dedented("""
        A from P
        └─ A: a (In [1], line 1), from P
           └─ B: b2 (In [3], line 1), from P
              not b1 (In [2], line 1): it needs a first
              └─ P: passed
        """)


def test_explains_recursion_and_unions() -> None:
    """A rule that comes again is not drawn again; a member is named."""
    toys = Toys("fib: Fib <- Int; Get(Fib, Int); Get(Speed, Vehicle)\ncar: Speed <- Car")

    assert str(explained(toys.union("Vehicle", "Car"), "Fib <- Int")) == dedented("""
        Fib from Int
        └─ Fib: fib (In [1], line 1), from Int
           ├─ Int: passed
           ├─ Get(Fib, Int): fib (In [1], line 1), from Int …as above
           └─ Get(Speed, Vehicle) with Car: car (In [2], line 1), from Car
              └─ Car: passed
        """)


def test_explains_what_has_no_answer() -> None:
    """Each rule that makes the product with its reason, then the problem itself."""
    toys = Toys("a1: A <- P\na2: A <- Q\nlate: A <- B\nb: B <- P, C")

    found = explained(toys, "A <- P, Q")

    assert str(found) == dedented("""
        A from P and Q
          not a1 (In [1], line 1): it uses P, as many params as another
          not a2 (In [2], line 1): it uses Q, as many params as another
          not late (In [3], line 1): it leads to b, which needs C, which nothing supplies
        WF202  two rules make A equally well
            a1 (In [1], line 1) uses P
            a2 (In [2], line 1) uses Q
          → let one of them return a new type, or delete it
        """)
    assert found.rule is None
    assert [candidate.rule.name for candidate in found.candidates] == ["a1", "a2", "late"]


def test_explains_a_product_that_is_passed_or_that_nobody_makes() -> None:
    """A value that is passed is taken before any rule."""
    toys = Toys("a: A <- P")

    assert str(explained(toys, "A <- A")) == dedented("""
        A from A
        └─ the A that is passed
           not a (In [1], line 1): the A that is passed is always taken before a rule
        """)
    assert str(explained(toys, "Z <-")) == dedented("""
        Z from no params
        WF201  no rule makes Z
          → write a rule that returns Z
        """)


def test_cuts_a_long_explanation() -> None:
    """A thousand rules deep, it is a page."""
    toys = Toys("\n".join(f"r{n}: T{n} <- T{n + 1}" for n in range(1000)))

    lines = str(explained(toys, "T0 <- T1000")).splitlines()

    assert len(lines) == 41
    assert lines[-1] == "…"
