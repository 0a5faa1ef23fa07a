"""KEYS: what makes two params the same, two products equal, and a rule's meaning another.

Knows: values, classes, functions and their syntax.
Does not know: rules (they are seen as objects with a key), tasks.
"""
