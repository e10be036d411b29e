"""Workbooks: where things stand, formulas, writing, reading.

``place`` and ``formula`` are pure. ``sheets`` say what each sheet holds, ``write``
is the only module that knows XlsxWriter, ``grid`` turns any file into typed raw
cells and ``read`` makes answers of them.
"""
