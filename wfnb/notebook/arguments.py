"""Arguments: Python expressions on the line of a magic.

Knows: how a line is divided, and what its names mean. Does not know: which magic.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Mapping
from typing import Any

from wfnb.errors import MagicError
from wfnb.notebook.options import nearest


def values_of(who: str, usage: str, namespace: Mapping[str, object], line: str) -> list[Any]:
    """The values of the expressions on a line.

    Args:
        who: the magic, as it is written: `%wf plan`.
        usage: how it should be written.

    Raises:
        MagicError: a name that is not there, text that is no Python.
    """
    __tracebackhide__ = True
    values: list[Any] = []
    for text in split(who, usage, line):
        file = f"<{who}>"
        linecache.cache[file] = (len(text), None, [text], file)  # for tracebacks
        try:
            values.append(eval(compile(text, file, "eval"), dict(namespace)))
        except NameError as error:
            name = error.name or text
            likely = nearest(name, [n for n, v in namespace.items() if isinstance(v, type)])
            fix = f"did you mean {likely}?" if likely else "run the cell that defines it"
            raise MagicError(f"{who}: there is no {name}", fix=fix) from None
    return values


def split(who: str, usage: str, line: str) -> list[str]:
    """Expressions divided by commas or, as in a shell, by spaces; arguments as `values_of`."""
    try:
        tree = ast.parse(f"({line},)" if line else "()", mode="eval").body
        assert isinstance(tree, ast.Tuple)
        return [ast.unparse(e) for e in tree.elts]
    except SyntaxError:
        pass
    texts: list[str] = []
    rest = line
    while rest := rest.strip().lstrip(",").strip():
        # The longest beginning first, so that a space inside an expression divides nothing.
        ends = [len(rest), *reversed([i for i, c in enumerate(rest) if c in " ,"])]
        for end in ends:
            try:
                ast.parse(rest[:end].strip(), mode="eval")
            except SyntaxError:
                continue
            texts.append(rest[:end].strip())
            rest = rest[end:]
            break
        else:
            raise MagicError(f"{who} cannot read {rest!r}", fix=usage)
    return texts
