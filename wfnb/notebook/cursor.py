"""The cursor: what is written around a place in the text of a cell that is being edited.

Knows: tokens; what a `Get` looks like; how much of a cell can be read before it is finished.
Does not know: what names mean, rules, engines.
Holds: text is read, and never run. Text that cannot be read gives nothing, and no error.
       Positions are counted in UTF-16 code units, as editors in a browser count.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHARACTERS = 200_000
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_MAGIC = re.compile(r"^[ \t]*(?:%|!).*$|^.*\?[ \t]*$", re.MULTILINE)
_WIDE = re.compile(r"(?<=\S)[ \t\f]{2,}|(?<=^[ \t\f]{100})[ \t\f]+", re.MULTILINE)
_LAYOUT = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}


@dataclass(frozen=True, slots=True)
class Word:
    """A name, or a dotted name, with where it begins and ends."""

    text: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class OpenGet:
    """A `Get(` whose arguments the cursor is in.

    Attributes:
        name: as it is called here: `Get`, `wfnb.Get`.
        position: 0 where its product stands, 1 where a type that it supplies stands.
        prefix: what is written of the name at the cursor.
        product: the name of its product; "" at position 0.
        supplied: names of the types that it supplies, as far as they can be told.
        scope: the annotations of the function around it.
        own: what that function returns; "" if it does not say.
    """

    name: str
    position: int
    prefix: str
    product: str
    supplied: tuple[str, ...]
    scope: tuple[str, ...]
    own: str


def word_at(text: str, at: int) -> Word | None:
    """The name at the cursor; of a dotted one, up to the part that the cursor is in."""
    place = len(_before(text, at))
    for match in _NAME.finditer(text):
        if match.start() <= place <= match.end():
            end = match.end()
            dot = text.find(".", place, end)
            end = dot if dot >= 0 else end
            return Word(text[match.start() : end], _units(text, match.start()), _units(text, end))
        if match.start() > place:
            break
    return None


def open_get(text: str, at: int) -> OpenGet | None:
    """The `Get` that the cursor is in; None if there is none, or it is in a value."""
    before = _before(text, at)
    after = text[len(before) :]
    tokens = list(_tokens(_without_magics(before)))
    if tokens and tokens[-1].type in (tokenize.COMMENT, tokenize.ERRORTOKEN):
        return None
    opened = _innermost_call(tokens)
    if opened is None:
        return None
    name, first = opened
    arguments = _split(tokens[first:])
    written = "".join(token.string for token in arguments[-1])
    if not re.fullmatch(r"[\w.]*", written) or len(arguments) > 2:
        return None
    params, own = _around(tokens)
    product = "".join(token.string for token in arguments[0]) if len(arguments) > 1 else ""
    rest = _rest_of_call(after)
    supplied = _supplied(rest, params) if len(arguments) == 1 else ()
    scope = tuple(dict.fromkeys([cls for _, cls in params if cls]))
    return OpenGet(name, len(arguments) - 1, written, product, supplied, scope, own)


# -- text -------------------------------------------------------------------------------------


def _before(text: str, at: int) -> str:
    """The text before a position in UTF-16 code units."""
    return text.encode("utf-16-le", "replace")[: 2 * at].decode("utf-16-le", "ignore")


def _units(text: str, place: int) -> int:
    return len(text[:place].encode("utf-16-le", "replace")) // 2


def _without_magics(text: str) -> str:
    """The text with lines that are no Python emptied; the `%%rule` of a cell is one of them.

    Long runs of blanks are cut, too: before what is no Python, `tokenize` reads the rest of a run
    again for each of its blanks.
    """
    return _WIDE.sub(" ", _MAGIC.sub(lambda found: "", text))


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Its tokens up to where it cannot be read any further."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.ERRORTOKEN and token.string.isspace():
                continue
            if token.type == tokenize.ERRORTOKEN and token.string[0] in "\"'":
                yield token
                return  # a string that has no end yet
            if token.type == tokenize.ENDMARKER or (
                token.type in (tokenize.NEWLINE, tokenize.NL, tokenize.DEDENT) and not token.string
            ):
                continue  # what is only there because the text ends
            yield token
    except (tokenize.TokenError, SyntaxError) as error:
        if "unterminated" in str(error):  # Python 3.12 does not give what is in it
            yield tokenize.TokenInfo(tokenize.ERRORTOKEN, "'", (0, 0), (0, 0), "")


# -- calls ------------------------------------------------------------------------------------


def _innermost_call(tokens: list[tokenize.TokenInfo]) -> tuple[str, int] | None:
    """The name of the call that is open at the end, and where its arguments begin."""
    opened: list[int] = []
    for number, token in enumerate(tokens):
        if token.type == tokenize.OP and token.string in "([{":
            opened.append(number)
        elif token.type == tokenize.OP and token.string in ")]}" and opened:
            opened.pop()
    if not opened or tokens[opened[-1]].string != "(":
        return None
    number = opened[-1]
    parts: list[str] = []
    while number > 0 and tokens[number - 1].type == tokenize.NAME:
        parts.append(tokens[number - 1].string)
        number -= 2
        if number < 0 or tokens[number].string != ".":
            break
    return (".".join(reversed(parts)), opened[-1] + 1) if parts else None


def _split(tokens: list[tokenize.TokenInfo]) -> list[list[tokenize.TokenInfo]]:
    """Arguments that are divided by commas; the last one is not finished."""
    found: list[list[tokenize.TokenInfo]] = [[]]
    depth = 0
    for token in tokens:
        if token.type in _LAYOUT:
            continue
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if token.string == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(token)
    return found


def _rest_of_call(after: str) -> str:
    """What follows the name at the cursor, up to the end of the call or of the line."""
    rest = re.sub(r"\A[\w.]*", "", after)
    depth, last = 0, ""
    for place, sign in enumerate(rest):
        if sign == "\n" and depth == 0 and last != ",":
            return rest[:place]
        last = last if sign.isspace() else sign
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return rest[:place]
    return rest


def _supplied(rest: str, params: list[tuple[str, str]]) -> tuple[str, ...]:
    """The types in `, In, value`, `, {value: In}`, `, In(…)` or `, param`."""
    try:
        call = ast.parse(f"_(_{rest})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    if not isinstance(call, ast.Call) or len(call.args) < 2:
        return ()
    first = call.args[1]
    if len(call.args) > 2:
        found = [dotted(first)]
    elif isinstance(first, ast.Dict):
        found = [dotted(one) for one in first.values]
    elif isinstance(first, ast.Call):
        found = [dotted(first.func)]
    else:
        found = [dict(params).get(dotted(first), "")]
    return tuple([name for name in found if name])


def dotted(node: ast.expr | None) -> str:
    """`a.b` as it is written; "" for all that is no name. A quoted annotation is read."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if _NAME.fullmatch(node.value) else ""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return ".".join([node.id, *parts]) if isinstance(node, ast.Name) else ""


# -- the function around ----------------------------------------------------------------------


def _around(tokens: list[tokenize.TokenInfo]) -> tuple[list[tuple[str, str]], str]:
    """Params and return of the innermost function that the end of the text is in."""
    stack: list[tuple[int, str]] = []
    depth, is_first = 0, True
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if token.type in _LAYOUT or token.type == tokenize.NEWLINE:
            is_first = is_first or token.type == tokenize.NEWLINE
            number += 1
            continue
        if is_first and depth == 0:
            column = token.start[1]
            stack = [one for one in stack if one[0] < column]
            is_first = False
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        if token.string == "def" and depth == 0:
            header, number = _header(tokens, number)
            if header:
                stack.append((column, header))
            continue
        number += 1
    return _signature(stack[-1][1]) if stack else ([], "")


def _header(tokens: list[tokenize.TokenInfo], number: int) -> tuple[str, int]:
    """The text of `def f(…) -> X:`, and the number of the token after it."""
    depth, parts = 0, []
    for place in range(number, len(tokens)):
        token = tokens[place]
        if token.type == tokenize.COMMENT:
            continue
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        parts.append(token.string if token.type != tokenize.NL else " ")
        if token.string == ":" and depth == 0:
            return " ".join(parts), place + 1
    return "", len(tokens)


def _signature(header: str) -> tuple[list[tuple[str, str]], str]:
    try:
        found = ast.parse(f"{header} pass").body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [], ""
    assert isinstance(found, ast.FunctionDef)
    given = [*found.args.posonlyargs, *found.args.args, *found.args.kwonlyargs]
    return [(one.arg, dotted(one.annotation)) for one in given], dotted(found.returns)
