"""The solver against the laws: everything tried, on small rule sets made up at random."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.rulegraph import brute
from tests.rulegraph.brute import NOBODY, PARAM, TIE, Ask, Model, Toy, Types
from tests.rulegraph.toys import toy_rule
from wfnb.errors import WiringError
from wfnb.places import NOWHERE
from wfnb.rulegraph.causes import iter_considered
from wfnb.rulegraph.graph import RuleGraph
from wfnb.rulegraph.instances import Instance, ParamAnswer, RuleAnswer, iter_instances
from wfnb.rulegraph.nodes import Node
from wfnb.rules.found import Requests, StaticRequest, by_qualname
from wfnb.rules.rule import Rule, RuleKey

MOST_CHOICES = 3_000

TYPES = {name: type(name, (), {"__module__": "toys"}) for name in "ABCDEPQRS"}
PRODUCTS = "ABCDE"
INPUTS = "PQRS"


def rules_of(toys: tuple[Toy, ...]) -> list[Rule[Any]]:
    keys = {toy.name: key_of(toy) for toy in toys}
    return [
        toy_rule(
            toy.name,
            TYPES[toy.product],
            [TYPES[ask.product] for ask in toy.asks if ask.is_param],
            NOWHERE,
            Requests(
                tuple(
                    StaticRequest(
                        TYPES[ask.product],
                        by_qualname(tuple(TYPES[name] for name in ask.supplied)),
                        keys[ask.named] if ask.named else None,
                        NOWHERE,
                        "call" if ask.named else "get",
                        "",
                    )
                    for ask in toy.asks
                    if not ask.is_param
                )
            ),
        )
        for toy in toys
    ]


def key_of(toy: Toy) -> RuleKey:
    types = tuple(TYPES[ask.product] for ask in toy.asks if ask.is_param)
    return RuleKey("toys", toy.name, TYPES[toy.product], types)


def masked(names: Types) -> frozenset[type]:
    return frozenset(TYPES[name] for name in names)


@st.composite
def rule_sets(draw: st.DrawFn, *, with_loops: bool, by_params: bool = True) -> tuple[Toy, ...]:
    """A few rules; without loops, a rule only asks for products later in the alphabet.

    With loops there are fewer types, so that more of the rules meet.
    """
    products, inputs = (PRODUCTS, INPUTS) if not with_loops else (PRODUCTS[:3], INPUTS[:2])
    count = draw(st.integers(1, 5))
    heads = [(f"r{number}", draw(st.sampled_from(products))) for number in range(count)]
    toys = []
    for name, product in heads:
        lower = products if with_loops else products[products.index(product) + 1 :]
        asks: dict[tuple[object, ...], Ask] = {}
        for _ in range(draw(st.integers(0, 2))):
            made = lower.replace(product, "") if by_params else ""
            wanted = draw(st.sampled_from(made + inputs))
            asks[wanted, frozenset()] = Ask(wanted, is_param=True)
        for _ in range(draw(st.integers(0, 2))):
            supplied = frozenset(draw(st.lists(st.sampled_from(products + inputs), max_size=2)))
            named = [other for other, product in heads if product in lower]
            if named and draw(st.integers(0, 3)) == 0:
                other = draw(st.sampled_from(named))
                asks.setdefault((other, supplied), Ask(dict(heads)[other], supplied, other))
                continue
            wanted = draw(st.sampled_from(lower + inputs))
            asks.setdefault((wanted, supplied), Ask(wanted, supplied))
        toys.append(Toy(name, product, tuple(asks.values())))
    return tuple(toys)


# r0 would use no more than r1, were it to answer itself; taken from r1, what it asks for uses more.
TIED_BY_ITSELF = (
    Toy("r0", "B", (Ask("P", is_param=True), Ask("B"))),
    Toy("r1", "B", (Ask("C"),)),
)

scopes = st.frozensets(st.sampled_from(INPUTS + PRODUCTS), max_size=4)
few_scopes = st.frozensets(st.sampled_from(INPUTS[:2] + PRODUCTS[:3]), max_size=3)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(rule_sets(with_loops=False), st.sampled_from(PRODUCTS), scopes)
def test_wires_rules_without_loops_as_trying_everything_does(
    toys: tuple[Toy, ...], product: str, scope: Types
) -> None:
    """Without loops the laws have one solution; the solver finds it, failures included."""
    assume(product not in scope)
    model = Model(toys, product, scope)
    assume(model.size() <= MOST_CHOICES)
    [choice] = model.solutions()
    graph = RuleGraph(rules_of(toys))

    root = solved(graph, product, scope)

    assert_agrees(graph, root, model, choice)
    assert_serves(graph, product, scope, choice, model)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(rule_sets(with_loops=True), st.sampled_from(PRODUCTS[:3]), few_scopes)
def test_wires_rules_with_loops_by_the_same_laws(
    toys: tuple[Toy, ...], product: str, scope: Types
) -> None:
    """With loops there may be several solutions, or none; what is found is checked law by law."""
    assume(product not in scope)
    graph = RuleGraph(rules_of(toys))

    root = solved(graph, product, scope)

    assert_certified(graph, root, toys, product)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(rule_sets(with_loops=True, by_params=False), st.sampled_from(PRODUCTS[:3]), few_scopes)
@example(TIED_BY_ITSELF, "B", frozenset("CP"))
def test_finds_the_one_way_to_wire_rules_with_loops_if_there_is_just_one(
    toys: tuple[Toy, ...], product: str, scope: Types
) -> None:
    """Loops through bodies: where the laws leave one solution, it is that.

    Unless it needs a tie in the loop: of rules that tie because of each other, all fail. And
    unless a rule in it asks for itself with the very params it has: it would wait for itself, so
    nothing is lost where the solver finds no way.
    """
    assume(product not in scope)
    model = Model(toys, product, scope)
    assume(model.size() <= MOST_CHOICES)
    choices = list(model.solutions())
    assume(len(choices) == 1 and TIE not in choices[0].values())
    assume(not model.is_endless(choices[0]))
    graph = RuleGraph(rules_of(toys))

    root = solved(graph, product, scope)

    assert_agrees(graph, root, model, choices[0], has_loops=True)


# -------------------------------------------------------------------- comparing


def solved(graph: RuleGraph, product: str, scope: Types) -> Node:
    return graph._solver.solve(TYPES[product], masked(scope))


def names(graph: RuleGraph, mask: int) -> Types:
    return frozenset(cls.__name__ for cls in graph._slots.unmask(mask))


def assert_agrees(
    graph: RuleGraph, root: Node, model: Model, choice: brute.Choice, *, has_loops: bool = False
) -> None:
    """The solver's nodes are the model's, with the same answers, failures and params."""
    uses = model.uses(choice)
    seen: set[tuple[Node, brute.Node]] = set()
    rest: list[tuple[Node, brute.Node]] = [(root, model.root)]
    while rest:
        pair = rest.pop()
        if pair in seen:
            continue
        seen.add(pair)
        node, twin = pair
        by_wiring = {slot_name(slot): position for position, slot in enumerate(node.entry.slots)}
        assert bool(node.failures) == (not model.answers(twin, choice))
        if not node.failures:
            assert names(graph, node.used) == uses[twin]
        for ask in model.asks(twin):
            position = by_wiring[ask.product, ask.supplied, ask.named]
            chosen = choice[twin, ask]
            kids = node.candidates[position]
            if chosen == PARAM:
                assert kids is None
                continue
            assert kids is not None
            failure = node.failures.get(position)
            if chosen in (NOBODY, TIE):
                if failure is None:  # only failed because its rule, in a loop, failed elsewhere
                    assert node.failures
                    assert has_loops
                elif not has_loops:
                    assert bool(failure.tied) == (chosen == TIE)
            else:
                assert failure is None
            twins = {other[0]: other for other in model.kids(twin, ask)}
            for kid in kids:
                rest.append((kid, twins[kid.entry.the_rule.name]))
            if isinstance(chosen, tuple) and not node.failures:
                answer = node.answers[position]
                assert answer is not None
                assert answer.entry.the_rule.name == chosen[0]


def slot_name(slot: Any) -> tuple[str, Types, str | None]:
    return (
        slot.product.__name__,
        frozenset(cls.__name__ for cls in slot.given),
        slot.named.name if slot.named else None,
    )


def assert_serves(
    graph: RuleGraph, product: str, scope: Types, choice: brute.Choice, model: Model
) -> None:
    """What the task graph gets says the same as the model."""
    chosen = choice[model.root, model.outside]
    if chosen in (NOBODY, TIE):
        try:
            graph.solve(TYPES[product], masked(scope))
        except WiringError:
            return
        raise AssertionError("solved, against the laws")
    uses = model.uses(choice)
    answer = graph.solve(TYPES[product], masked(scope))
    seen: set[tuple[Instance, brute.Node]] = set()
    assert isinstance(chosen, tuple)
    rest: list[tuple[Any, Any]] = [(answer, chosen)]
    while rest:
        answer, chosen = rest.pop()
        assert isinstance(answer, RuleAnswer)
        instance = answer.instance
        if (instance, chosen) in seen:
            continue
        seen.add((instance, chosen))
        in_set = frozenset(cls.__name__ for cls in instance.in_set)
        assert instance.rule.name == chosen[0]
        assert uses[chosen] <= in_set <= chosen[1]
        for ask in model.asks(chosen):
            supplied = sorted(ask.supplied)
            wiring = (
                TYPES[ask.product] if ask.named is None else key_by_name(graph, ask.named),
                None
                if not supplied
                else TYPES[supplied[0]]
                if len(supplied) == 1
                else masked(ask.supplied),
            )
            link = instance.links[wiring]
            following = choice[chosen, ask]
            if following == PARAM:
                assert link == ParamAnswer(TYPES[ask.product])
                assert ask.product in in_set
            else:
                assert isinstance(link, RuleAnswer)
                needs = frozenset(cls.__name__ for cls in link.instance.in_set)
                assert needs - ask.supplied <= in_set
                rest.append((link, following))
    for instance in iter_instances(graph.solve(TYPES[product], masked(scope))):
        assert_canonical(graph, instance)


def key_by_name(graph: RuleGraph, name: str) -> RuleKey:
    return next(key for key in graph.rules if key.name == name)


def assert_canonical(graph: RuleGraph, instance: Instance) -> None:
    """In a scope of just its in-set, a rule makes the very choices that it is known for."""
    slots = graph._slots
    number = slots.by_key[instance.rule.key]
    alone = graph._solver.node(number, slots.mask(instance.in_set))
    assert not alone.failures
    assert graph._wirer.instance(alone) is instance


def assert_certified(graph: RuleGraph, root: Node, toys: tuple[Toy, ...], product: str) -> None:
    """Each law holds at each node, computed anew from the answers alone."""
    nodes = list(iter_considered(root))
    alive = [node for node in nodes if not node.failures]
    least = dict.fromkeys(alive, 0)
    while True:
        before = dict(least)
        for node in alive:
            found = 0
            for slot, kid in zip(node.entry.slots, node.answers, strict=True):
                found |= slot.product_bit if kid is None else least[kid] & ~slot.supplied
            least[node] = found
        if least == before:
            break
    # more than the least only where a choice would undo itself
    uses = {node: node.used for node in alive}
    assert all(least[node] & ~uses[node] == 0 for node in alive)
    for node in nodes:
        assert node.is_settled
        for position, (slot, kids) in enumerate(
            zip(node.entry.slots, node.candidates, strict=True)
        ):
            is_passed = slot.may_be_param and slot.product_bit & node.scope
            assert (kids is None) == bool(is_passed)
            if kids is None:
                assert position not in node.failures
                continue
            able = [
                kid
                for kid in kids
                if not kid.failures
                and not slot.supplied & ~uses[kid]
                and (position, kid) not in node.looping
            ]
            fewest = min((uses[kid].bit_count() for kid in able), default=0)
            best = [kid for kid in able if uses[kid].bit_count() == fewest]
            if node.failures:
                continue
            assert node.used & uses[node] == uses[node]
            assert [node.answers[position]] == best
        if node.failures:
            assert any(lawless(node, position, uses) for position in node.failures), (
                "a node failed, and nothing in it fails"
            )
    assert_no_param_loop(alive)


def lawless(node: Node, position: int, uses: dict[Node, int]) -> bool:
    """Whether a slot that failed has, in the end, no single answer.

    Or one that only is one because the node failed: a rule that would tie with itself, or that,
    by answering, would be chosen where its own answer comes from, and spoil it. Such rules
    contradict themselves, and count as failed.
    """
    slot = node.slot(position)
    able = [
        kid
        for kid in node.candidates[position] or ()
        if not kid.failures and not slot.supplied & ~uses[kid]
    ]
    fewest = min((uses[kid].bit_count() for kid in able), default=0)
    best = [kid for kid in able if uses[kid].bit_count() == fewest]
    doubtful = {*best, *node.failures[position].tied}
    return len(best) != 1 or any(node in set(iter_considered(kid)) for kid in doubtful)


def assert_no_param_loop(alive: list[Node]) -> None:
    """Following parameters alone always comes to an end."""
    ends: set[Node] = set()
    while True:
        more = {
            node
            for node in alive
            if node not in ends
            and all(
                kid is None or kid in ends
                for slot, kid in zip(node.entry.slots, node.answers, strict=True)
                if slot.is_param
            )
        }
        if not more:
            break
        ends |= more
    assert ends == set(alive)
