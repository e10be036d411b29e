"""What a package is made of: every part with its version, licence and hash.

``python -m tools.parts FOLDER`` writes ``组成.cdx.json`` for a folder of wheels, such as
``tools.wheelhouse`` makes: a bill of materials in the CycloneDX format, which programs that
look for known weaknesses read. ``tools.wheelhouse`` and ``tools.portable`` call it. The same
wheels give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Mapping
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

NAME = "组成.cdx.json"
_CLASSIFIER = "License :: "


def metadata(wheel: bytes) -> Message:
    """What a wheel says of itself."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        (name,) = (
            each
            for each in archive.namelist()
            if each.count("/") == 1 and each.endswith(".dist-info/METADATA")
        )
        return HeaderParser().parsestr(archive.read(name).decode("utf-8"))


def licence(said: Message) -> str:
    """By its SPDX expression, else in the words of its classifiers or its own."""
    if expression := said["License-Expression"]:
        return str(expression)
    classes = [
        each.rpartition(" :: ")[2]
        for each in said.get_all("Classifier", [])
        if each.startswith(_CLASSIFIER)
    ]
    return "; ".join(classes) or str(said["License"] or "").partition("\n")[0]


def bill(wheels: Mapping[str, bytes], python: bytes | None = None) -> str:
    """File name → wheel, and the Python that goes with them, as CycloneDX 1.6 in JSON.

    Raises ValueError for a part that says no licence: nobody may pass it on.
    """
    components: list[dict[str, object]] = []
    if python is not None:
        runtime = {"type": "platform", "bom-ref": "python", "name": "Python"}
        terms: dict[str, object] = {"licenses": [{"expression": "PSF-2.0"}]}
        components.append({**runtime, **terms, "hashes": _hashes(python)})
    for file, data in sorted(wheels.items()):
        said = metadata(data)
        name, version = str(said["Name"]), str(said["Version"])
        words = licence(said)
        if not words:
            raise ValueError(f"{file} says no licence")
        reference = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
        is_spdx = said["License-Expression"] is not None
        components.append(
            {
                "type": "library",
                "bom-ref": reference,
                "name": name,
                "version": version,
                "licenses": [
                    {"expression": words} if is_spdx else {"license": {"name": words}}
                ],
                "purl": reference,
                "hashes": _hashes(data),
            }
        )
    whole = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": components,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _hashes(data: bytes) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}]


def main() -> None:
    folder = Path(sys.argv[1])
    wheels = {file.name: file.read_bytes() for file in folder.glob("*.whl")}
    (folder / NAME).write_text(bill(wheels), encoding="utf-8")
    print(f"wrote {folder / NAME}: {len(wheels)} parts")


if __name__ == "__main__":
    main()
