"""What is said of a mistake of ours, or of a machine that has no more to give.

It is the same sentence at the terminal, on the desk and in the console.
"""

from __future__ import annotations

from errno import EAGAIN, ENOMEM

from workbook_builder.model.errors import FULL, reason
from workbook_builder.model.text import Text

#: Bytes that any command can spare; where they are refused, memory is what failed.
_TO_SPARE = 64 * 1024 * 1024
#: What is left behind where a library written in C, or the loader of one, got none.
_WITHOUT_MEMORY = ("error return without exception set", "failed to map segment")


def failure(error: Exception) -> Text:
    """What happened, that nothing was spoilt, and what to do now."""
    if _for_want_of_memory(error):
        return Text(
            "内存不够，程序没有做完，没有写坏任何文件。请关掉别的程序再试一次。",
            "Out of memory: not finished, and nothing was spoilt. Close other programs "
            "and try again.",
        )
    if isinstance(error, OSError) and error.errno in FULL:
        return Text(
            f"{reason(error)}，程序没有做完，没有写坏任何文件。请腾出空间再试一次。",
            "The disk is full: not finished, and nothing was spoilt. Make room and try "
            "again.",
        )
    return Text(
        f"程序出错（{type(error).__name__}：{error}），没有写坏任何文件。"
        "请再试一次；还是这样的，把这句话和做了什么告诉维护人员。",
        f"The program failed ({type(error).__name__}: {error}); no file was spoilt. Try "
        "again, and tell the maintainers if it happens again.",
    )


def _for_want_of_memory(error: Exception) -> bool:
    return (
        isinstance(error, MemoryError)
        or (isinstance(error, OSError) and error.errno in {ENOMEM, EAGAIN})
        or "can't start new thread" in str(error)
        or any(said in str(error) for said in _WITHOUT_MEMORY)
        or memory_is_short()
    )


def memory_is_short() -> bool:
    """Whether the system refuses what any command can spare.

    Python itself makes nonsense of what it imports while memory is refused, and any error
    may come of that; so the memory is asked, not the error.
    """
    try:
        bytes(_TO_SPARE)  # nothing is written into it, which would take a moment
    except MemoryError:
        return True
    return False
