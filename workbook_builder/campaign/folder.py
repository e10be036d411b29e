"""The folder of a campaign: where its files are and what its settings say."""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from workbook_builder.campaign.agreements import with_agreements
from workbook_builder.campaign.decisions import decisions
from workbook_builder.campaign.digests import Digests
from workbook_builder.campaign.files import files_below, write_atomically
from workbook_builder.campaign.last_period import KnownBefore, read_last_period
from workbook_builder.campaign.place import SETTINGS, campaign_around, forms_at
from workbook_builder.campaign.record import Record
from workbook_builder.campaign.renewal import quoted
from workbook_builder.campaign.reorganisation import former_codes
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.campaign.roster_file import read_roster
from workbook_builder.definition.registry import Forms
from workbook_builder.mail.settings import MailSettings
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import (
    CampaignError,
    reason,
)
from workbook_builder.model.event import Event
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Roster
from workbook_builder.model.worded import worded
from workbook_builder.workbook.write import write

ROSTERS = ("roster.xlsx", "roster.csv", "roster.xls", "roster.ods", "roster.xlsb")
OUTBOX, INBOX, RESULTS = "outbox", "inbox", "results"
RECORD = "record.sqlite"
#: A deadline nobody set: so long after the period has ended.
USUAL = timedelta(days=20)


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """``campaign.toml``, key by key."""

    id: str
    district: str
    year: int | None = None
    period: int | str | None = None
    form: str = ""
    edition: str = ""
    deadline: date | None = None
    contact: str = ""
    phone: str = ""
    email: str = ""
    stamp_key: str = ""
    sheet_password: str = ""
    unit_code: str = ""
    rollup_key: str = ""
    reorganised: str = ""
    """Former codes of the roster that figures of the period before know already."""
    publish_by: date | None = None
    mail: MailSettings | None = None


_TEMPLATE = """\
# 填报任务设置。改完保存，再运行 workbook-builder build。

id = {id}
form = {form}
edition = {edition}
period = {period}

# 主管部门和联系人，印在每份报送表的“填报说明”上。
district = {district}
deadline = {deadline}
contact = {contact}
phone = {phone}
email = {email}

# 本级在上级名录里的单位代码，写进上报表。留空时用名录里唯一的最上级单位的代码；
# 名录里有几个最上级单位的，必须填写。
unit_code = {unit_code}

# 各单位公布报告的截止日期，去掉行首的 # 再填；不填的按法定的期限。
# publish_by = {deadline}

# 保护工作表的密码；留空表示不设密码（防误改，不防有意改动）。
sheet_password = ""

# 用来确认报送表是本任务生成的。请勿修改，也不要发给填报单位。
stamp_key = {key}

# 邮件设置：用 workbook-builder mail 直接发信、取信时才需要，去掉行首的 # 再填。
# 密码（授权码）不写在这里：运行 workbook-builder mail 任务文件夹 password 存进系统密码库。
# 各项的意思和常见邮箱的填法见 docs/mail.md。
# [mail]
# server = "smtp.example.cn"
# port = 465
# security = "tls"
# user = "zwgk@example.cn"
# pace = 20
# [mail.imap]
# server = "imap.example.cn"
"""


class Folder:
    """A campaign folder. Raises CampaignError where it is none.

    ``elsewhere`` is the address below which the files are that came, where they are not
    in the folder's own inbox.
    """

    def __init__(self, path: Path, elsewhere: str = "") -> None:
        self.path, self.elsewhere = path, elsewhere
        self.digests = Digests()
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

    @property
    def last(self) -> Path:
        """Where figures of the period before are put."""
        return self.path / self.campaign().period.frequency.folder

    def record(self) -> Record:
        """What happened so far, opened for reading and writing; to be closed."""
        return Record(self.path / RECORD)

    def history(self) -> tuple[Event, ...]:
        """Everything recorded so far, nothing where there is no record yet.

        Raises CampaignError where there is one that cannot be read.
        """
        if not (self.path / RECORD).exists():
            return ()
        with self.record() as record:
            return record.events()

    def campaign(self) -> Campaign:
        """The settings. Raises CampaignError that names the key."""
        settings = self._settings()
        period = self._period(settings)
        name = settings.form or self.forms.default()
        form = self.forms.of(name, period, settings.edition)
        return Campaign(
            id=settings.id,
            form=form.id,
            edition=form.edition,
            period=period,
            district=settings.district,
            deadline=settings.deadline,
            contact=settings.contact,
            phone=settings.phone,
            email=settings.email,
            key=settings.stamp_key,
            password=settings.sheet_password,
            unit_code=settings.unit_code,
            rollup_key=settings.rollup_key,
            publish_by=settings.publish_by,
        )

    def _period(self, settings: Settings) -> Period:
        """``period``, or in the settings of earlier versions ``year``."""
        said = [each for each in (settings.period, settings.year) if each is not None]
        try:
            (period,) = {Period.parse(str(each)) for each in said}
        except ValueError:
            raise CampaignError(
                f"“{self.path / SETTINGS}”里的“period”缺少或填得不对。请写统计期，"
                '如 "2025"、"2026Q1"、"2026-03"。',
                f'{self.path / SETTINGS}: write the period, such as "2025", "2026Q1" '
                'or "2026-03".',
            ) from None
        return period

    def mail(self) -> MailSettings:
        """How mail goes out and comes in; empty where nothing is set."""
        return self._settings().mail or MailSettings()

    def _settings(self) -> Settings:
        file = self.path / SETTINGS
        try:
            return msgspec.convert(
                tomllib.loads(file.read_text(encoding="utf-8-sig")), Settings
            )
        except UnicodeDecodeError as error:
            raise CampaignError(
                f"“{file}”不是 UTF-8 编码。请用记事本打开，另存时编码选 UTF-8。",
                f"{file}: {error}. Save it as UTF-8.",
            ) from None
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"at line (\d+)", str(error))
            raise CampaignError(
                f"“{file}”{f'第{line[1]}行' if line else ''}写法有误。"
                "每行应是“名称 = 值”，文字两边要有英文双引号，请改正。",
                f"{file}: {error}. Correct this line.",
            ) from None
        except msgspec.ValidationError as error:
            raise CampaignError(
                f"“{file}”里的“{_key(error)}”缺少、多余或填得不对，请改正这一项。",
                f"{file}: {error}. Correct this key.",
            ) from None

    @property
    def forms(self) -> Forms:
        """The campaign's own forms, then those that come with the program."""
        return forms_at(self.path)

    def form(self) -> Form:
        """The edition that the returns are judged by, said of the campaign's period."""
        campaign = self.campaign()
        form = self.forms.edition(campaign.form, campaign.edition)
        return worded(form, campaign.period)

    def roster(self) -> Roster:
        """The units, with what was agreed with them about their deadlines.

        Raises as :meth:`listed` does.
        """
        return with_agreements(self.listed(), decisions(self.history()))

    def listed(self) -> Roster:
        """The units as the file lists them.

        Raises RosterError with every problem, CampaignError if it is missing.
        """
        files = roster_files(self.path)
        if not files:
            raise CampaignError(
                f"“{self.path}”里没有单位名录（roster.xlsx 或 roster.csv）。"
                "请把名录放进来；重新运行 init 到一个新文件夹可以得到样例。",
                f"There is no roster.xlsx or roster.csv in {self.path}; put one there "
                "(“init” into another folder makes a sample).",
            )
        if len(files) > 1:
            names = "、".join(file.name for file in files)
            raise CampaignError(
                f"“{self.path}”里有几份单位名录（{names}），不知道以哪份为准。"
                "请只留一份，其余移到别处。",
                f"There are several rosters in {self.path} ({names}); keep only one.",
            )
        (file,) = files
        return read_roster(file, self.form())

    def last_period(self) -> Mapping[str, Mapping[str, Decimal]]:
        """Figures of the period before by unit code and cell id, as far as there are any."""
        return self.before().figures

    def before(self) -> KnownBefore:
        """Figures and fields of the period before, as far as there are any, by the units
        of today."""
        return self._before(self.roster())

    def _before(self, roster: Roster) -> KnownBefore:
        files = list(files_below(self.last))
        period = self.campaign().period.before
        codes = {
            *roster.by_code,
            *roster.successors,
            *(each.code for each in roster.gone),
        }
        found = read_last_period(files, period, self.form(), self.forms, codes)
        return found.reorganised(roster, former_codes(self._settings().reorganised))

    def expected(self) -> Expected:
        """What the campaign knows, to judge by."""
        roster = self.roster()
        before = self._before(roster)
        return Expected(
            self.campaign(),
            roster,
            self.form(),
            self.forms,
            before.figures,
            before.said,
            before.texts,
            tuple(before.files),
            tuple(before.unused),
        )


def _key(error: msgspec.ValidationError) -> str:
    """The key an error is about: “mail.port”."""
    *_, last = re.findall(r"`(?:\$\.?)?([\w.]*)`", str(error))
    missing = re.search(r"(?:required|unknown) field `(\w+)`", str(error))
    if missing and last != missing[1]:
        return f"{last}.{missing[1]}"
    return str(last)


def around(file: Path) -> Folder | None:
    """The campaign whose folder a file lies in, if it does."""
    found = campaign_around(file)
    return None if found is None else Folder(found)


def new_id(path: Path, period: Period) -> str:
    """What a new campaign is called: as its folder, which need not say the period."""
    name = path.resolve().name
    return name if str(period) in name else f"{period}-{name}"


def lay_out(path: Path, period: Period) -> None:
    """The folders of a new campaign. Raises CampaignError rather than touch an old one."""
    if (path / SETTINGS).exists():
        raise CampaignError(
            f"“{path}”里已经有填报任务，没有改动它。请换一个文件夹。",
            f"{path} already holds a campaign; choose another folder.",
        )
    try:
        for name in (OUTBOX, INBOX, RESULTS, period.frequency.folder):
            (path / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CampaignError(
            f"无法建立文件夹“{path}”（{reason(error)}）。请换一个位置。",
            f"Cannot make folders in {path}: {error.strerror}. Choose another place.",
        ) from None


def roster_files(path: Path) -> list[Path]:
    """The rosters in a folder; there should be one."""
    return [file for name in ROSTERS if (file := path / name).is_file()]


def create(path: Path, campaign: Campaign, roster: Roster) -> Folder:
    """A new campaign folder. Raises CampaignError rather than touch an old one."""
    form = forms_at(path).of(campaign.form, campaign.period, campaign.edition)
    lay_out(path, campaign.period)
    # A roster that is there already may be somebody's work.
    if not roster_files(path):
        write_atomically(path / ROSTERS[0], write(roster_book(roster, form)))
    settings = _TEMPLATE.format(
        id=quoted(campaign.id),
        form=quoted(form.id),
        edition=quoted(form.edition),
        period=quoted(str(campaign.period)),
        district=quoted(campaign.district),
        deadline=campaign.deadline or campaign.period.last_day + USUAL,
        contact=quoted(campaign.contact),
        phone=quoted(campaign.phone),
        email=quoted(campaign.email),
        unit_code=quoted(campaign.unit_code),
        key=quoted(campaign.key or secrets.token_hex(16)),
    )
    write_atomically(path / SETTINGS, settings.encode())
    return Folder(path)
