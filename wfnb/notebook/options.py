"""Options: what is written after the name of a magic.

Knows: words. Does not know: what the options do.
Holds: anything unknown is an error with a suggestion, never ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wfnb.errors import MagicError

RULE_OPTIONS = ("--quiet", "--rerun", "-q")


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """The options of one `%%rule` cell.

    Attributes:
        is_quiet: no report.
        is_rerun: the tasks of this cell's rules are cleared even if nothing changed.
    """

    is_quiet: bool = False
    is_rerun: bool = False


def read_rule_options(line: str) -> RuleOptions:
    """The options on the first line of a `%%rule` cell.

    Raises:
        MagicError: for a word that is no option.
    """
    given = line.split()
    for word in given:
        if word not in RULE_OPTIONS:
            raise unknown(
                f"%%rule has no option {word!r}",
                f"options: {', '.join(RULE_OPTIONS)}",
                word,
                RULE_OPTIONS,
                fix="leave it out; the code of the cell starts on the second line",
            )
    return RuleOptions(
        is_quiet="--quiet" in given or "-q" in given,
        is_rerun="--rerun" in given,
    )


def unknown(
    what: str, why: str, word: str, known: Iterable[str], *, fix: str, form: str = "{}"
) -> MagicError:
    """The error for a word that is none of `known`.

    Args:
        fix: what to do when no known word looks like it.
        form: how a suggestion is written, with `{}` for the word.
    """
    likely = nearest(word, known)
    return MagicError(
        what, why=[why], fix=f"did you mean {form.format(likely)}?" if likely else fix
    )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was most likely meant."""
    from difflib import get_close_matches

    by_lower = {k.lower(): k for k in known}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    return by_lower[found[0]] if found else None
