"""The folder of a campaign: where its files are and what its settings say."""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from workbook_builder.campaign.files import files_below, is_junk, write_atomically
from workbook_builder.campaign.last_year import last_year_facts
from workbook_builder.campaign.roster import (
    prove_types,
    roster_book,
    roster_from_rows,
)
from workbook_builder.definition.load import load_form
from workbook_builder.excel.sheet_rows import read_rows
from workbook_builder.excel.write import write
from workbook_builder.judge import Expected
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import (
    CampaignError,
    DefinitionError,
    UnreadableFile,
)
from workbook_builder.model.form import Form
from workbook_builder.model.unit import Roster

SETTINGS = "campaign.toml"
ROSTERS = ("roster.xlsx", "roster.csv", "roster.xls", "roster.ods", "roster.xlsb")
OUTBOX, INBOX, RESULTS, LAST_YEAR = "outbox", "inbox", "results", "last-year"


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """``campaign.toml``, key by key."""

    id: str
    year: int
    district: str
    form: str = "disclosure"
    edition: str = ""
    deadline: date | None = None
    contact: str = ""
    phone: str = ""
    email: str = ""
    stamp_key: str = ""
    sheet_password: str = ""


_TEMPLATE = """\
# 填报任务设置。改完保存，再运行 workbook-builder build。

id = {id}
form = {form}
edition = {edition}
year = {year}

# 收表单位和联系人，印在每份报送表的“填报说明”上。
district = {district}
deadline = {deadline}
contact = {contact}
phone = {phone}
email = {email}

# 保护工作表的密码；留空表示不设密码（防误改，不防有意改动）。
sheet_password = ""

# 报送表标识的签名密钥。请勿修改，也不要发给填报单位。
stamp_key = {key}
"""


class Folder:
    """A campaign folder. Raises CampaignError where it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not (path / SETTINGS).is_file():
            raise CampaignError(
                f"“{path}”不是填报任务文件夹（没有 {SETTINGS}）。"
                f"先运行：workbook-builder init {path} --year 2025",
                f"{path} is no campaign folder; run “workbook-builder init” first.",
            )

    @property
    def outbox(self) -> Path:
        return self.path / OUTBOX

    @property
    def inbox(self) -> Path:
        return self.path / INBOX

    @property
    def results(self) -> Path:
        return self.path / RESULTS

    def campaign(self) -> Campaign:
        """The settings. Raises CampaignError that names the key."""
        file = self.path / SETTINGS
        try:
            settings = msgspec.convert(
                tomllib.loads(file.read_text(encoding="utf-8-sig")), Settings
            )
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CampaignError(f"{file}：{error}", f"{file}: {error}") from None
        except msgspec.ValidationError as error:
            raise CampaignError(
                f"{file}：{error}。请改正这一项。",
                f"{file}: {error}. Correct this key.",
            ) from None
        try:
            form = load_form(settings.form, settings.edition)
        except DefinitionError as error:
            raise CampaignError(f"{file}：{error}", f"{file}: {error}") from None
        return Campaign(
            id=settings.id,
            form=form.id,
            edition=form.edition,
            year=settings.year,
            district=settings.district,
            deadline=settings.deadline,
            contact=settings.contact,
            phone=settings.phone,
            email=settings.email,
            key=settings.stamp_key,
            password=settings.sheet_password,
        )

    def form(self) -> Form:
        campaign = self.campaign()
        return load_form(campaign.form, campaign.edition)

    def roster(self) -> Roster:
        """The units. Raises RosterError with every problem, CampaignError if missing."""
        for name in ROSTERS:
            file = self.path / name
            if file.is_file():
                try:
                    rows = read_rows(file.read_bytes())
                except UnreadableFile as error:
                    raise CampaignError(
                        f"{file}：单位名录打不开（{error}）。请另存为 .xlsx 再试。",
                        f"{file}: the roster cannot be read: {error}. Save it as .xlsx.",
                    ) from None
                roster = roster_from_rows(rows, name)
                prove_types(roster, self.form())
                return roster
        raise CampaignError(
            f"“{self.path}”里没有单位名录（roster.xlsx 或 roster.csv）。",
            f"There is no roster.xlsx or roster.csv in {self.path}.",
        )

    def last_year(self) -> Mapping[str, Mapping[str, Decimal]]:
        """Last year's figures by unit code and cell id, as far as there are any."""
        files = [
            path for path in files_below(self.path / LAST_YEAR) if not is_junk(path)
        ]
        return last_year_facts(files, self.campaign().year - 1, self.form())

    def expected(self) -> Expected:
        """What the campaign knows, to judge by."""
        return Expected(self.campaign(), self.roster(), self.last_year())


def create(path: Path, campaign: Campaign, roster: Roster) -> Folder:
    """A new campaign folder. Raises CampaignError rather than touch an old one."""
    if (path / SETTINGS).exists():
        raise CampaignError(
            f"“{path}”里已经有填报任务，没有改动它。请换一个文件夹。",
            f"{path} already holds a campaign; choose another folder.",
        )
    form = load_form(campaign.form, campaign.edition)
    for name in (OUTBOX, INBOX, RESULTS, LAST_YEAR):
        (path / name).mkdir(parents=True, exist_ok=True)
    write_atomically(path / ROSTERS[0], write(roster_book(roster, form)))
    settings = _TEMPLATE.format(
        id=_quoted(campaign.id),
        form=_quoted(form.id),
        edition=_quoted(form.edition),
        year=campaign.year,
        district=_quoted(campaign.district),
        deadline=campaign.deadline or date(campaign.year + 1, 1, 20),
        contact=_quoted(campaign.contact),
        phone=_quoted(campaign.phone),
        email=_quoted(campaign.email),
        key=_quoted(campaign.key or secrets.token_hex(16)),
    )
    write_atomically(path / SETTINGS, settings.encode())
    return Folder(path)


def _quoted(text: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
