"""What is used of other projects beyond what they document: one module for each, each name with its reason.

Whoever raises a library's version looks here first; `tests/test_private_names.py` fails where such a name is used elsewhere.
"""
