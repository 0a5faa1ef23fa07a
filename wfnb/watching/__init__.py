"""Watching: an engine is looked at, and told as event data (`wfnb.events`).

watch.py      the thread that looks and tells; subscriptions
overview.py   what stands: the rule graph, its problems, how much is remembered
sampling.py   what one running request has done since the last look
gathering.py  how far one MultiGet has come
stacks.py     what stands on a worker's stack
recording.py  one request step by step, where somebody asked for that
bodies.py     the texts of the bodies that it ran
keeping.py    the same for all that a notebook asks, at a bounded cost
extents.py    where exactly something stands in the text, as editors count
telling.py    engine objects become event data, here and nowhere else
"""
