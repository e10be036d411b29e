"""Published pages in a real browser: readable on a phone, by a screen reader, in the
dark and on paper, without a word of complaint on the console.
"""

from __future__ import annotations

import subprocess
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests import browser, support
from tests.test_campaign import ten_units_folder
from tests.test_report import HOSTILE, TEXTS, made, of, zeros
from workbook_builder.outputs.report_html import html
from workbook_builder.pipeline import PROGRESS, collect

pytestmark = pytest.mark.engine
PAGES = ("report", "empty", "hostile", "progress")
