"""DRAW: the live views. The only importer of anywidget, which is imported with the first view.

base.py      what all views share
feed.py      messages of an engine on their way to a view
following.py one request out of all that an engine does
progress.py  how a request comes on
terminal.py  the same in a terminal, the only importer of rich
problems.py  what is wrong with the rules, as cells run
story.py     the last request step by step
static/      the views as JavaScript, built from labextension/ and committed

Knows: widgets; how a view gets what it shows.
Does not know: cells, magics; how anything is drawn (labextension/src).
Holds: a view's bundle is the widget and its text form, never a picture. The text is the same for
    the same rules. Nothing that must work while a cell runs is asked over a widget's own comm.
"""

from __future__ import annotations

from importlib.util import find_spec


def is_available() -> bool:
    """Whether views can be made here; without them there are the text forms."""
    return find_spec("anywidget") is not None and find_spec("ipywidgets") is not None
