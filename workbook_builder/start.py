"""The console script: what can end the program before it knows any command."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line, which takes a moment to load; stopping it then is no fault."""
    try:
        from workbook_builder.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.stderr.write("已中断，没有写坏任何文件。 Interrupted.\n")
        sys.exit(2)
