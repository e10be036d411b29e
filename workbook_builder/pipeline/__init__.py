"""The order of the stages; every command has its twin here.

Nothing but the command line, the desk and the console's actions imports this package. One
module for each command that does work; what the command line says and asks is in
``commands/``. What is offered is loaded when the first name is asked for (``twins``);
who wants one of them only, and soon, imports its module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook_builder.pipeline.twins import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Not ``from … import``, which would ask here for the module first.
    import workbook_builder.pipeline.twins as twins

    return getattr(twins, name)
