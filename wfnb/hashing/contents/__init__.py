"""What is in a value: digests of arrays, frames and tables, and of what can be changed in place.

Knows: how each package keeps its values.
Does not know: params, products.
"""
