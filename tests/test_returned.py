"""Every file of ``returned/cases.toml``, as it would lie in the inbox.

The list is exact. What ought to be better has a ``wish``: the day it is, the case fails
here until the list is changed.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.returned import make
from tests.support import contents, expected, is_a_sentence_for_clerks, receive_file
from workbook_builder.model.catalogue import CATALOGUE
from workbook_builder.model.finding import Verdict

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "returned" / "cases.toml").read_text(encoding="utf-8")
)["case"]
#: What programs and files are called.
NAMES = re.compile(
    r"“[^“”]*(?:“[^“”]*”[^“”]*)*”|\.(?:gz|rar|7z)|Outlook|winmail\.dat|Microsoft|IP-guard"
)


def one(case: dict[str, Any]) -> Any:
    mark = [pytest.mark.engine] if case["make"] == "saved" else []
    return pytest.param(case, id=case["what"], marks=mark)


@pytest.mark.parametrize("case", [one(case) for case in CASES])
def test_what_becomes_of_it(tmp_path: Path, case: dict[str, Any]) -> None:
    data = make.made(case["make"], case.get("with", {}))
    path = tmp_path / case["file"]
    path.write_bytes(data)
    found = receive_file(path, case["file"], expected("U1", "U2"))
    wanted = case["verdict"]
    verdicts = [each.verdict.value for each in found]
    assert verdicts == (wanted if isinstance(wanted, list) else [wanted])
    codes = [finding.code for each in found for finding in each.findings]
    assert list(dict.fromkeys(codes)) == case["codes"], case.get("wish", "")
    for each in found:
        assert each.path.startswith(case["file"])
        assert bool(each.facts) == (each.print_code != "")
        for finding in each.findings:
            assert is_a_sentence_for_clerks(NAMES.sub("", finding.message.zh)), finding
            assert is_a_sentence_for_clerks(finding.remedy.zh), finding
    # What was read is as it was, and nothing was unpacked beside it.
    assert contents(tmp_path) == {case["file"]: data}


def test_the_list_is_whole() -> None:
    assert len(CASES) >= 60
    titles = [case["what"] for case in CASES]
    assert len(set(titles)) == len(titles)
    outcomes = {
        v
        for case in CASES
        for v in ([case["verdict"]], case["verdict"])[isinstance(case["verdict"], list)]
    }
    # Which version counts is not told by one file alone.
    assert outcomes == {v.value for v in Verdict} - {Verdict.SUPERSEDED}
    assert all(set(case) <= KEYS for case in CASES)


KEYS = {"what", "file", "make", "with", "verdict", "codes", "wish"}
#: Findings that no single file of the list has.
ELSEWHERE = {
    *(
        "R07",
        "R08",
        "R12",
        "R14",
    ),  # the disk, ourselves, links in mails, lost processes
    *("N02", "I07", "Y04"),  # test_judge, test_intake, test_locate
    *("I08", "I09", "I10", "R15", "R16"),  # test_mail_parts, test_letters
    "I11",  # test_arrivals: said in a campaign only
    "R17",  # test_outside
    *("X01", "X02", "X05"),  # test_forensics
    "X08",  # test_alike: said in a campaign only
    *("X09", "N10"),  # the clerk or the roster says so
    *("N11", "Y18"),  # test_reports_received, test_pasted
}
#: Versions, the tree of units, decisions: never told by one file. Published reports
#: are no returns (tests/test_reports_read.py).
OF_SEVERAL = "VDJP"


def test_every_code_of_one_file_occurs() -> None:
    seen = {code for case in CASES for code in case["codes"]}
    alone = {code for code in CATALOGUE if code[0] not in OF_SEVERAL}
    assert alone - seen == ELSEWHERE
