"""The choice inside a loop: nodes that lead to each other are settled together.

Knows: that recursion through a body is fine (it may end, only running can tell), and that a loop
    of parameters never ends.
Does not know: why there is a loop.
Holds: what is used is a least fixpoint: a request that leads back to the same node adds nothing.
    Nodes only ever drop out, and those on which no other undecided one depends drop out first,
    so it ends, and for nodes that form no loop it decides what `candidates` would.

Round by round:
  1. drop nodes with a slot that nobody left could answer, and loops of parameters without a way
     out; note which candidates lead back to their owner through parameters;
  2. choose, compute what each node then uses, and choose anew, until that changes nothing;
  3. drop nodes with a slot whose candidates all fail to use what it supplies;
  4. when nothing was dropped: drop nodes with a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wfnb.rulegraph.candidates import choose
from wfnb.rulegraph.components import components
from wfnb.rulegraph.nodes import NOBODY, Failure, Node

_SPARE_ROUNDS = 8

Place = tuple[Node, int]  # a slot of a node, by its position
_Choice = tuple[Node | None, ...]  # per slot; None for a param, or nobody


def settle_loop(nodes: list[Node]) -> None:
    """Decide every slot of nodes that lead to each other and, besides, to settled ones."""
    for node in nodes:
        node.used, node.failures = 0, {}
    loop = _Loop(nodes)
    while loop.drop_underivable() or loop.drop_undecided():
        pass
    for node in nodes:
        if not node.failures:
            node.answers = tuple(
                [
                    None if kids is None else loop.pick(node, position)
                    for position, kids in enumerate(node.candidates)
                ]
            )
            node.looping = frozenset(
                (position, kid) for position, kid in loop.looping.get(node, ()) if not kid.failures
            )
        node.is_settled = True


class _Loop:
    """The nodes of one loop, while it is settled.

    Attributes:
        looping: per node, (position, candidate) not to be taken: it leads back through parameters.
    """

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.inside = frozenset(nodes)
        self.looping: dict[Node, set[tuple[int, Node]]] = {}

    # ------------------------------------------------------------ the choice

    def left(self, node: Node, position: int) -> tuple[Node, ...]:
        """The candidates of a slot that could still answer it."""
        kids = node.candidates[position]
        assert kids is not None
        looping = self.looping.get(node)
        if looping is None:
            return kids
        return tuple([kid for kid in kids if (position, kid) not in looping])

    def choice(self, node: Node, position: int) -> Node | Failure:
        return choose(node.slot(position).supplied, self.left(node, position))

    def pick(self, node: Node, position: int) -> Node | None:
        """Who answers for now: of a tie, the first."""
        chosen = self.choice(node, position)
        if isinstance(chosen, Failure):
            return chosen.tied[0] if chosen.tied else None
        return chosen

    def alive(self) -> list[Node]:
        return [node for node in self.nodes if not node.failures]

    # ------------------------------------------------------------ 1: is there a way at all

    def drop_underivable(self) -> bool:
        """Drop what nobody could answer, and loops of parameters; whether anything was."""
        dropped = False
        while self._drop_unanswerable() or self._drop_endless():
            dropped = True
        return dropped

    def _drop_unanswerable(self) -> bool:
        dropped = False
        for node in self.alive():
            for position, kids in enumerate(node.candidates):
                if kids is not None and all(kid.failures for kid in kids):
                    node.failures[position] = NOBODY
                    dropped = True
        return dropped

    def _drop_endless(self) -> bool:
        """Drop loops of parameters; note what leads back in those that have a way out."""
        ranks = self._ranks()
        endless = {node for node in self.alive() if node not in ranks}
        if endless:
            return self._drop_loops(endless)
        self.looping = {}
        for found in components(ranks, lambda node: self._by_param(node, ranks)):
            together = frozenset(found)
            for node in found:
                for position, kid in self._param_edges(node):
                    if kid in together and ranks[kid] >= ranks[node]:
                        self.looping.setdefault(node, set()).add((position, kid))
        return False

    def _ranks(self) -> dict[Node, int]:
        """How many parameters deep each node is; nodes that have no depth are left out."""
        waiting: dict[Node, int] = {}
        asked_by: dict[Node, list[Place]] = {}
        for node in self.alive():
            count = 0
            for position, kids in enumerate(node.candidates):
                if kids is None or not node.slot(position).is_param:
                    continue
                kids = tuple([kid for kid in kids if not kid.failures])
                if all(kid in self.inside for kid in kids):
                    count += 1
                    for kid in kids:
                        asked_by.setdefault(kid, []).append((node, position))
            waiting[node] = count
        ranks = {node: 0 for node, count in waiting.items() if not count}
        answered: set[Place] = set()
        layer = list(ranks)
        while layer:
            following = []
            for kid in layer:
                for place in asked_by.get(kid, ()):
                    if place in answered:
                        continue
                    answered.add(place)
                    owner = place[0]
                    waiting[owner] -= 1
                    if not waiting[owner]:
                        ranks[owner] = ranks[kid] + 1
                        following.append(owner)
            layer = following
        return ranks

    def _param_edges(self, node: Node) -> list[tuple[int, Node]]:
        return [
            (position, kid)
            for position, kids in enumerate(node.candidates)
            if kids is not None and node.slot(position).is_param
            for kid in kids
            if kid in self.inside and not kid.failures
        ]

    def _by_param(self, node: Node, among: Iterable[Node]) -> list[Node]:
        return [kid for _, kid in self._param_edges(node) if kid in among]

    def _drop_loops(self, endless: set[Node]) -> bool:
        """Drop the loops that the endless nodes end in; the others fail for lack of these."""

        def stuck(node: Node) -> list[tuple[int, Node]]:
            return [
                (position, kid)
                for position, kid in self._param_edges(node)
                if all(other in endless or other.failures for other in self._kids(node, position))
            ]

        for found in _last(endless, lambda node: [kid for _, kid in stuck(node)]):
            ring = tuple(_ring(found, lambda node: [kid for _, kid in stuck(node)]))
            for node in found:
                for position, _ in stuck(node):
                    node.failures[position] = Failure(loop=ring)
        return True

    def _kids(self, node: Node, position: int) -> tuple[Node, ...]:
        return node.candidates[position] or ()

    # ------------------------------------------------------------ 2: what is used

    def _compute_used(self) -> None:
        """Choose and compute in turn, until the choice follows from what it makes used."""
        alive = self.alive()
        choice = {node: self._hopeful_choice(node) for node in alive}
        for _ in range(len(alive) + _SPARE_ROUNDS):
            self._compute_least(alive, choice)
            following = {node: self._choice_now(node, choice[node]) for node in alive}
            if following == choice:
                return
            choice = following
        # The choice goes round: taking one makes the other the smaller. What is used may then be
        # more than what is needed, which costs a run too many and never a wrong value.
        grows = True
        while grows:
            grows = False
            for node in alive:
                grows = self._grow(node) or grows

    def _hopeful_choice(self, node: Node) -> _Choice:
        """The choice if all nodes of the loop used no more than they have to."""
        found: list[Node | None] = []
        for position, kids in enumerate(node.candidates):
            needed = node.slot(position).supplied
            best, fewest = None, -1
            for kid in () if kids is None else self.left(node, position):
                inside = kid in self.inside
                if kid.failures or not (inside or not needed & ~kid.used):
                    continue
                count = 2 * (needed if inside else kid.used).bit_count() + (not inside)
                if best is None or count < fewest:
                    best, fewest = kid, count
            found.append(best)
        return tuple(found)

    def _choice_now(self, node: Node, before: _Choice) -> _Choice:
        """The choice that follows from what is used; of a tie, see `_of_tied`."""
        found: list[Node | None] = []
        for position, kids in enumerate(node.candidates):
            chosen = None if kids is None else self.choice(node, position)
            if isinstance(chosen, Failure):
                chosen = self._of_tied(node, chosen.tied, before[position])
            found.append(chosen)
        return tuple(found)

    def _of_tied(self, node: Node, tied: tuple[Node, ...], before: Node | None) -> Node | None:
        """Of a tie, somebody whose use does not depend on being taken here, else as before.

        What others use may grow once they are not taken here, and then there is no tie.
        """
        known = next((kid for kid in tied if kid not in self.inside), None)
        if known is not None:
            return known
        others = [kid for kid in tied if kid is not node]
        return before if before in others else next(iter(others), None)

    def _compute_least(self, alive: list[Node], choice: dict[Node, _Choice]) -> None:
        for node in alive:
            node.used = 0
        changed = True
        while changed:
            changed = False
            for node in alive:
                used = self._uses(node, choice[node])
                if used != node.used:
                    node.used = used
                    changed = True

    def _grow(self, node: Node) -> bool:
        chosen = [
            None if kids is None else self.pick(node, position)
            for position, kids in enumerate(node.candidates)
        ]
        used = node.used | self._uses(node, tuple(chosen))
        grows = used != node.used
        node.used = used
        return grows

    def _uses(self, node: Node, choice: _Choice) -> int:
        used = 0
        for slot, kids, chosen in zip(node.entry.slots, node.candidates, choice, strict=True):
            if kids is None:
                used |= slot.product_bit
            elif chosen is not None:
                used |= chosen.used & ~slot.supplied
        return used

    # ------------------------------------------------------------ 3 and 4: laws

    def drop_undecided(self) -> bool:
        """Drop nodes with a slot that has no answer, else those with a tie; whether any was."""
        self._compute_used()
        unused: dict[Node, dict[int, Failure]] = {}
        tied: dict[Node, dict[int, Failure]] = {}
        for node in self.alive():
            for position, kids in enumerate(node.candidates):
                if kids is None:
                    continue
                chosen = self.choice(node, position)
                if isinstance(chosen, Failure):
                    (tied if chosen.tied else unused).setdefault(node, {})[position] = chosen
        failing = unused or tied
        if not failing:
            return False

        def depends(node: Node) -> list[Node]:
            """The failing nodes whose end could still mend this one."""
            others = failing.keys() - {node}
            below: set[Node] = set()
            for position, failure in failing[node].items():
                kids = failure.tied or self.left(node, position)
                doubtful = [kid for kid in kids if not others.isdisjoint(self._below((kid,)))]
                fewest = node.slot(position).supplied.bit_count()
                is_certain = len(kids) - len(doubtful) > 1 and kids[0].used.bit_count() == fewest
                if failure.tied and is_certain:
                    return []
                below |= self._below(doubtful)
            return [other for other in failing if other in below and other is not node]

        for found in _last(failing, depends):
            for node in found:
                node.failures.update(failing[node])
        return True

    def _below(self, start: Iterable[Node]) -> set[Node]:
        """All nodes of the loop in what is chosen now, from these on."""
        found = {node for node in start if node in self.inside and not node.failures}
        rest = list(found)
        while rest:
            node = rest.pop()
            for position, kids in enumerate(node.candidates):
                chosen = None if kids is None else self.pick(node, position)
                if chosen in self.inside and chosen not in found and chosen is not None:
                    found.add(chosen)
                    rest.append(chosen)
        return found


def _last(nodes: Iterable[Node], successors: Callable[[Node], Iterable[Node]]) -> list[list[Node]]:
    """The components of a graph that lead to no other."""
    found = []
    for component in components(list(nodes), successors):
        together = frozenset(component)
        if all(following in together for node in component for following in successors(node)):
            found.append(component)
    return found


def _ring(component: list[Node], successors: Callable[[Node], Iterable[Node]]) -> list[Node]:
    """One loop in a strongly connected component, from its first rule by number."""
    together = frozenset(component)
    node = min(component, key=lambda node: node.entry.number)
    path: list[Node] = []
    while node not in path:
        path.append(node)
        node = next(following for following in successors(node) if following in together)
    return path[path.index(node) :]
