"""``report DIR``: whose figures, whose texts, and what becomes of the files."""

from __future__ import annotations

import builtins
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests import engines
from tests.support import (
    BUSY,
    REASON,
    TEXT,
    campaign,
    contents,
    deliver,
    filled,
    folder,
    form,
    roster,
    tree,
    typed,
    unit,
    workbook,
)
from tests.tables import by_labels, labels_of, web_grids, word_grids, word_text
from workbook_builder.campaign.files import OLDER
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.own_texts import NAME, headings
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.cli import run
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.outputs import office
from workbook_builder.pipeline import REPORTS, Wanted, collect, make_reports, reporting
from workbook_builder.pipeline import build as build_outbox
from workbook_builder.workbook.build import build_workbook

FORM = form()
DATE = "2026年2月10日"


def returned(
    of: Unit,
    texts: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> bytes:
    """A busy return with these texts in place of the usual ones."""
    answers = filled(FORM, **BUSY)
    said = {**answers.texts, **(texts or {})}
    whole = replace(
        answers, texts=said, fields=fields or {}, explanations={"F12": REASON}
    )
    return build_workbook(FORM, of, campaign(), whole)


def district(path: Path, *accepted: str, units: Roster | None = None) -> Folder:
    """A district whose units U1, U2, U3 each say their own name in every text."""
    known = units or roster("U1", "U2", "U3")
    files = {}
    for code in accepted:
        texts = dict.fromkeys((t.id for t in FORM.narratives), f"{code}{TEXT}")
        files[f"{code}.xlsx"] = returned(known.by_code[code], texts)
    return folder(path / "a", known, files)


def text_of(path: Path) -> str:
    return "\n".join(word_text(path.read_bytes()))


def figures_of(path: Path) -> dict[str, Decimal]:
    data = path.read_bytes()
    grids = word_grids(data) if path.suffix == ".docx" else web_grids(data)
    known = labels_of(FORM)
    return {known[labels]: figure for labels, figure in by_labels(grids).items()}


def names(made: Folder) -> list[str]:
    target = made.results / REPORTS
    return [p.name for p in sorted(target.glob("*.*")) if not p.name.startswith(".")]


@contextmanager
def refused(said: str) -> Iterator[None]:
    """The command cannot run, and says so in Chinese; there is an English text too."""
    with pytest.raises(CampaignError) as error:
        yield
    assert said in error.value.text.zh
    assert error.value.text.en != error.value.text.zh


# ---------------------------------------------------------------- whose figures, texts


def test_the_district_reports_the_sums_and_no_text_of_a_unit(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2", "U3")
    (done,) = make_reports(made).made
    docx, html = done.files
    assert docx.name == "Q_示例区Q_2025年政府信息公开工作年度报告.docx"
    nodes = collect(made).nodes
    assert figures_of(docx) == figures_of(html) == dict(nodes["Q"].totals)
    assert figures_of(docx)["applications.received.natural"] == 27
    assert TEXT not in text_of(docx)
    assert TEXT not in html.read_text(encoding="utf-8")
    assert set(done.missing) >= {text.title for text in FORM.narratives}
    assert not done.warnings


def test_a_unit_reports_its_own_return(tmp_path: Path) -> None:
    made = district(tmp_path, "U1")
    deliver(
        made,
        "2.xlsx",
        returned(unit("U2", "Q"), fields={"address": "解放路1号", "date": DATE}),
    )
    (done,) = make_reports(made, Wanted(unit="U2")).made
    docx = done.files[0]
    assert figures_of(docx)["proactive.fees.amount"] == Decimal("3.25")
    assert text_of(docx).count(TEXT) == len(FORM.narratives)
    assert "解放路1号" in text_of(docx)
    assert text_of(docx).endswith(DATE)
    assert "U1" not in text_of(docx)
    assert not (made.path / NAME).exists()


def test_missing_units_are_a_reason_not_to_publish(tmp_path: Path) -> None:
    made = district(tmp_path, "U1")
    (done,) = make_reports(made).made
    (warning,) = done.warnings
    assert "请勿公布：应报 3 个单位，尚有 2 个没有计入" in warning
    assert "示例街道办事处U2、示例街道办事处U3" in warning
    assert text_of(done.files[0]).startswith(warning)


def test_the_district_takes_the_texts_of_its_own_return(tmp_path: Path) -> None:
    """Its return may be the roll-up that ``collect`` made, with texts written in."""
    made = district(tmp_path, "U1", "U2", "U3")
    collect(made)
    (upward,) = (made.results / "上报").glob("*.xlsx")
    said = {text.id: f"全区：{text.title}情况良好。{TEXT}" for text in FORM.narratives}
    deliver(made, "本级.xlsx", typed(upward.read_bytes(), dict(said)), hour=9)
    (done,) = make_reports(made).made
    assert f"全区：（一）主动公开情况良好。{TEXT}" in text_of(done.files[0])
    assert not {text.title for text in FORM.narratives} & set(done.missing)
    assert figures_of(done.files[0])["applications.received.natural"] == 27
    assert not done.warnings


def test_a_return_of_the_district_that_is_not_accepted_is_left_out(
    tmp_path: Path,
) -> None:
    made = district(tmp_path, "U1", "U2", "U3")
    root = Unit("Q", "示例区Q", type="区县")
    bad = typed(returned(root), {"applications.received.natural": "无"})
    deliver(made, "本级.xlsx", bad, hour=9)
    (done,) = make_reports(made).made
    assert any("没有通过" in note.zh for note in done.notes)
    assert "（一）主动公开" in done.missing


@pytest.mark.parametrize("state", ["missing", "rejected"])
def test_a_unit_without_an_accepted_return_gets_none(
    tmp_path: Path, state: str
) -> None:
    made = district(tmp_path, "U1")
    make_reports(made, Wanted(all_units=True))
    if state == "rejected":
        bad = typed(workbook(BUSY, unit("U1", "Q")), {"disputes.review.upheld": None})
        deliver(made, "later.xlsx", bad, hour=9)
    code = {"missing": "U2", "rejected": "U1"}[state]
    said = {"missing": "还没有报送表", "rejected": "结论是“退回”，还没有通过"}[state]
    with refused(said):
        make_reports(made, Wanted(unit=code))
    assert not [name for name in names(made) if name.startswith(code)]


def test_all_units_are_written_and_the_rest_is_listed(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U3")
    reports = make_reports(made, Wanted(all_units=True))
    assert [done.unit.code for done in reports.made] == ["Q", "U1", "U3"]
    assert [(u.code, why.zh) for u, why in reports.skipped] == [
        ("U2", "还没有报送表。")
    ]


def test_a_unit_with_others_below_reports_all_of_them(tmp_path: Path) -> None:
    units = tree(C="", D="C", U1="D", U2="D", U3="C")
    made = district(tmp_path, "U1", "U2", "U3", units=units)
    (done,) = make_reports(made, Wanted(unit="D")).made
    assert figures_of(done.files[0])["applications.received.natural"] == 18
    assert text_of(done.files[0]).count("【待补充") > 5


def test_the_unit_at_the_top_is_the_district(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2", "U3")
    make_reports(made)
    before = contents(made.results / REPORTS)
    make_reports(made, Wanted(unit="Q"))
    assert contents(made.results / REPORTS) == before


def test_a_roster_without_a_top_reports_for_the_district(tmp_path: Path) -> None:
    units = tree(U1="", U2="")
    made = district(tmp_path, "U1", "U2", units=units)
    (done,) = make_reports(made).made
    assert text_of(done.files[0]).startswith("示例区人民政府办公室\n2025年")
    assert figures_of(done.files[0])["applications.received.natural"] == 18


def test_nothing_accepted_is_nothing_to_report(tmp_path: Path) -> None:
    made = district(tmp_path)
    with refused("没有可以公布的数字"):
        make_reports(made)
    with refused("单位名录里没有代码“X9”"):
        make_reports(made, Wanted(unit="X9"))
    assert names(made) == []


# ---------------------------------------------------------------- 报告文字.txt


def test_a_file_for_the_districts_texts_is_made_once_and_used(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2", "U3")
    reports = make_reports(made)
    path = made.path / NAME
    assert reports.texts == path
    text = path.read_text(encoding="utf-8-sig")
    assert "#2025年，新收政府信息公开申请33件，上年结转0件；" in text
    for title in headings(FORM):
        text = text.replace(f"【{title}】", f"【{title}】\n写了{title}。\n第二段。")
    path.write_text(text.replace("\n000-0000", "\n"), encoding="utf-8")
    reports = make_reports(made)
    (done,) = reports.made
    assert reports.texts is None
    assert not done.missing
    said = text_of(done.files[0])
    assert "写了（一）主动公开。\n第二段。" in said
    assert "地址：写了单位地址。 第二段。" in said
    assert "参考" not in said
    assert "33件" not in said


def test_the_offered_sentences_are_texts_without_their_sign(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2", "U3")
    make_reports(made)
    path = made.path / NAME
    text = path.read_text(encoding="utf-8-sig").replace("#2025年", "2025年")
    path.write_text(text, encoding="utf-8-sig")
    (done,) = make_reports(made).made
    assert "2025年，新收政府信息公开申请33件" in text_of(done.files[0])
    assert done.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_offered_sentences_keep_up_with_the_figures(
    tmp_path: Path, encoding: str
) -> None:
    """What somebody wrote stays; a sentence taken over as it was offered keeps up."""
    made = district(tmp_path, "U1", "U2")
    make_reports(made)
    path = made.path / NAME
    before = path.read_text("utf-8-sig")
    assert "#2025年，新收政府信息公开申请22件" in before
    written = before.replace("#本年度办理结果", "本年度办理结果").replace(
        "【单位地址】\n", "【单位地址】\n解放路1号 #2025年，新收政府信息公开申请1件\n"
    )
    path.write_text(written, encoding, newline="\r\n")
    same = path.read_bytes()
    make_reports(made)
    assert path.read_bytes() == same
    deliver(made, "U3.xlsx", returned(unit("U3", "Q")))
    make_reports(made)
    after = path.read_bytes().decode(encoding).replace("\r\n", "\n")
    assert "#2025年，新收政府信息公开申请33件" in after
    (taken,) = [e for e in written.splitlines() if e.startswith("本年度办理结果")]
    (now,) = [e for e in after.splitlines() if e.startswith("本年度办理结果")]
    assert "予以公开20件" in taken
    assert now == taken.replace("20件", "30件")
    assert "#本年度办理结果" not in after
    assert "解放路1号 #2025年，新收政府信息公开申请1件" in after
    changed = set(written.splitlines()) - set(after.splitlines())
    assert changed
    assert all(line.startswith("#") for line in changed - {taken})


def test_a_sentence_that_was_edited_is_compared_figure_by_figure(
    tmp_path: Path,
) -> None:
    made = district(tmp_path, "U1", "U2")
    make_reports(made)
    path = made.path / NAME
    taken = re.sub(r"(?m)^#(?! )", "", path.read_text("utf-8-sig"))
    edited = taken.replace("，新收", "，我区新收")
    path.write_text(edited, "utf-8")
    (before,) = make_reports(made).made
    assert not [note for note in before.notes if "写的是" in note.zh]
    deliver(made, "U3.xlsx", returned(unit("U3", "Q")))
    (done,) = make_reports(made).made
    said = "\n".join(note.zh for note in done.notes)
    assert "文字里“新收政府信息公开申请”写的是 22，表里是 33" in said
    assert "参考语句有 3 句的数变了，已按现在的汇总数更新" in said
    assert "“予以公开”写的是" not in said, (
        "a sentence nobody edited follows the figures"
    )


def test_the_desk_is_whom_the_public_asks(tmp_path: Path) -> None:
    """Its office, and no clerk's mobile telephone."""
    made = district(tmp_path, "U1", "U2", "U3")
    file = made.path / SETTINGS
    lines = [
        'phone = "13800001234"' if line.startswith("phone =") else line
        for line in file.read_text("utf-8").splitlines()
    ]
    file.write_text("\n".join(lines), "utf-8")
    (done,) = make_reports(made).made
    said = text_of(done.files[0])
    assert f"请与{made.campaign().district}联系（" in said
    assert "1380000" not in said
    written = (made.path / NAME).read_text("utf-8-sig")
    assert (
        f"【联系单位】\n# 公众向谁咨询，例如政府办公室。\n{made.campaign().district}"
        in written
    )
    assert "【成文日期】" in written


def test_figures_that_contradict_the_sums_are_pointed_out(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2", "U3")
    path = made.path / NAME
    path.write_text("【（二）依申请公开】\n本年新收申请34件，都已经办理。", "utf-8")
    note, named = make_reports(made).made[0].notes
    assert note.zh.startswith("E1 ")
    assert "新收政府信息公开申请33件" in note.zh
    assert named.zh == "（二）依申请公开：文字里“新收申请”写的是 34，表里是 33。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_the_file_is_read_as_notepad_saves_it(
    tmp_path: Path, encoding: str, ends: str
) -> None:
    made = district(tmp_path, "U1")
    text = ends.join(("# 提示", "【单位地址】", "＃ 提示", "和平路2号", ""))
    (made.path / NAME).write_bytes(text.encode(encoding))
    assert "地址：和平路2号；" in text_of(make_reports(made).made[0].files[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("没有标题的文字", "第1行不在任何标题下面"),
        ("【单位地址】\n甲\n【别的】", "第3行的标题“【别的】”无法识别"),
        ("【单位地址】\n甲\n【单位地址】\n乙", "第3行的标题“【单位地址】”前面已经有了"),
    ],
)
def test_what_the_file_cannot_say_is_refused_by_line(
    tmp_path: Path, text: str, said: str
) -> None:
    made = district(tmp_path, "U1")
    (made.path / NAME).write_text(text, encoding="utf-8")
    with refused(said):
        make_reports(made)
    assert (made.path / NAME).read_text(encoding="utf-8") == text


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    made = district(tmp_path, "U1")
    (made.path / NAME).write_bytes(b"\xff\xff\x00\xff")
    with refused("编码无法识别"):
        make_reports(made)


# ---------------------------------------------------------------- files


def test_the_same_inbox_gives_the_same_files(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2")
    make_reports(made, Wanted(all_units=True))
    before = contents(made.path)
    make_reports(made, Wanted(all_units=True))
    make_reports(made)
    assert contents(made.path) == before


def test_collecting_and_building_leave_reports_alone(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2")
    make_reports(made, Wanted(all_units=True))
    before = contents(made.results / REPORTS)
    collect(made)
    build_outbox(made)
    assert contents(made.results / REPORTS) == before


def test_what_somebody_wrote_into_a_report_is_put_aside(tmp_path: Path) -> None:
    made = district(tmp_path, "U1")
    docx = make_reports(made).made[0].files[0]
    mine = Document(io.BytesIO(docx.read_bytes()))
    mine.add_paragraph("我改的")
    mine.save(str(docx))
    edited = docx.read_bytes()
    make_reports(made)
    assert "我改的" not in text_of(docx)
    (aside,) = (docx.parent / OLDER).iterdir()
    assert aside.read_bytes() == edited


def test_a_report_that_no_longer_holds_goes_aside(tmp_path: Path) -> None:
    made = district(tmp_path, "U1", "U2")
    make_reports(made, Wanted(all_units=True))
    (made.results / REPORTS / "U2_批注.txt").write_text("mine", encoding="utf-8")
    (made.inbox / "U2.xlsx").unlink()
    make_reports(made, Wanted(all_units=True))
    assert [name for name in names(made) if name.startswith("U2")] == ["U2_批注.txt"]
    assert any(
        p.name.startswith("U2") for p in (made.results / REPORTS / OLDER).iterdir()
    )


def test_a_pdf_of_older_figures_goes_aside(tmp_path: Path) -> None:
    made = district(tmp_path, "U1")
    docx = make_reports(made).made[0].files[0]
    printed = docx.with_suffix(".pdf")
    printed.write_bytes(b"%PDF of before")
    make_reports(made)
    assert printed.exists()  # nothing has changed
    deliver(made, "2.xlsx", returned(unit("U2", "Q")))
    make_reports(made)
    assert not printed.exists()


def test_odd_names_of_units_make_files(tmp_path: Path) -> None:
    odd = Unit("A/1", '局<b>"*?\u202e', "Q", "部门")
    made = folder(
        tmp_path / "a", Roster((Unit("Q", "区", type="区县"), odd)),
        {"1.xlsx": returned(odd)},
    )  # fmt: skip
    reports = make_reports(made, Wanted(all_units=True))
    for done in reports.made:
        assert all(path.is_file() for path in done.files)
    text = text_of(reports.made[1].files[0])
    assert text.startswith('局<b>"*?\ufffd')


# ---------------------------------------------------------------- what is not installed


def test_word_without_python_docx_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "docx":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *arguments, **named)

    made = district(tmp_path, "U1")
    monkeypatch.delitem(
        sys.modules, "workbook_builder.outputs.report_docx", raising=False
    )
    monkeypatch.setattr(builtins, "__import__", without)
    with refused("pip install 'workbook-builder[report]'"):
        make_reports(made)
    assert not (made.results / REPORTS).exists()


def test_pdf_without_libreoffice_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(office, "USUAL", ())
    made = district(tmp_path, "U1")
    with refused("没有找到 LibreOffice"):
        make_reports(made, Wanted(pdf=True))
    assert not (made.results / REPORTS).exists()


@pytest.mark.engine
def test_every_report_has_its_own_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines.require("libreoffice")
    monkeypatch.setattr(reporting, "AT_A_TIME", 2)  # three documents, two runs
    made = district(tmp_path, "U1", "U2")
    reports = make_reports(made, Wanted(all_units=True, pdf=True))
    for done in reports.made:
        (printed,) = [path for path in done.files if path.suffix == ".pdf"]
        about = subprocess.run(
            ["pdfinfo", str(printed)], capture_output=True, check=True
        )
        assert f"{done.unit.name}2025年" in about.stdout.decode()


# ---------------------------------------------------------------- the command line


def test_the_command_says_what_was_written_and_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = district(tmp_path, "U1", "U2", "U3")
    assert run(["--lang", "zh", "report", str(made.path)]) == 1
    said = capsys.readouterr().out
    assert "示例区Q的报告：" in said
    assert "待补充 " in said
    assert "已建好" in said
    assert run(["--lang", "en", "report", str(made.path), "--unit", "U1"]) == 1
    assert "part(s) missing" in capsys.readouterr().out


def test_a_complete_report_is_status_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = district(tmp_path)
    facts = dict.fromkeys(
        ("address", "postcode", "telephone", "email", "download"), "甲"
    )
    deliver(made, "1.xlsx", returned(unit("U1", "Q"), fields={**facts, "date": DATE}))
    assert run(["--lang", "zh", "report", str(made.path), "--unit", "U1"]) == 0
    assert "待补充" not in capsys.readouterr().out


def test_two_options_at_once_cannot_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = district(tmp_path, "U1")
    arguments = [
        "--lang",
        "zh",
        "report",
        str(made.path),
        "--unit",
        "U1",
        "--all-units",
    ]
    assert run(arguments) == 2
    assert "只能用一个" in capsys.readouterr().err


def test_the_list_of_reports_is_kept_beside_them(tmp_path: Path) -> None:
    made = district(tmp_path, "U1")
    make_reports(made, Wanted(all_units=True))
    listed = json.loads((made.results / REPORTS / ".generated.json").read_text("utf-8"))
    assert list(listed) == names(made)
