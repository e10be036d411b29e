"""``datapackage.json``: what the CSV files mean, as a Frictionless Data Package.

Standard: specs.frictionlessdata.io, Data Package and Table Schema 1.0.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from workbook_builder.model.summary import Summary
from workbook_builder.outputs.records import LISTINGS, ListColumn, Listing


def datapackage(summary: Summary, folder: Path) -> bytes:
    """The description of the CSV files of a folder, with their hashes."""
    campaign = summary.campaign
    package = {
        "profile": "tabular-data-package",
        "name": _slug(f"{campaign.form}-{campaign.period}"),
        "id": campaign.id,
        "title": f"{campaign.period.words}{summary.form.title}汇总数据　{campaign.district}",
        "description": (
            f"{summary.form.authority}。未填的为空，不当作 0；合计项由程序重新计算。"
            "文字以英文单引号开头的，引号是为防止被当成公式加上的，不是原文。"
        ),
        "resources": [
            _resource(each, folder / f"{each.name}.csv") for each in LISTINGS
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode()


def _slug(text: str) -> str:
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in text
    )


def _resource(listing: Listing, file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "name": listing.name,
        "path": file.name,
        "profile": "tabular-data-resource",
        "title": listing.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest}",
        "dialect": {"delimiter": ",", "quoteChar": '"', "lineTerminator": "\r\n"},
        "schema": {
            "fields": [_field(column) for column in listing.columns],
            "missingValues": [""],
            "primaryKey": list(listing.key),
        },
    }


def _field(column: ListColumn) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.words:
        constraints["enum"] = list(column.words)
    described: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": column.title,
        "description": column.meaning,
    }
    if column.type == "boolean":
        described |= {"trueValues": ["true"], "falseValues": ["false"]}
    if constraints:
        described["constraints"] = constraints
    return described
