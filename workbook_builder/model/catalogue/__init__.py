"""The catalogue of everything that is said of a file and is not a check of the form.

A line for each code: how grave it is, what is wrong, and what to do. A page for each
family: R the file cannot be read, I it is none to be read, N it is not ours; T the sheet
was tampered with, Y what a clerk typed, X what only the desk is told; P a published
report; V a version, D the tree of units, J what the district decided.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.catalogue.entry import CatalogueEntry as CatalogueEntry
from workbook_builder.model.catalogue.published import PUBLISHED
from workbook_builder.model.catalogue.sheets import SHEETS
from workbook_builder.model.catalogue.strangers import STRANGERS
from workbook_builder.model.catalogue.together import TOGETHER
from workbook_builder.model.catalogue.unreadable import UNREADABLE_FILES
from workbook_builder.model.finding import Finding
from workbook_builder.model.text import Text

CATALOGUE: Mapping[str, CatalogueEntry] = {
    **UNREADABLE_FILES,
    **STRANGERS,
    **SHEETS,
    **PUBLISHED,
    **TOGETHER,
}


def catalogued(code: str, detail: Text | str = "", **fields: str) -> Finding:
    """A finding of the catalogue, its sentences rendered from the fields.

    ``cell``, ``sheet``, ``address``, ``seen``, ``expected`` and ``difference`` are
    also kept as fields of the finding; ``detail`` may differ between the languages.
    """
    entry = CATALOGUE[code]
    details = detail if isinstance(detail, Text) else Text(detail, detail)
    message = Text(
        *(
            sentence.format(detail=said, **fields)
            for sentence, said in zip(entry.message, details, strict=True)
        )
    )
    return Finding(
        code,
        entry.severity,
        message,
        entry.remedy,
        entry.desk,
        cell=fields.get("cell"),
        sheet=fields.get("sheet"),
        address=fields.get("address"),
        seen=fields.get("seen"),
        expected=fields.get("expected"),
        difference=fields.get("difference"),
    )


#: UnreadableFile.reason → code of the catalogue.
UNREADABLE = {
    "empty": "R01",
    "encrypted": "R02",
    "guarded": "R18",
    "truncated": "R03",
    "damaged": "R03",
    "too_large": "R04",
    "bomb": "R04",
    "dtd": "R04",
    "duplicate_parts": "R04",
    "not_spreadsheet": "R05",
    "other_format": "R06",
    "not_document": "P10",
    "no_text": "P11",
    "no_reader": "P12",
    "locked": "R07",
    "outside": "R07",
    "gone": "R07",
    "link_to_itself": "R07",
    "long_path": "R07",
    "closed_folder": "R17",
    "linked_folder": "R17",
    "empty_archive": "R09",
    "archive": "R10",
    "too_deep": "R11",
    "too_many": "R11",
    "too_much": "R11",
    "too_long": "R11",
    "link": "R12",
    "method": "R12",
    "object": "R12",
    "tnef": "R13",
    "sealed": "R15",
    "partial": "R16",
    "crashed": "R14",
    "timeout": "R14",
    "memory": "R14",
}
