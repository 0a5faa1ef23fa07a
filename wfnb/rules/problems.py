"""What can be wrong with a rule's body, as a value with a stable code.

Knows: the codes, their severity and their names.
Does not know: how a body is read.

    code   severity  what
    WF101  error     a name in a request that is not defined anywhere
    WF102  error     Get() without a product
    WF103  error     Get with more than three arguments, or with keywords
    WF104  error     something that is no class stands where the product belongs
    WF105  error     a class stands where a value belongs, or a value where a class belongs
    WF106  error     a value is certainly not of the class named with it
    WF107  error     the dict of a Get maps a value to something that is no class
    WF108  error     MultiGet of something that is no request
    WF109  error     a call of a rule with values that it does not take, or with keywords
    WF110  error     something is awaited that is certainly no request
    WF111  warning   a request is made and never awaited
    WF112  note      the product or the inputs of a request are known only when it runs
    WF113  note      what a helper asks for cannot be seen before it runs
    WF114  note      the source is not at hand; only the byte code was looked at

Notes never stop anything: such a request is wired when it is met.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wfnb.errors import render
from wfnb.places import Place

Severity = Literal["error", "warning", "note"]

UNKNOWN_NAME = "WF101"
NO_PRODUCT = "WF102"
WRONG_ARITY = "WF103"
BAD_PRODUCT = "WF104"
BAD_INPUT = "WF105"
WRONG_TYPE = "WF106"
BAD_DICT = "WF107"
BAD_BATCH = "WF108"
BAD_CALL = "WF109"
FOREIGN_AWAIT = "WF110"
NEVER_AWAITED = "WF111"
OPEN_REQUEST = "WF112"
OPEN_HELPER = "WF113"
NO_SOURCE = "WF114"

_SEVERITIES: dict[str, Severity] = {
    NEVER_AWAITED: "warning",
    OPEN_REQUEST: "note",
    OPEN_HELPER: "note",
    NO_SOURCE: "note",
}
CODES = tuple(f"WF{number}" for number in range(101, 115))


def severity_of(code: str) -> Severity:
    """How bad a problem with this code is, always."""
    return _SEVERITIES.get(code, "error")


@dataclass(frozen=True, slots=True)
class BodyProblem:
    """Something about a rule's body that its author should know.

    Attributes:
        code: stable, see the table above.
        place: the line of the rule or of the helper it calls.
        message: one sentence in the author's words.
        fix: what to do.
    """

    code: str
    severity: Severity
    place: Place
    message: str
    fix: str | None = None

    def __str__(self) -> str:
        return "\n".join(render(self.message, code=self.code, place=self.place, fix=self.fix))
