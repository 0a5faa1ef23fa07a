"""Cells: how a notebook kernel and the engine meet.

    extension.py    loading and unloading: everything that is registered with IPython
    headers.py      the text of a cell: a first line `%%rule`, help for verbs
    options.py      options of magics, with suggestions for typing errors
    reader.py       the calls that are added to a cell before it runs
    statements.py   the syntax tree of a cell: the names it binds, its class statements
    meanings.py     what a class statement read while it was built, comparable later
    classes.py      same class definition, same class object
    stale.py        values of classes that have been defined anew
    reach.py        rules that use such a value
    following.py    rules taken along to the classes that stand
    cells.py        which cell runs, what it declared, what it withdraws
    outcomes.py     what a cell has made of the rules
    reload.py       modules of the workspace, run again on demand
    declared.py     rules, unions and queries, looked at alike
    reports.py      the report under a `%%rule` cell
    meant.py        what was perhaps meant by a name that a cell does not know
    magics.py       `%%rule` and `%wf`; verbs.py: what each verb prints
    graphs.py       `%wf graph`, and rule graphs as values of cells
    completion.py   Tab
    control.py      what a page asks while a cell runs
    questions.py    what an editor asks about rules; cursor.py: what stands where in a cell's text,
                    naming.py: what it means; askers.py: which cell asked for what
    progress.py     where a request that takes long is shown
    announcing.py   pages are told what the engine does
    labels.py       file names of cells as "In [3]"

Only this package imports IPython.
"""

from wfnb.notebook.extension import load, unload

__all__ = ["load", "unload"]
