"""SOLVE: types only. Can every request be answered, and by whom?

Reading order: `slots` (requests as the solver sees them), `scopes` (which types can matter where),
`nodes` (a rule in a scope), `candidates` (the choice), `recursion` (the choice inside a loop),
`solver` (the order of it all), `instances` (what the task graph gets).
Then what is told about it: `outlook` (what holds in every scope), `causes`, `diagnostics`,
`explanation`, `drawing`. `graph` puts the parts together.

Knows: rules, their requests, types.
Does not know: values, tasks, cells.
"""
