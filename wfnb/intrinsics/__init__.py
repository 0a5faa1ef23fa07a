"""TOUCH: what reaches the world outside, always through the engine.

Knows: consoles.
Does not know: cells. Nothing here is called by a rule body except through a value it was given.
"""
