"""What the task graph gets: one instance per rule and in-set, its links, its signature."""

from __future__ import annotations

import threading

import pytest

from tests.rulegraph.toys import Toys, shown
from wfnb.errors import WiringError
from wfnb.rulegraph.graph import RuleGraph
from wfnb.rulegraph.instances import Answer, Instance, ParamAnswer, RuleAnswer


def instance_of(answer: Answer) -> Instance:
    assert isinstance(answer, RuleAnswer)
    return answer.instance


def solved(toys: Toys, graph: RuleGraph, query: str) -> Instance:
    product, scope = toys.query(query)
    return instance_of(graph.solve(product, frozenset(scope)))


def test_gives_the_same_instance_whatever_else_is_in_scope() -> None:
    """An unused param makes no difference; neither does asking twice."""
    toys = Toys("a: A <- P\nb: B <- A")
    graph = toys.graph()

    a, b = solved(toys, graph, "A <- P"), solved(toys, graph, "B <- P, Q")

    assert solved(toys, graph, "A <- P, Q, R") is a
    assert b.links == {(toys["A"], None): RuleAnswer(a)}


def test_links_every_wiring_of_a_rule() -> None:
    """The keys are what `Get.wiring` and `Call.wiring` are when the request is made."""
    toys = Toys("""
        a: A <- P; Get(B); Get(B, C); Get(B, C, D); c(P); c(); Get(P)
        b: B <- P
        bc: B <- C
        bcd: B <- C, D
        c: E <- P
    """)
    key = toys.rule("c").key
    names = {cls: toys[cls] for cls in "ABCDEP"}

    a = solved(toys, toys.graph(), "A <- P")

    assert a.in_set == (names["P"],)
    assert set(a.links) == {
        (names["P"], None),
        (names["B"], None),
        (names["B"], names["C"]),
        (names["B"], frozenset((names["C"], names["D"]))),
        (key, names["P"]),
        (key, None),
    }
    assert a.links[names["P"], None] == ParamAnswer(names["P"])


def test_links_a_recursive_rule_to_itself() -> None:
    """No copy per level: the instance is its own answer."""
    toys = Toys("fib: Fib <- Int; Get(Fib, Int)")

    fib = solved(toys, toys.graph(), "Fib <- Int")

    assert instance_of(fib.links[toys["Fib"], toys["Int"]]) is fib


def test_sorts_in_sets_by_module_and_name() -> None:
    """The order of the params does not depend on who takes them first."""
    toys = Toys("a: A <- Z, B\nb: B <- M, K")

    assert [cls.__name__ for cls in solved(toys, toys.graph(), "A <- K, M, Z").in_set] == [
        "K",
        "M",
        "Z",
    ]


def test_never_gives_one_name_to_two_sets_of_choices() -> None:
    """Two scopes, the same params used, other rules chosen below: two instances.

    With T and U passed, `d` uses two params and loses to `c`; without them it uses none and wins.
    `top` uses P alone both times, and must not be one task.
    """
    toys = Toys("""
        top: Top <- P, A
        c: A <- P
        d: A <- T, U
        t: T <-
        u: U <-
    """)
    graph, other_way = toys.graph(), toys.graph()
    queries = "Top <- P", "Top <- P, T, U"

    small, large = (solved(toys, graph, query) for query in queries)
    large_first, small_second = (solved(toys, other_way, query) for query in reversed(queries))

    assert shown(RuleAnswer(small)) == "top[P](P=param, A=d[](T=t[], U=u[]))"
    assert shown(RuleAnswer(large)) == "top[P T U](P=param, A=c[P](P=param))"
    assert small.signature == small_second.signature
    assert large.signature == large_first.signature


def test_signs_what_a_rule_and_its_direct_choices_are() -> None:
    """Equal between graphs while rule, in-set and direct answers are the same; else not."""
    toys = Toys("a: A <- P; Get(B, C)\nb: B <- C, D\nd: D <- P\nb0: B <- C")
    with_b0 = RuleGraph(toys.rules)
    without = RuleGraph([rule for rule in toys.rules if rule.name != "b0"])
    again = RuleGraph([rule for rule in toys.rules if rule.name != "b0"])

    assert solved(toys, without, "A <- P") is not solved(toys, again, "A <- P")
    assert solved(toys, without, "A <- P").signature == solved(toys, again, "A <- P").signature
    assert solved(toys, without, "A <- P").signature != solved(toys, with_b0, "A <- P").signature
    assert solved(toys, without, "D <- P").signature == solved(toys, with_b0, "D <- P").signature


def test_lists_all_instances_that_take_part() -> None:
    """For drawing: who answers first, then what it asks, each once."""
    toys = Toys("a: A <- B, C\nb: B <- D\nc: C <- D; Get(A)\nd: D <-")
    graph = toys.graph()

    found = graph.instances(toys["A"], frozenset())

    assert [instance.rule.name for instance in found] == ["a", "b", "c", "d"]
    assert graph.instances(toys["A"], frozenset([toys["A"]])) == ()


def test_answers_from_many_threads() -> None:
    """Whoever asks first, all get the same instances."""
    toys = Toys("\n".join(f"r{n}: T{n} <- T{n + 1}" for n in range(200)))
    graph = toys.graph()
    product, scope = toys.query("T0 <- T200")
    found: list[Instance] = []
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait()
        found.append(instance_of(graph.solve(product, frozenset(scope))))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1


def test_raises_anew_for_each_request_that_fails() -> None:
    """An error is an object with a traceback; no two requests share one."""
    toys = Toys("a: A <- P")
    graph = toys.graph()
    errors = []
    for _ in range(2):
        with pytest.raises(WiringError) as caught:
            graph.solve(toys["A"], frozenset())
        errors.append(caught.value)

    assert errors[0] is not errors[1]
    assert str(errors[0]) == str(errors[1])
