"""What is known about a rule's requests before it runs.

Knows: products, supplied types, and the place of each request.
Does not know: how they were found, or who answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from wfnb.places import Place
from wfnb.rules.wording import type_name

if TYPE_CHECKING:
    from wfnb.rules.problems import BodyProblem
    from wfnb.rules.rule import RuleKey

Kind = Literal["param", "get", "call"]


@dataclass(frozen=True, slots=True)
class StaticRequest:
    """One request of a rule, as far as it can be read.

    Attributes:
        supplied: sorted by qualified name.
        rule: the rule that is called by name, if it is a call.
        place: the line it is written on; for a request of a helper, the helper's line.
        kind: "param" for a parameter that has to be filled, "get", or "call".
        text: how a message shows it, in types: `Get(Thumbnail, Upload)`.
    """

    product: type
    supplied: tuple[type, ...]
    rule: RuleKey | None
    place: Place
    kind: Kind
    text: str

    @property
    def wiring(self) -> tuple[Any, Any]:
        """The same as `wiring` of the request object that will be awaited."""
        asked = self.product if self.rule is None else self.rule
        if len(self.supplied) > 1:
            return (asked, frozenset(self.supplied))
        return (asked, self.supplied[0] if self.supplied else None)


@dataclass(frozen=True, slots=True)
class Requests:
    """All requests of a rule's body, and what is wrong or open about them.

    Attributes:
        found: in program order; those of helpers where the helper is called.
        problems: in program order.
    """

    found: tuple[StaticRequest, ...] = ()
    problems: tuple[BodyProblem, ...] = ()


def by_qualname(types: tuple[type, ...]) -> tuple[type, ...]:
    """Types in an order that is the same in each run."""
    if len(types) < 2:
        return types
    return tuple(sorted(types, key=lambda cls: (cls.__qualname__, cls.__module__)))


def show_request(head: str, supplied: tuple[type, ...], *, in_braces: bool = False) -> str:
    """`Get(Thumbnail, Upload)`, `Get(Report, {Date, Sales})` or `resize(Photo)`."""
    names = ", ".join(map(type_name, supplied))
    if in_braces:
        return (
            f"Get({head}, {{{names}}})"
            if len(supplied) > 1
            else (f"Get({head}, {names})" if supplied else f"Get({head})")
        )
    return f"{head}({names})"
