"""收表: what arrived, taken apart into the files somebody meant to send.

Bytes in, leaves out: zip archives, mails and Outlook messages are opened in memory,
one within the other, and each file in them comes out with the path it is shown by.
Nothing is written to disk and no name of a sender ever becomes a path.
"""

from workbook_builder.intake.leaf import Leaf
from workbook_builder.intake.unpack import unpack

__all__ = ["Leaf", "unpack"]
