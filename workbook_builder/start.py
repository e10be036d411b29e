"""The console script: what can end the program before it knows any command."""

from __future__ import annotations

import gc
import sys

#: One command makes much that stays and little that goes: looking for garbage at every
#: turn takes a quarter of the time of writing the results.
RARELY = (200_000, 20, 20)


def main() -> None:
    """Runs the command line, which takes a moment to load; stopping it then is no fault."""
    gc.set_threshold(*RARELY)
    try:
        from workbook_builder.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.stderr.write("已中断，没有写坏任何文件。 Interrupted.\n")
        sys.exit(2)
    finally:
        # The system takes back all memory at once: Python, which looks for garbage once
        # more at its end, takes as long for it as a file takes to be checked.
        gc.freeze()
