"""Behind the button 执行 of district_console.xlsm; keep the two files together.

xlwings imports this module, which is named like the workbook, and calls ``main``.
All that happens is in the package workbook-builder.
"""

from pathlib import Path

from workbook_builder.console.actions import press_button, run_beside


def main() -> None:
    """What the button does."""
    press_button()


if __name__ == "__main__":
    # Without macros: open the workbook in Excel, choose what to do, run this file.
    run_beside(Path(__file__))
