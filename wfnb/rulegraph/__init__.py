"""SOLVE: types only. Can every request be answered, and by whom?

Reading order: `slots` (requests as the solver sees them), `scopes` (which types can matter where),
`nodes` (a rule in a scope), `candidates` (the choice), `recursion` (the choice inside a loop),
`solver` (the order of it all), `wiring` and `instances` (what the task graph gets).
Then what is told about it: `outlook` (what holds in every scope), `causes` (where it fails),
`habits` (what works, and perhaps not as meant), `checks` (all of these, as the diagnostics of
`codes`, in the words of `wording`), `explanation`, `drawing`. `graph` puts the parts together.

Knows: rules, their requests, types.
Does not know: values, tasks, cells.
"""
