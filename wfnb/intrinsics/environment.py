"""Environment variables, as a value.

Knows: names and values; which names can be; how a part of an environment is chosen.
Does not know: where the complete environment comes from, and for how long it holds.
Holds: what was not asked for is in no value. Values of variables are in no repr: only names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wfnb.errors import ParamError


@dataclass(frozen=True, slots=True, init=False, repr=False)
class EnvironmentVars(Mapping[str, str]):
    """Environment variables that were asked for and are set: a frozen mapping.

    Attributes:
        pairs: names and values, sorted.
    """

    pairs: tuple[tuple[str, str], ...]

    def __init__(self, variables: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        try:
            found = dict(variables)
        except (TypeError, ValueError):
            raise ParamError(
                f"environment variables are no mapping: {type(variables).__name__}",
                fix='pass the value of each by its name: {"LANG": "C"}',
            ) from None
        for name, value in found.items():
            check_variable(name, value)
        object.__setattr__(self, "pairs", tuple(sorted(found.items())))

    def __getitem__(self, name: str) -> str:
        for one, value in self.pairs:
            if one == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __repr__(self) -> str:
        return f"EnvironmentVars({', '.join(self)})"


@dataclass(frozen=True, slots=True, init=False, repr=False)
class EnvironmentVarsRequest:
    """A part of the environment to ask for.

    Attributes:
        requested: names (the variable as it is set, left out if it is not) and `NAME=value`
            pairs (set to that, whatever the environment says). Sorted.
        allowed: only these names are given, if not None. Sorted.
    """

    requested: tuple[str, ...]
    allowed: tuple[str, ...] | None

    def __init__(self, requested: Iterable[str] = (), allowed: Iterable[str] | None = None) -> None:
        set_field = object.__setattr__
        set_field(self, "requested", _names(requested, "requested", may_set=True))
        is_open = allowed is None
        set_field(self, "allowed", None if is_open else _names(allowed or (), "allowed"))

    def __repr__(self) -> str:
        names = ", ".join(one.partition("=")[0] for one in self.requested)
        return f"EnvironmentVarsRequest({names})"

    def select(self, complete: Mapping[str, str]) -> EnvironmentVars:
        """What is asked for, from the complete environment."""
        found = {}
        for one in self.requested:
            name, equals, value = one.partition("=")
            if self.allowed is not None and name not in self.allowed:
                continue
            if equals:
                found[name] = value
            elif name in complete:
                found[name] = complete[name]
        return EnvironmentVars(found)


def _names(names: Iterable[str], field: str, *, may_set: bool = False) -> tuple[str, ...]:
    if isinstance(names, (str, bytes)):
        raise ParamError(
            f"EnvironmentVarsRequest takes a list of names, not one text ({field})",
            fix='write EnvironmentVarsRequest(["HOME"])',
        )
    if not isinstance(names, Iterable):
        raise ParamError(
            f"EnvironmentVarsRequest takes a list of names, not {type(names).__name__} ({field})",
            fix='write EnvironmentVarsRequest(["HOME"])',
        )
    taken = tuple(names)
    seen: dict[str, str] = {}
    for one in taken:
        if not isinstance(one, str):
            raise ParamError(
                f"a name in EnvironmentVarsRequest is no text: {type(one).__name__}",
                fix='pass str: EnvironmentVarsRequest(["HOME"])',
            )
        name, _, value = one.partition("=") if may_set else (one, "", "")
        check_variable(name, value)
        if seen.setdefault(name, one) != one:
            raise ParamError(
                f"EnvironmentVarsRequest asks for {name} in two ways",
                fix="leave one of them out",
            )
    return tuple(sorted(seen.values()))


def check_variable(name: object, value: object) -> None:
    """Refuse what no environment can hold; the value is not shown, it may be a secret."""
    if not isinstance(name, str) or not name or "=" in name or "\0" in name:
        raise ParamError(
            f"no environment variable can be named {name!r:.80}",
            fix='a name is not empty and has no "=" and no NUL in it',
        )
    if not isinstance(value, str):
        raise ParamError(
            f"the value of {name} is no text: {type(value).__name__}",
            fix="pass str; leave the variable out to have it not set",
        )
    if "\0" in value or not is_encodable(name + value):
        what = "a NUL" if "\0" in value else "half a character"
        raise ParamError(
            f"the variable {name!a:.80} has {what} in it",
            fix="no environment variable can; leave it out",
        )


def is_encodable(text: str) -> bool:
    """Whether a process can be given the text: no lone surrogate but those that stand for bytes."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
