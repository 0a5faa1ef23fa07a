"""For each rule: who answers what it asks for, and why not the others."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rulegraph.brute import Toy
from tests.rulegraph.test_laws import INPUTS, PRODUCTS, TYPES, rule_sets, rules_of
from tests.rulegraph.toys import Toys
from wfnb.rulegraph.choices import MOST_REJECTED, Choice
from wfnb.rulegraph.graph import RuleGraph

GALLERY = """
    make_gallery: Gallery <- Folder; Get(Thumbnail, Photo); Get(Speed, Vehicle); resize(Photo)
    resize: Thumbnail <- Photo, Size
    small: Thumbnail <- Folder
    size: Size <-
    old_size: Size <- Year
    car: Speed <- Car
"""

queries = st.lists(
    st.tuples(
        st.sampled_from(PRODUCTS).map(TYPES.__getitem__),
        st.frozensets(st.sampled_from(INPUTS + PRODUCTS).map(TYPES.__getitem__), max_size=3),
    ),
    max_size=2,
)


def told(graph: RuleGraph, name: str) -> list[str]:
    """The choices of a rule, as text."""
    [found] = [choices for key, choices in graph.choices().items() if key.name == name]
    return [line for choice in found for line in lines(choice)]


def lines(choice: Choice) -> list[str]:
    where = f" (line {choice.line})" if choice.line is not None else ""
    perhaps = "" if choice.is_sure else " perhaps"
    chosen = " or ".join(choice.chosen) or "nobody"
    return [
        f"{choice.what}{where}:{perhaps} {chosen}",
        *[f"  not {name}: {why}" for name, why in choice.rejected],
    ]


def test_tells_who_would_answer_before_anyone_asks() -> None:
    """In every scope there could be."""
    graph = Toys(GALLERY).union("Vehicle", "Car").graph()

    assert told(graph, "make_gallery") == [
        "Folder (line 1): passed by who asks",
        "Get(Thumbnail, Photo) (line 2): resize (In [2], line 1)",
        "  not small (In [3], line 1): it does not use Photo",
        "Get(Speed, Vehicle) with Car (line 3): car (In [6], line 1)",
        "resize(Photo) (line 4): resize (In [2], line 1)",
    ]
    assert told(graph, "resize") == [
        "Photo (line 1): passed by who asks",
        "Size (line 1): size (In [4], line 1)",
        "  not old_size (In [5], line 1): it uses Year, more params than size",
    ]


def test_tells_what_was_followed_by_what_was_asked() -> None:
    """With two scopes, both ways."""
    toys = Toys("a: A <- B, Q\nb1: B <- P\nb2: B <- R, S")

    assert told(toys.graph("A <- P, Q"), "a") == [
        "B (line 1): b1 (In [2], line 1)",
        "  not b2 (In [3], line 1): it needs R, which nothing supplies",
        "Q (line 1): passed by who asks",
    ]
    assert told(toys.graph("A <- P, Q", "A <- B, Q", "A <- Q, R, S"), "a")[:1] == [
        "B (line 1): b1 (In [2], line 1) or passed by who asks or b2 (In [3], line 1)",
    ]


def test_names_rules_that_a_param_is_taken_before() -> None:
    """Where every scope passes the type, its rules are not even looked at."""
    assert told(Toys("a: A <- B\nb: B <- P").graph("A <- B"), "a") == [
        "B (line 1): passed by who asks",
        "  not b (In [2], line 1): the B that is passed is taken before a rule",
    ]


def test_tells_why_nobody_answers() -> None:
    """Each candidate with its own reason, or none."""
    toys = Toys("a: A <-; Get(B, P); Get(Lost)\nb1: B <- P, Q\nb2: B <- R, P")

    assert told(toys.graph("A <- "), "a") == [
        "Get(B, P) (line 2): nobody",
        "  not b1 (In [2], line 1): it needs Q, which nothing supplies",
        "  not b2 (In [3], line 1): it needs R, which nothing supplies",
        "Get(Lost) (line 3): nobody",
    ]


def test_does_not_list_more_candidates_than_can_be_read() -> None:
    """The rest are counted."""
    rest = "\n".join(f"b{number}: B <- P, Q" for number in range(30))
    graph = Toys(f"a: A <- B\nb: B <- P\n{rest}").graph("A <- P")
    [found] = [choices for key, choices in graph.choices().items() if key.name == "a"]

    assert (len(found[0].rejected), found[0].more) == (MOST_REJECTED, 30 - MOST_REJECTED)


@settings(max_examples=150, deadline=None)
@given(rule_sets(with_loops=True) | rule_sets(with_loops=False), queries)
def test_names_every_candidate_once(
    toys: tuple[Toy, ...], asked: list[tuple[type, frozenset[type]]]
) -> None:
    """Whatever the rules, none is left out, and none is both taken and refused."""
    graph = RuleGraph(rules_of(toys), asked=asked)
    makers: dict[str, set[str]] = {}
    for key in graph.rules:
        makers.setdefault(key.product.__name__, set()).add(key.name)

    for key, choices in graph.choices().items():
        rule = graph.rules[key]
        wanted = [*rule.param_requests(), *rule.requests().found]
        assert {c.kind for c in choices} <= {"param", "get", "call"}
        assert len(choices) == len({request.wiring for request in wanted})
        slots = dict.fromkeys(request.wiring for request in wanted)
        for choice, (asked_for, _) in zip(choices, slots, strict=True):
            names = [name for name, _ in choice.rejected]
            named = getattr(asked_for, "name", None)
            candidates = {named} if named else makers.get(asked_for.__name__, set())
            assert {*names, *choice.chosen} - {"passed by who asks"} == candidates
            assert len(names) + len(set(choice.chosen) & candidates) == len(candidates)
            assert all(why for _, why in choice.rejected)
