"""The battery: 27 edits of what a function means, or of how it is written.

Each has the text of a function `f`, from an int to a text, and of all that it stands on, divided
into cells. One cell (or one file) is edited; `differs` says whether `f(3)` is then another text.

Knows: texts. Does not know: wfnb or any other tool.
Holds: names of helpers, see `HELPERS`, are words that occur for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

ARGUMENT = 3
HELPERS = ("shift", "outer_shift", "maker", "decorated", "shifted")
MODULE = "battery_workspace"  # the file that edits of a module are made in


@dataclass(frozen=True)
class Edit:
    """One edit.

    Attributes:
        name: what is edited, in a few words.
        cells: the text before the edit.
        at: which cell is edited; -1 for the workspace module, which is then imported anew.
        after: that cell's text after the edit, or the module's.
        differs: whether `f` does something else afterwards.
        module: the text of the workspace module before the edit; "" for none.
        is_rule: whether `f` itself may be a rule, too; one with a default may not.
    """

    name: str
    cells: tuple[str, ...]
    at: int
    after: str
    differs: bool
    module: str = ""
    is_rule: bool = True

    @property
    def edited_cells(self) -> tuple[str, ...]:
        """The whole text after the edit."""
        if self.at < 0:
            return self.cells
        return (*self.cells[: self.at], self.after, *self.cells[self.at + 1 :])

    @property
    def edited_module(self) -> str:
        """The text of the workspace module after the edit."""
        return self.after if self.at < 0 else self.module


PLAIN = """\
def f(x: int) -> str:
    return str(x + 1)
"""
DOCUMENTED = '''\
def f(x: int) -> str:
    """Adds one."""
    return str(x + 1)
'''
IN_A_SET = """\
def f(x: int) -> str:
    return str(x if "a" in {"a", "b", "c", "d"} else 0)
"""
TYPED = """\
def f(x: int) -> str:
    return repr([x, 1000])
"""
SPLIT = """\
def f(x: int) -> str:
    first = "ab"
    second = "c"
    return first + "/" + second
"""
SHIFT = """\
def shift(x):
    return x + 1
"""
SHIFT_BY_DEFAULT = """\
def shift(x, by=1):
    return x + by
"""
SHIFT_BY = """\
def shift(by, x):
    return x + by
"""
CALLS_SHIFT = """\
def f(x: int) -> str:
    return str(shift(x))
"""
OUTER = """\
def outer_shift(x):
    return shift(x)
"""
CALLS_OUTER = """\
def f(x: int) -> str:
    return str(outer_shift(x))
"""
CALLS_SHIFTED = """\
def f(x: int) -> str:
    return str(shifted(x))
"""
READS_K = """\
def f(x: int) -> str:
    return str(x + K)
"""
SUMS_K = """\
def f(x: int) -> str:
    return str(x + sum(K))
"""
NAMESPACE = """\
from types import SimpleNamespace
SETTINGS = SimpleNamespace(k=1)
"""
READS_ATTRIBUTE = """\
def f(x: int) -> str:
    return str(x + SETTINGS.k)
"""
OWN_DEFAULT = """\
K = 1
def f(x: int, k: int = K) -> str:
    return str(x + k)
"""
CLOSURE = """\
def maker(n):
    def f(x: int) -> str:
        return str(x + n)
    return f
f = maker(1)
"""
DECORATED = """\
import functools
def decorated(function):
    @functools.wraps(function)
    def wrapper(x: int) -> str:
        return function(x) + "!"
    return wrapper
@decorated
def f(x: int) -> str:
    return str(x)
"""
DECORATED_WITH = """\
import functools
def decorated(mark):
    def outer(function):
        @functools.wraps(function)
        def wrapper(x: int) -> str:
            return function(x) + mark
        return wrapper
    return outer
@decorated("!")
def f(x: int) -> str:
    return str(x)
"""
METHOD = """\
class Tool:
    def shift(self, x):
        return x + 1
"""
CALLS_METHOD = """\
def f(x: int) -> str:
    return str(Tool().shift(x))
"""
CLASS_ATTRIBUTE = """\
class Tool:
    by = 1
"""
READS_CLASS = """\
def f(x: int) -> str:
    return str(x + Tool.by)
"""
DATACLASS = """\
from dataclasses import dataclass
@dataclass(frozen=True)
class Tool:
    by: int = 1
"""
MAKES_DATACLASS = """\
def f(x: int) -> str:
    return str(x + Tool().by)
"""
NESTED = """\
def f(x: int) -> str:
    def inner(y):
        return y + 1
    return str(inner(x))
"""
PARTIAL = """\
import functools
shifted = functools.partial(shift, 1)
"""
IMPORTS = f"import {MODULE}\n"
CALLS_MODULE = f"""\
def f(x: int) -> str:
    return str({MODULE}.shift(x))
"""
BY_GLOBALS = """\
def f(x: int) -> str:
    return str(globals()["shift"](x))
"""


def _plus_two(text: str) -> str:
    assert text.count("+ 1") == 1
    return text.replace("+ 1", "+ 22")


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


EDITS: tuple[Edit, ...] = (
    Edit("nothing changed, new process", (PLAIN,), 0, PLAIN, False),
    Edit("moved three lines down", (PLAIN,), 0, "\n\n\n" + PLAIN, False),
    Edit(
        "comment in the body",
        (PLAIN,),
        0,
        _replaced(PLAIN, "    return", "    # one more\n    return"),
        False,
    ),
    Edit("docstring", (DOCUMENTED,), 0, _replaced(DOCUMENTED, "Adds one", "One more"), False),
    Edit("spacing", (PLAIN,), 0, _replaced(PLAIN, "str(x + 1)", "(str( x+1 ))"), False),
    Edit("set literal, another hash seed", (IN_A_SET,), 0, IN_A_SET, False),
    Edit("constant in the body", (PLAIN,), 0, _plus_two(PLAIN), True),
    Edit('`1000` → `"1000"`', (TYPED,), 0, _replaced(TYPED, "1000", '"1000"'), True),
    Edit(
        '`"ab", "c"` → `"a", "bc"`',
        (SPLIT,),
        0,
        _replaced(_replaced(SPLIT, '"ab"', '"a"'), '"c"', '"bc"'),
        True,
    ),
    Edit("helper’s body", (SHIFT, CALLS_SHIFT), 0, _plus_two(SHIFT), True),
    Edit("helper of a helper", (SHIFT, OUTER, CALLS_OUTER), 0, _plus_two(SHIFT), True),
    Edit(
        "helper’s default",
        (SHIFT_BY_DEFAULT, CALLS_SHIFT),
        0,
        _replaced(SHIFT_BY_DEFAULT, "by=1", "by=2"),
        True,
    ),
    Edit(
        "helper is a lambda",
        ("shift = lambda x: x + 1\n", CALLS_SHIFT),
        0,
        "shift = lambda x: x + 22\n",
        True,
    ),
    Edit("global constant", ("K = 1\n", READS_K), 0, "K = 2\n", True),
    Edit(
        "global list, in place",
        ("K = [1]\n", "K.reverse()\n", SUMS_K),
        1,
        "K.append(2)\n",
        True,
    ),
    Edit(
        "attribute of a global object",
        (NAMESPACE, READS_ATTRIBUTE),
        0,
        _replaced(NAMESPACE, "k=1", "k=2"),
        True,
    ),
    Edit(
        "own default `k=K`, K changed",
        (OWN_DEFAULT,),
        0,
        _replaced(OWN_DEFAULT, "K = 1", "K = 2"),
        True,
        is_rule=False,
    ),
    Edit("closure cell", (CLOSURE,), 0, _replaced(CLOSURE, "maker(1)", "maker(2)"), True),
    Edit("decorator’s body", (DECORATED,), 0, _replaced(DECORATED, '"!"', '"?"'), True),
    Edit("decorator’s argument", (DECORATED_WITH,), 0, _replaced(DECORATED_WITH, "!", "?"), True),
    Edit("method of a class it uses", (METHOD, CALLS_METHOD), 0, _plus_two(METHOD), True),
    Edit(
        "class attribute it uses",
        (CLASS_ATTRIBUTE, READS_CLASS),
        0,
        _replaced(CLASS_ATTRIBUTE, "by = 1", "by = 2"),
        True,
    ),
    Edit(
        "default of a dataclass field",
        (DATACLASS, MAKES_DATACLASS),
        0,
        _replaced(DATACLASS, "int = 1", "int = 2"),
        True,
    ),
    Edit("constant of a nested function", (NESTED,), 0, _plus_two(NESTED), True),
    Edit(
        "argument of a `functools.partial`",
        (SHIFT_BY, PARTIAL, CALLS_SHIFTED),
        1,
        _replaced(PARTIAL, "shift, 1", "shift, 2"),
        True,
    ),
    Edit(
        "function of an imported workspace module",
        (IMPORTS, CALLS_MODULE),
        -1,
        _plus_two(SHIFT),
        True,
        module=SHIFT,
    ),
    Edit('`globals()["h"]`', (SHIFT, BY_GLOBALS), 0, _plus_two(SHIFT), True),
)
