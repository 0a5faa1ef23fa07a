"""Headers: the first line of a `%%rule` cell, and a question mark after a verb.

A magic that runs its cell loses the error status of the reply, fires the cell's events twice,
cannot await, and counts lines from the wrong one. So `%%rule` is no such magic: only its line is
rewritten, to a text, and the rest is run by IPython as the ordinary cell that it is. The reader
makes that text a call; a traceback shows it as it was written.

Knows: lines and tokens of a cell. Does not know: what is called.
Holds: no line is added, removed or moved.
"""

from __future__ import annotations

import re
from tokenize import TokenInfo

from IPython.core.inputtransformer2 import TokenTransformBase

_HEADER = re.compile(r"%%rule(?:[ \t]+(?P<options>.*?))?[ \t]*(?:\r?\n|\Z)")
_LAYOUT = {"NEWLINE", "NL", "COMMENT", "ENDMARKER", "INDENT", "DEDENT"}


def rewrite_header(lines: list[str]) -> list[str]:
    """Turn a leading `%%rule …` into a text; comments and blank lines may come before it."""
    for index, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        header = _HEADER.fullmatch(line)
        options = (header["options"] or "") if header else "?"
        if options.startswith("?"):  # no header, or `%%rule ?`, which is help
            return lines
        return [*lines[:index], f"{line.strip()!r}\n", *lines[index + 1 :]]
    return lines


def options_of(text: str) -> str | None:
    """The options of a header that was made a text; None for any other text."""
    header = _HEADER.fullmatch(text)
    return (header["options"] or "") if header else None


# IPython leaves a transformer with this mark out when it asks whether a cell is complete; without
# it a terminal would run the header alone, as a complete line.
rewrite_header.has_side_effects = True  # type: ignore[attr-defined]  # so does IPython itself


class VerbHelp(TokenTransformBase):
    """`%wf VERB?`, which IPython would read as a question about a variable VERB."""

    priority = 1  # before IPython's own question marks

    @classmethod
    def find(cls, tokens_by_line: list[list[TokenInfo]]) -> VerbHelp | None:
        """The first such line of the cell."""
        for tokens in tokens_by_line:
            texts = [t.string for t in tokens if t.string.strip()]
            if len(texts) < 4 or texts[:2] != ["%", "wf"] or texts[3] != "?":
                continue
            if texts[2].isidentifier() and set("".join(texts[3:])) == {"?"}:
                return cls(tokens[0].start)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """Ask the magic itself."""
        line = lines[self.start_line]
        indent = line[: len(line) - len(line.lstrip())]
        verb = line.split("wf", 1)[1].rstrip().rstrip("?").strip()
        call = f"{indent}get_ipython().run_line_magic('wf', {verb + '?'!r})\n"
        return [*lines[: self.start_line], call, *lines[self.start_line + 1 :]]
