"""Diagnostics: what can be wrong with the wiring of rules, as values with stable codes.

Knows: the codes, their severity and their meaning.
Does not know: how a problem is found (`causes`, `outlook`, `habits`) or worded (`wording`).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from wfnb.errors import render
from wfnb.places import NOWHERE, Place
from wfnb.rules.problems import Severity

NO_MAKER = "WF201"
AMBIGUOUS = "WF202"
NO_SUPPLY = "WF203"
NOT_USED = "WF204"
NO_CANDIDATE = "WF205"
PARAM_LOOP = "WF206"
NOT_REGISTERED = "WF207"
NO_MEMBER_RULE = "WF208"
GOAL_ASKED = "WF209"
TWO_CLASSES = "WF210"
UNUSED = "WF220"
SHADOWED = "WF221"
PARAM_WINS = "WF222"
IDENTITY_PARAM = "WF223"
UNION_PARAM = "WF224"
OPEN_INPUT = "WF230"
NO_MEMBERS = "WF231"
MET_LATE = "WF232"
UNSEEN = "WF240"
BY_TEXT = "WF241"
MUTABLE = "WF242"
FILE_CHANGED = "WF243"

_TABLE: dict[str, tuple[Severity, str]] = {
    NO_MAKER: ("error", "what is asked for is made by no rule"),
    AMBIGUOUS: ("error", "several rules could answer a request, with equally many params"),
    NO_SUPPLY: ("error", "a rule needs something that no rule makes and nobody provides"),
    NOT_USED: ("error", "no rule that makes the product uses what the request supplies"),
    NO_CANDIDATE: ("error", "several rules make the product, and none of them can be used"),
    PARAM_LOOP: ("error", "rules need each other's products before any of them can start"),
    NOT_REGISTERED: ("error", "a rule is called by name that is not registered"),
    NO_MEMBER_RULE: ("error", "a member of a union has no rule"),
    GOAL_ASKED: ("error", "a rule asks for a goal, which only the outside runs"),
    TWO_CLASSES: ("error", "two classes of one name: a rule means one, the value is of the other"),
    UNUSED: ("warning", "no request reaches the rule"),
    SHADOWED: ("warning", "another rule, or a value passed along, always answers instead"),
    PARAM_WINS: ("warning", "a param that is passed beats the rules that make its type"),
    IDENTITY_PARAM: ("warning", "a param's class has no value equality"),
    UNION_PARAM: ("warning", "a rule takes a union, whose members go by their own types"),
    OPEN_INPUT: ("note", "a type that no rule makes, so it has to be passed"),
    NO_MEMBERS: ("note", "a request goes by a union that has no members yet"),
    MET_LATE: ("note", "a request that was first seen when it was made"),
    UNSEEN: ("warning", "what a rule reads cannot be seen into"),
    BY_TEXT: ("note", "a rule looks up a name by its text"),
    MUTABLE: ("note", "a rule reads what can change in place"),
    FILE_CHANGED: ("warning", "a file no longer says what was imported from it"),
}

CODES = MappingProxyType({code: meaning for code, (_, meaning) in _TABLE.items()})
"""Code → what it means, in one line."""


def severity_of(code: str) -> Severity:
    """How bad a problem with this code is; an ambiguity that no request meets is a warning."""
    return _TABLE[code][0]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem of the rule graph; `str()` is its text.

    Attributes:
        code: stable; of the table above, or of a rule's body (WF1xx).
        message: one sentence in the author's words.
        origin: the line it is about.
        reasons: one line each, the most telling first.
        fix: what to do.
    """

    code: str
    severity: Severity
    message: str
    origin: Place = NOWHERE
    reasons: tuple[str, ...] = ()
    fix: str | None = None

    def __str__(self) -> str:
        lines = render(
            self.message, code=self.code, place=self.origin, why=self.reasons, fix=self.fix
        )
        return "\n".join(lines)


def diagnostic(
    code: str,
    message: str,
    origin: Place = NOWHERE,
    reasons: tuple[str, ...] = (),
    fix: str | None = None,
) -> Diagnostic:
    """A diagnostic with the severity of its code."""
    return Diagnostic(code, severity_of(code), message, origin, reasons, fix)
