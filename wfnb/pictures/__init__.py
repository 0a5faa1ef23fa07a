"""DRAW: the rule graph as a picture, from types alone. Nothing is run to draw it.

Reading order: `view` (what a picture shows, as plain data), `names` and `survey` (a rule graph as
a view), `parts` (one product's part; cells as one node each), then `texts` and `boxes` (what stands
in a node, and how large that is), `layers`, `coordinates` and `layout` (where everything goes), and
the writers: `shapes` and `svg`, `mermaid`, `tree`. `bundle` is all that a notebook displays.
`taskgraphs` draws a recorded request with the same layout.

Knows: rule graphs, and what a picture of one should tell.
Does not know: notebooks, tasks, values.
Holds: the same rules give the same bytes, whatever order cells ran in. Every name is text, never
    markup. Wherever there is a colour, a shape and a word say the same.
"""
