"""Workbooks: where things stand, what the sheets hold, and the file.

``place`` is pure, ``sheets`` say what each sheet holds, ``write`` makes the file of it,
and ``xlsx`` alone knows XlsxWriter.
"""
