"""What can be wired and what cannot: scenarios 21 to 48, and the worked examples of choice."""

from __future__ import annotations

import pytest

from tests.rulegraph.toys import Toys, shown
from wfnb.errors import WiringError
from wfnb.rulegraph.instances import ParamAnswer
from wfnb.rules.found import StaticRequest


def refused(toys: Toys, query: str) -> str:
    """The code and message of a query that has no answer."""
    with pytest.raises(WiringError) as caught:
        toys.solve(query)
    return f"{caught.value.code} {caught.value.what}"


# -------------------------------------------------------------------- 21 to 28: scope and choice


@pytest.mark.parametrize(
    ("rules", "query", "answer"),
    [
        ("a: A <- B", "A <- B", "a[B](B=param)"),
        ("a: A <-", "A <-", "a[]"),
        ("a: A <- B\nb: B <- C", "A <- C", "a[C](B=b[C](C=param))"),
    ],
)
def test_wires_a_chain(rules: str, query: str, answer: str) -> None:
    """Scenario 21: a rule from a param, from nothing, and through another rule."""
    assert shown(Toys(rules).solve(query)) == answer


def test_refuses_a_query_for_a_type_that_nothing_returns() -> None:
    """Scenario 22: no rule at all, and no such param."""
    toys = Toys("b: B <-")

    assert refused(toys, "A <-") == "WF201 no rule makes A"
    assert toys.told("A <-") == ["WF201", "WF220"]


def test_names_the_rule_whose_input_is_missing() -> None:
    """Scenario 23: the rule that needs B, not the query, is to blame; both fixes are offered."""
    found = Toys("a: A <- B").problem("A <-")

    assert found.message == "nothing supplies B for a"
    assert found.fix == "write a rule that returns B, or pass one in the request"


def test_calls_two_equal_rules_ambiguous_at_the_request() -> None:
    """Scenario 24: one error, with request, requester, both rules and what they use."""
    found = Toys("a1: A <- P\na2: A <- P\nout: Out <- A").problem("Out <- P")

    assert found.message == "two rules make A for out equally well"
    assert found.origin.label == "In [3]"
    assert found.reasons[:2] == ("a1 (In [1], line 1) uses P", "a2 (In [2], line 1) uses P")


def test_calls_rules_ambiguous_only_in_a_scope_that_serves_both() -> None:
    """Scenario 25: fine for B, ambiguous for B and C; without a query nothing is wrong."""
    toys = Toys("a1: A <- B\na2: A <- C\nout: Out <- A")

    assert shown(toys.solve("Out <- B")) == "out[B](A=a1[B](B=param))"
    assert refused(toys, "Out <- B, C") == "WF202 two rules make A for out equally well"
    assert toys.told() == []


def test_takes_the_rule_with_the_fewest_params_and_warns_of_the_other() -> None:
    """Scenario 26: the rule without params is taken, the other is shadowed."""
    toys = Toys("a0: A <-\na1: A <- P")

    assert shown(toys.solve("A <- P")) == "a0[]"
    assert toys.told("A <- P") == ["WF221"]


def test_takes_a_param_rather_than_a_rule_and_warns() -> None:
    """Scenario 27: the value that is passed is used."""
    toys = Toys("a: A <-\nout: Out <- A")

    assert shown(toys.solve("Out <- A")) == "out[A](A=param)"
    assert toys.solve("A <- A") == ParamAnswer(toys["A"])
    assert toys.told("Out <- A") == ["WF222"]


def test_chooses_at_each_request_and_not_for_the_whole() -> None:
    """Scenario 28: that B needs Q anyway does not decide who makes A."""
    toys = Toys("a1: A <- P\na2: A <- Q\nb: B <- Q\nout: Out <- A, B")

    assert refused(toys, "Out <- P, Q") == "WF202 two rules make A for out equally well"


# -------------------------------------------------------------------- 29 to 35: supplying


def test_adds_what_a_request_supplies_to_the_scope() -> None:
    """Scenario 29: C from the request, D from the query."""
    toys = Toys("a: A <-; Get(B, C)\nb: B <- C, D")

    assert shown(toys.solve("A <- D")) == "a[D](B(C)=b[C D](C=param, D=param))"


def test_takes_only_rules_that_use_what_is_supplied() -> None:
    """Scenario 30: a rule that ignores C is passed over, even if it is the only one."""
    both = Toys("a: A <-; Get(B, C)\nb1: B <- C, D\nb2: B <- D")
    one = Toys("a: A <-; Get(B, C)\nb2: B <- D")

    assert shown(both.solve("A <- D")) == "a[D](B(C)=b1[C D](C=param, D=param))"
    assert refused(one, "A <- D") == "WF204 no rule makes B from C, asked by a"
    assert one.problem("A <- D").reasons[0] == (
        "b2 (In [2], line 1) makes B from D and does not use C"
    )


def test_tells_that_a_supplied_value_is_never_used_before_anyone_asks() -> None:
    """Scenario 30: no param could answer such a request, so it is an error at once."""
    assert Toys("a: A <-; Get(B, C)\nb2: B <- D").told() == ["WF204"]
    assert Toys("a: A <-; Get(B, C)").told() == ["WF203"]


def test_never_answers_a_request_that_supplies_something_with_a_param() -> None:
    """Scenario 31: there is a Fib in scope, and still the rule is asked."""
    toys = Toys("top: Top <- Fib; Get(Fib, Int)\nfib: Fib <- Int")

    assert shown(toys.solve("Top <- Fib")) == "top[Fib](Fib=param, Fib(Int)=fib[Int](Int=param))"


def test_supplies_several_values_at_once() -> None:
    """Scenario 32: both come from the request, the query passes nothing."""
    toys = Toys("a: A <-; Get(B, C, D)\nb: B <- C, D")

    assert shown(toys.solve("A <-")) == "a[](B(C D)=b[C D](C=param, D=param))"


def test_shares_a_param_between_siblings() -> None:
    """Scenario 33: sales and costs are both of the same date."""
    toys = Toys("report: Report <- Sales, Costs\nsales: Sales <- Date\ncosts: Costs <- Date")

    assert shown(toys.solve("Report <- Date")) == (
        "report[Date](Sales=sales[Date](Date=param), Costs=costs[Date](Date=param))"
    )


def test_shows_a_param_to_the_rules_below_the_one_that_takes_it() -> None:
    """Scenario 34: a rule hides nothing by taking it itself."""
    toys = Toys("report: Report <- Date, Sales\nsales: Sales <- Date")

    assert shown(toys.solve("Report <- Date")) == (
        "report[Date](Date=param, Sales=sales[Date](Date=param))"
    )


def test_masks_a_param_below_a_request_that_supplies_another() -> None:
    """Scenario 35: the inner rule uses the supplied P, so it is not the outer one's."""
    toys = Toys("outer: Outer <- P; Get(Inner, P)\ninner: Inner <- P, Q")

    assert shown(toys.solve("Outer <- P, Q")) == (
        "outer[P Q](P=param, Inner(P)=inner[P Q](P=param, Q=param))"
    )
    assert shown(Toys("o: O <-; Get(I, P)\ni: I <- P").solve("O <- P")) == (
        "o[](I(P)=i[P](P=param))"
    )


# -------------------------------------------------------------------- 36 to 38: recursion


def test_wires_a_rule_that_asks_for_its_own_product() -> None:
    """Scenario 36: a request that leads back to the same rule adds nothing to what it uses."""
    simple = Toys("fib: Fib <- Int; Get(Fib, Int)")
    converting = Toys("""
        thing: Thing <- Int; Get(Thing, Int); Get(Int, Ext)
        convert: Int <- Ext
    """)

    assert shown(simple.solve("Fib <- Int")) == "fib[Int](Int=param, Fib(Int)=fib[Int])"
    assert simple.solve("Fib <- Fib") == ParamAnswer(simple["Fib"])
    assert shown(converting.solve("Thing <- Int")) == (
        "thing[Int](Int=param, Thing(Int)=thing[Int], Int(Ext)=convert[Ext](Ext=param))"
    )


def test_wires_rules_that_ask_for_each_other() -> None:
    """Scenario 37: even and odd, and a loop of three."""
    two = Toys("even: Even <- Int; Get(Odd, Int)\nodd: Odd <- Int; Get(Even, Int)")
    three = Toys("a: A <- D; Get(B, E)\nb: B <- E; Get(C, F)\nc: C <- F; Get(A, D)")

    assert shown(two.solve("Even <- Int")) == (
        "even[Int](Int=param, Odd(Int)=odd[Int](Int=param, Even(Int)=even[Int]))"
    )
    assert shown(three.solve("A <- D")) == (
        "a[D](D=param, B(E)=b[E](E=param, C(F)=c[F](F=param, A(D)=a[D])))"
    )
    assert two.told() == three.told() == []


def test_is_not_misled_by_loops_through_other_candidates() -> None:
    """Scenario 38: loops that only an alternative would close are no ambiguity."""
    by_two_ways = Toys("""
        root: Root <-; Get(Me, P); Get(Me, M)
        me: Me <- Ferr
        ferr: Ferr <- Pd, Fpr
        pd_p: Pd <- P
        pd_m: Pd <- M
        fpr_p: Fpr <- P
        fpr_m: Fpr <- M
    """)
    several_paths = Toys("""
        sao: A <-; Get(Awo, As); Get(Awo, Fs)
        awofs: Awo <- Fs
        awoas: Awo <- As, A
    """)
    wide = Toys("""
        one: Out <-; Get(Out, A)
        two: Out <- A; Get(Out, B)
        three: Out <- B; Get(Out, C)
        four: Out <- C, D
    """)

    assert by_two_ways.told("Root <-") == []
    assert shown(several_paths.solve("A <-")) == (
        "sao[](Awo(As)=awoas[As](As=param, A=sao[]), Awo(Fs)=awofs[Fs](Fs=param))"
    )
    assert shown(wide.solve("Out <- D")) == (
        "one[D](Out(A)=two[A D](A=param, Out(B)=three[B D](B=param, "
        "Out(C)=four[C D](C=param, D=param))))"
    )


def test_refuses_a_loop_of_parameters() -> None:
    """No rule of the loop could ever start; a value passed from outside breaks it."""
    toys = Toys("a: A <- P, B\nb: B <- P, A")

    assert toys.told() == ["WF206"]
    assert refused(toys, "A <- P") == "WF206 a and b can only start after each other"
    assert shown(toys.solve("A <- P, B")) == "a[B P](P=param, B=param)"


def test_takes_the_way_out_of_a_loop_of_parameters() -> None:
    """A candidate that leads back through parameters is passed over for one that does not."""
    toys = Toys("a: A <- B\nb1: B <- A\nb2: B <- P, Q")

    assert shown(toys.solve("A <- P, Q")) == "a[P Q](B=b2[P Q](P=param, Q=param))"
    assert toys.told("A <- P, Q") == ["WF220"]


def test_takes_the_way_out_where_two_rules_lead_to_each_other() -> None:
    """Each is the cheaper one for the other; neither may be, as they would wait for ever."""
    toys = Toys("""
        out: Out <-; a(); b()
        a: A <- B
        a2: A <- P, Q
        b: B <- A
        b2: B <- P, Q
    """)

    assert shown(toys.solve("Out <- P, Q")) == (
        "out[P Q](a=a[P Q](B=b2[P Q](P=param, Q=param)), b=b[P Q](A=a2[P Q](P=param, Q=param)))"
    )


def test_lets_converters_make_each_others_input() -> None:
    """Two rules that convert both ways are no loop, once somebody passes one of the types."""
    toys = Toys("to_f: F <- C\nto_c: C <- F\nuse: Use <-; Get(F, C)")

    assert toys.told() == []
    assert shown(toys.solve("C <- F")) == "to_c[F](F=param)"


# -------------------------------------------------------------------- 40, 41: unions


def test_answers_a_request_through_a_union_once_per_member() -> None:
    """Scenario 40: the scope passes through; each member has its own rule."""
    toys = Toys("""
        ask: Out <-; Get(Speed, Vehicle)
        car: Speed <- Car, Weather
        bike: Speed <- Bike
        weather: Weather <- Date
    """).union("Vehicle", "Car, Bike")

    assert shown(toys.solve("Out <- Weather")) == (
        "ask[Weather](Speed(Vehicle)="
        "{Bike: bike[Bike](Bike=param), Car: car[Car Weather](Car=param, Weather=param)})"
    )
    assert shown(toys.solve("Out <- Date")).startswith("ask[Date](")
    assert refused(toys, "Out <-") == "WF203 nothing supplies Date for weather"


def test_masks_a_member_in_scope() -> None:
    """Scenario 40: the value in the request is used, not the one that the query passed."""
    toys = Toys("ask: Out <-; Get(Speed, Vehicle)\ncar: Speed <- Car").union("Vehicle", "Car")

    assert shown(toys.solve("Out <- Car")) == ("ask[](Speed(Vehicle)={Car: car[Car](Car=param)})")


def test_names_the_member_of_a_union_that_has_no_rule() -> None:
    """Scenario 41: union, member and product are named; without a query too."""
    toys = Toys("ask: Out <-; Get(Speed, Vehicle)\ncar: Speed <- Car")
    toys.union("Vehicle", "Car, Bike")

    message = "no rule makes Speed from Bike, a member of the union Vehicle"
    assert toys.problem().message == message
    assert refused(toys, "Out <-") == f"WF208 {message}"


def test_wires_a_request_through_a_union_without_members() -> None:
    """Any value will be refused when it comes; until then it is only worth a note."""
    toys = Toys("ask: Out <-; Get(Speed, Vehicle)").union("Vehicle", "")

    assert shown(toys.solve("Out <-")) == "ask[](Speed(Vehicle)={})"
    assert [found.code for found in toys.graph().diagnostics] == ["WF231"]


# -------------------------------------------------------------------- 42 to 48


def test_blames_the_deepest_rule_once() -> None:
    """Scenario 42: five rules deep, one error, with the number of requests that it stops."""
    toys = Toys("a: A <- B\nb: B <- C\nc: C <- D\nd: D <- E\ne: E <- F")

    found = toys.problem("A <-", "B <-", "C <- G")

    assert found.message == "nothing supplies F for e"
    assert found.reasons[-1] == (
        "stops 3 requests: A from no params, B from no params and C from G"
    )


def test_warns_of_a_rule_that_no_query_reaches() -> None:
    """Scenario 43: named, with what was asked; not before anybody asks."""
    toys = Toys("a: A <- P\nb: B <- P")

    found = toys.problem(asked=["A <- P"])

    assert (found.code, found.message) == ("WF220", "no request reaches b")
    assert found.reasons == ("asked or declared: A from P",)
    assert toys.told() == []


def test_says_why_a_rule_cannot_serve_the_queries() -> None:
    """Scenario 43: it would make the product, but not from what was passed."""
    found = Toys("a1: A <- P\na2: A <- Q").problem("A <- P")

    assert found.message == "no request reaches a2"
    assert found.reasons[0] == "a2 needs Q, which nothing supplies"


def test_accepts_params_that_nobody_uses_and_names_those_that_are_missing() -> None:
    """Scenario 44: too many is fine, too few is not."""
    toys = Toys("a: A <- P, Q")

    assert shown(toys.solve("A <- P, Q, R")) == "a[P Q](P=param, Q=param)"
    assert refused(toys, "A <- P") == "WF203 nothing supplies Q for a"


def test_takes_the_rule_that_is_called_by_name() -> None:
    """Scenario 48: whatever else returns the type; what the call passes needs no source."""
    toys = Toys("""
        a: A <-; b1(C)
        b1: B <- C, D
        b2: B <- C
    """)

    assert shown(toys.solve("A <- D")) == "a[D](b1(C)=b1[C D](C=param, D=param))"


def test_refuses_a_call_of_a_rule_that_is_not_registered() -> None:
    """Scenario 48: the name is known, the rule is gone."""
    toys = Toys("a: A <-; resize(Photo)\nresized: B <- C")

    assert refused(toys, "A <-") == "WF207 a calls resize, which is not registered"


def test_counts_a_rule_once_that_was_given_twice() -> None:
    """Scenario 48: the same key is the same rule; the later one counts."""
    toys = Toys("a: A <- P")
    toys.rules *= 2

    assert shown(toys.solve("A <- P")) == "a[P](P=param)"


def test_wires_a_request_that_was_learned() -> None:
    """A request met at run time is one more request of its rule, and a note."""
    toys = Toys("a: A <-\nb: B <- C, D")
    request = StaticRequest(toys["B"], (toys["C"],), None, toys.rule("a").place, "get", "Get(B, C)")
    graph = toys.graph(learned={toys.rule("a").key: (request,)})

    answer = graph.solve(toys["A"], frozenset(toys.types("D")))

    assert shown(answer) == "a[D](B(C)=b[C D](C=param, D=param))"
    assert "WF232" in [found.code for found in graph.diagnostics]


# -------------------------------------------------------------------- worked examples


@pytest.mark.parametrize(
    ("rules", "query", "result"),
    [
        ("a1: A <- P\na2: A <- P", "A <- P", "WF202 two rules make A equally well"),
        ("a1: A <- P\na2: A <- Q", "A <- P", "a1[P](P=param)"),
        (
            "a1: A <- P\na2: A <- Q\nout: Out <- A",
            "Out <- P, Q",
            "WF202 two rules make A for out equally well",
        ),
        (
            "a1: A <- P\na2: A <- P, Q\nb: B <- Q\nout: Out <- A, B",
            "Out <- P, Q",
            "out[P Q](A=a1[P](P=param), B=b[Q](Q=param))",
        ),
        ("a0: A <-\na1: A <- P", "A <- P", "a0[]"),
        ("a0: A <-\nout: Out <- A", "Out <- A", "out[A](A=param)"),
        ("a1: A <- P\nout: Out <- A", "Out <- A, P", "out[A](A=param)"),
        (
            "ask: Out <-; Get(B, Q)\nb: B <- P",
            "Out <- P",
            "WF204 no rule makes B from Q, asked by ask",
        ),
    ],
)
def test_chooses_as_in_the_worked_examples(rules: str, query: str, result: str) -> None:
    """The original's table, with wfnb's results: per request, fewest params, params first."""
    toys = Toys(rules)

    if result.startswith("WF"):
        assert refused(toys, query) == result
    else:
        assert shown(toys.solve(query)) == result
