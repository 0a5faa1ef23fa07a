"""What values and functions are, in a form that can be compared and remembered.

Knows: keys of params, equality of products, the source of functions, fingerprints.
Does not know: rules, tasks, cells; a rule is an object that carries its own key.
"""

from wfnb.hashing.registered import register_fingerprint

__all__ = ["register_fingerprint"]
