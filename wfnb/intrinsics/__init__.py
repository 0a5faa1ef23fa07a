"""Intrinsics: how the world is touched: files, processes, environment, downloads.

Knows: paths under one root, what was seen of them, content by its digest, child processes.
Does not know: rules, tasks, sessions, cells. The engine wires these functions in as rules.
"""
