"""What a rule's body asks for, read without running it.

Knows: that a reading holds as long as the names it went by mean the same.
Does not know: how bodies are read (`walk.py`, or `bytecode.py` where there is no source).
Holds: reading never fails. What cannot be seen is a note, and is wired when it is met.

From the rule graph of Pants, where requests must be visible and helpers must stand above the
rule; here they are read when first needed, so cells may be run in any order.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from wfnb.hashing.syntax import function_syntax
from wfnb.rules import bytecode, problems
from wfnb.rules.asked import Asked
from wfnb.rules.found import Kind, Requests, StaticRequest, by_qualname
from wfnb.rules.names import Reads
from wfnb.rules.problems import BodyProblem
from wfnb.rules.rule import innermost_of
from wfnb.rules.walk import Walk, note_no_source
from wfnb.rules.wording import cut

if TYPE_CHECKING:
    from wfnb.rules.rule import Rule


class Reading:
    """The requests of a body, good while the names that it went by mean the same."""

    __slots__ = ("_reads", "requests")

    def __init__(self, requests: Requests, reads: Reads) -> None:
        self.requests = requests
        self._reads = reads

    def holds(self) -> bool:
        """Whether reading again would find the same."""
        return self._reads.hold()


def read(rule: Rule) -> Reading:
    """Read the body of a rule and of the helpers that it calls."""
    function = innermost_of(rule.function)
    code = function.__code__
    asked, reads = Asked(), Reads()
    node = function_syntax(code)
    try:
        if node is None:
            note_no_source(asked, code)
            bytecode.scan(asked, function, reads)
        else:
            types = [param.type for param in rule.params]
            Walk(asked, reads).read_rule(function, node, types, rule.product)
    except Exception as error:  # nested deeper than the stack; an object that answers with errors
        asked.problem(
            problems.OPEN_HELPER,
            code.co_filename,
            node or ast.Pass(lineno=code.co_firstlineno),
            f"the body of {rule.name} could not be read: {cut(f'{type(error).__name__}: {error}')}",
            "nothing; what it asks for is wired when it runs",
        )
    found = asked.found
    if rule._renamed:
        found = [_renamed(request, rule) for request in found]
    return Reading(Requests(tuple(found), tuple(asked.problems)), reads)


def _renamed(request: StaticRequest, rule: Rule) -> StaticRequest:
    """The request in the classes that stand now."""
    now = rule._renamed
    return StaticRequest(
        now.get(request.product, request.product),
        by_qualname(tuple([now.get(cls, cls) for cls in request.supplied])),
        request.rule,
        request.place,
        request.kind,
        request.text,
    )


__all__ = ["BodyProblem", "Kind", "Reading", "Requests", "StaticRequest", "read"]
