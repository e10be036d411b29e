"""Tests.

xlwings' remote engine, on which the console is run here, wants to know its licence
when xlwings is first imported. Tests of an open project are what the noncommercial one
allows; nobody who uses the program needs it.
"""

import os

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
