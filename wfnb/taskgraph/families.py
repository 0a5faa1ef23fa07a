"""A family: all tasks of one rule with one in-set, and the links that its requests follow.

Knows: how params travel from a task to the tasks it asks for; how a rule's arguments are filled.
Does not know: when a task runs; whether its value holds.
Holds: a family is found by (rule key, in-set); its links always point at families of the current
       rule graph; a link's picks address the owner's params and the request's values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from wfnb.errors import UnionError
from wfnb.hashing.keys import key_function
from wfnb.rulegraph.instances import Answer, Instance, ParamAnswer, UnionAnswer, choice_of
from wfnb.rules.requests import Call, Get, MultiGet, _active
from wfnb.taskgraph.guards import guard_for
from wfnb.taskgraph.tasks import CLEAN, Task, new_task

if TYPE_CHECKING:
    from wfnb.rules.rule import Rule, RuleKey
    from wfnb.taskgraph.causes import Redefined

FamilyKey = tuple["RuleKey", tuple[type, ...]]


class Family:
    """One rule with the params its subtree uses.

    Attributes:
        key_of: from the params (the bare one if there is just one) to the memo key.
        start: called with the params; gives a coroutine, or the value itself if `is_plain`.
        arguments: reorders the params for `start`; None if they fit as they are.
        version: what the rule means now; a task whose version differs must run again.
        guard: looks whether values change in place; None if they cannot.
        asks_guarded: whether its rule may ask for values that have a guard.
        is_slow: a body was seen to block for longer than a tick.
        redefined: why its tasks ran again when the rule had changed last.
    """

    __slots__ = (
        "arguments",
        "asks_guarded",
        "choices",
        "guard",
        "in_set",
        "instance",
        "is_cacheable",
        "is_plain",
        "is_slow",
        "key",
        "key_of",
        "links",
        "memo",
        "product",
        "redefined",
        "rule",
        "start",
        "version",
    )

    start: Callable[..., Any]
    arguments: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None

    def __init__(self, rule: Rule, in_set: tuple[type, ...], version: object) -> None:
        self.rule = rule
        self.in_set = in_set
        self.key: FamilyKey = (rule.key, in_set)
        self.version = version
        self.product = rule.product
        self.is_cacheable = rule.cacheable
        self.is_slow = False
        self.guard = guard_for(rule.product)
        self.asks_guarded = False
        self.redefined: Redefined | None = None
        self.memo: dict[Hashable, Task] = {}
        self.links: dict[Any, Link] = {}
        self.choices: Mapping[Any, Hashable] = {}
        self.instance: Instance | None = None
        self.key_of = _key_maker(in_set)

    def __repr__(self) -> str:
        return f"family of {self.rule.name}({', '.join(t.__name__ for t in self.in_set)})"

    def follow(self, rule: Rule, version: object) -> None:
        """Take on what the rule means now; tasks are not touched."""
        self.rule = rule
        if version != self.version:  # a body compares by identity: it may see A, then B, then A
            self.version = version
        self.is_cacheable = rule.cacheable
        self.is_slow = False
        if self.instance is not None:
            self._set_start(self.instance)

    def attach(self, instance: Instance, families: Callable[[Instance], Family]) -> None:
        """Point the links where the rule graph says; `families` finds the family of an instance."""
        self.instance = instance
        self.links = {
            wiring: _link(answer, wiring, self.in_set, families)
            for wiring, answer in instance.links.items()
        }
        self.asks_guarded = any(map(_leads_to_guarded, self.links.values()))
        self.choices = {wiring: choice_of(answer) for wiring, answer in instance.links.items()}
        self._set_start(instance)

    def _set_start(self, instance: Instance) -> None:
        rule = self.rule
        answers = [instance.links[param.type, None] for param in rule.params]
        self.arguments = None
        if all(isinstance(answer, ParamAnswer) for answer in answers):
            positions = [self.in_set.index(param.type) for param in rule.params]
            if positions != list(range(len(self.in_set))):
                self.arguments = lambda params: tuple([params[i] for i in positions])
            self.start = rule.function
            self.is_plain = not rule.is_async
        else:
            self.start = _start_with_made_params(self, answers)
            self.is_plain = False


def _leads_to_guarded(link: Any) -> bool:
    if isinstance(link, UnionLink):
        return any(map(_leads_to_guarded, link.members.values()))
    return isinstance(link, Link) and link.family.guard is not None


def _start_with_made_params(family: Family, answers: list[Answer]) -> Callable[..., Any]:
    """A coroutine function that first asks for the params other rules make, all at once.

    The rule's definition is read after they have come, so that a body never starts from a
    definition older than its arguments.
    """
    rule = family.rule
    made = [
        param.type
        for param, answer in zip(rule.params, answers, strict=True)
        if not isinstance(answer, ParamAnswer)
    ]
    distinct = list(dict.fromkeys(made))
    gets: list[Get[Any]] = [Get(product) for product in distinct]
    one = gets[0] if len(gets) == 1 else None
    batch = MultiGet(gets)
    sources = [
        (False, family.in_set.index(param.type))
        if isinstance(answer, ParamAnswer)
        else (True, distinct.index(param.type))
        for param, answer in zip(rule.params, answers, strict=True)
    ]

    async def start(*params: Any) -> Any:
        __tracebackhide__ = True
        values = (await one,) if one is not None else await batch
        _active.worker.attempt.version = family.version
        current = family.rule
        result = current.function(*[values[i] if is_made else params[i] for is_made, i in sources])
        return await result if current.is_async else result

    return start


def _key_maker(in_set: tuple[type, ...]) -> Callable[[Any], Hashable]:
    if not in_set:
        return lambda _: ()
    if len(in_set) == 1:
        return key_function(in_set[0])
    functions = [key_function(cls) for cls in in_set]
    if len(functions) == 2:
        first, second = functions
        return lambda params: (first(params[0]), second(params[1]))
    return lambda params: tuple([key(param) for key, param in zip(functions, params, strict=True)])


class Link:
    """Where a request leads, and where the params of the task it leads to come from.

    Attributes:
        picks: per param of the task: a position among the asker's params, or a type among the
            request's values.
        is_straight: the one value the request supplies is the task's only param.
    """

    __slots__ = ("family", "is_straight", "picks")

    family: Family

    def __init__(self, family: Family, picks: tuple[int | type, ...], *, straight: bool) -> None:
        self.family = family
        self.picks = picks
        self.is_straight = straight

    def find(self, params: tuple[Any, ...], request: Get[Any] | Call[Any]) -> Task:
        """The task that the request asks for, made if it is new."""
        family = self.family
        values = request.values
        if self.is_straight:
            found: tuple[Any, ...] = (values,)
        elif values.__class__ is dict:
            found = tuple([values[p] if p.__class__ is not int else params[p] for p in self.picks])
        else:
            found = tuple([values if p.__class__ is not int else params[p] for p in self.picks])
        return find_task(family, found)


class ParamLink:
    """A request that a param answers: the value is handed on."""

    __slots__ = ("position",)
    is_straight = False

    def __init__(self, position: int) -> None:
        self.position = position

    def find(self, params: tuple[Any, ...], request: object) -> Task:
        return given(params[self.position])


class UnionLink:
    """A request that goes by the type of its value."""

    __slots__ = ("base", "members")
    is_straight = False

    def __init__(self, base: type, members: dict[type, Any]) -> None:
        self.base = base
        self.members = members

    def find(self, params: tuple[Any, ...], request: Any) -> Task:
        values = request.values
        is_one_of_several = isinstance(request.supplied, tuple)
        value = values[self.base] if is_one_of_several else values
        link = self.members.get(value.__class__)
        if link is None:
            raise not_a_member(self.base, value, self.members)
        if is_one_of_several:
            request = SimpleNamespace(values={**values, value.__class__: value})
        found: Task = link.find(params, request)
        return found


def not_a_member(base: type, value: object, members: Mapping[type, object]) -> UnionError:
    """The error for a value whose type is not registered with the union."""
    cls = type(value).__name__
    known = ", ".join(sorted(member.__name__ for member in members)) or "none yet"
    return UnionError(
        f"{cls} is not a member of the union {base.__name__}",
        why=[f"members of {base.__name__}: {known}"],
        fix=f"register it: UnionRule({base.__name__}, {cls})",
    )


def find_task(family: Family, params: tuple[Any, ...]) -> Task:
    """The family's task for these params, made if it is new.

    Raises:
        ParamError: a param that cannot be a key.
    """
    key = family.key_of(params[0] if len(params) == 1 else params)
    task = family.memo.get(key)
    return task if task is not None else new_task(family, key, params)


def given(value: object) -> Task:
    """A settled stand-in for a value that needs no rule."""
    task = Task()
    task.family = None  # type: ignore[assignment]  # nothing ever runs it
    task.params = task.deps = task.seen = ()
    task.state = CLEAN
    task.value = value
    task.generation = 0
    task.waiters = task.dependents = None
    return task


def _as_member(wiring: Any, base: type, member: type) -> Any:
    """The wiring of a request with the member's type in place of its union."""
    supplied = wiring[1]
    if isinstance(supplied, frozenset):
        return (wiring[0], (supplied - {base}) | {member})
    return (wiring[0], member)


def _link(
    answer: Answer, wiring: Any, owner: tuple[type, ...], families: Callable[[Instance], Family]
) -> Any:
    if isinstance(answer, ParamAnswer):
        return ParamLink(owner.index(answer.type))
    if isinstance(answer, UnionAnswer):
        return UnionLink(
            answer.base,
            {
                member: _link(inner, _as_member(wiring, answer.base, member), owner, families)
                for member, inner in answer.members.items()
            },
        )
    supplied = wiring[1]
    types = (
        frozenset()
        if supplied is None
        else supplied
        if isinstance(supplied, frozenset)
        else frozenset((supplied,))
    )
    family = families(answer.instance)
    picks = tuple([t if t in types else owner.index(t) for t in family.in_set])
    straight = family.in_set == (supplied,)
    return Link(family, picks, straight=straight)
