"""The nouns: frozen dataclasses, standard library only, no I/O.

Nothing in this package imports anything else of the project.
"""
