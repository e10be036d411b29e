"""任务: all campaigns, a new one, the next year's; and the settings of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.renewal import Setting
from workbook_builder.definition.registry import Forms
from workbook_builder.desk.asked import STEPS, Answer, Asked, redirect
from workbook_builder.desk.jobs import ErrandState, Notice
from workbook_builder.model.errors import CampaignError, WorkbookBuilderError
from workbook_builder.model.naming import safe_name
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text, Tone
from workbook_builder.pipeline import Progress

#: Settings that are changed on the page, in its order; all others in the file.
ASKED = ("district", "deadline", "contact", "phone", "email", "unit_code")


@dataclass(frozen=True, slots=True)
class CampaignEntry:
    """A campaign in the list; ``trouble`` is why it cannot be opened."""

    name: str
    period: str = ""
    form: str = ""
    deadline: str = ""
    trouble: str = ""


def show(asked: Asked) -> Answer:
    """All campaigns of the folder, the newest period first."""
    found = [_entry(asked, name) for name in asked.home.campaigns()]
    found.sort(key=lambda each: each.period, reverse=True)
    forms = Forms.shipped()
    titles = {name: forms.editions(name)[0].title for name in forms.names()}
    return asked.page(
        "campaigns.html",
        campaigns=found,
        forms=titles,
        usual=forms.default(),
        year=_next_year(found),
    )


def _next_year(known: Sequence[CampaignEntry]) -> int:
    """The year to offer: the last that is over, or the next that none is named after."""
    years = count(pipeline.today().year - 1)
    return next(y for y in years if not any(str(y) in each.name for each in known))


def _entry(asked: Asked, name: str) -> CampaignEntry:
    try:
        folder = asked.home.folder(name)
        campaign = folder.campaign()
        return CampaignEntry(
            name,
            campaign.period.words,
            folder.form().title,
            campaign.deadline.isoformat() if campaign.deadline else "",
        )
    except WorkbookBuilderError as error:
        return CampaignEntry(name, trouble=asked.of(error.text))


def make(asked: Asked) -> Answer:
    """A new campaign, with what an old one leaves it if one is named."""
    name, old = asked.said("name"), asked.said("from")
    if not name or name != safe_name(name) or name.startswith("."):
        raise CampaignError(
            f"“{name}”不能作任务的名字。请写“2025年报”这样的名字，不要有 / : * ? 这类符号。",
            f"“{name}” cannot be the name of a campaign; use letters and digits.",
        )
    path = asked.home.path / name
    if path.exists():
        raise CampaignError(
            f"已经有“{name}”，没有改动它。请换一个名字。",
            f"There is a “{name}” already; choose another name.",
        )
    if old:
        return _renew(asked, old, name)
    made = pipeline.begin(
        path, _period(asked.said("period")), asked.said("form"), asked.said("district")
    )
    return redirect(Asked(asked.home, asked.language, made.path.name).url("settings"))


def _period(said: str) -> Period:
    try:
        return Period.parse(said)
    except ValueError:
        raise CampaignError(
            f"“{said}”不是统计期。请写年、季度或月，如 2025、2026Q1、2026-03。",
            f"“{said}” is no period; say 2025, 2026Q1 or 2026-03.",
        ) from None


def _renew(asked: Asked, old: str, name: str) -> Answer:
    before = asked.home.folder(old)
    said = asked.said("period")
    period = _period(said) if said else None

    def work(progress: Progress) -> Sequence[Notice]:
        made = pipeline.renew(asked.home.path / name, before, period, progress)
        return [
            Notice(
                Text(f"已建好“{name}”，从“{old}”带来：", f"Made {name} from {old}:")
            ),
            *map(Notice, made.taken),
            *(
                Notice(Text(f"缺：{m.zh}", f"Missing: {m.en}"), Tone.OPEN)
                for m in made.missing
            ),
        ]

    title = Text("新建下一期任务", "Making the next campaign")
    job = asked.home.start(old, title, work)
    # Until the new one is there, the old one shows how far it is.
    there = job.state is ErrandState.DONE
    if there:
        asked.home.show_at(name, job)
    place = Asked(asked.home, asked.language, name if there else old)
    return redirect(place.url("settings"))


def settings(asked: Asked) -> Answer:
    """What the campaign is about, and what may be changed of it."""
    folder = asked.folder
    campaign = folder.campaign()
    return asked.page(
        "settings.html",
        "settings",
        about=campaign,
        form=folder.form(),
        path=str(folder.path),
        seen=pipeline.settings_seen(folder),
        next=str(campaign.period.later(1)),
    )


def change(asked: Asked) -> Answer:
    """Other settings, as they were typed."""
    folder = asked.folder
    changes = dict(_changes(folder, {name: asked.said(name) for name in ASKED}))

    def work(progress: Progress) -> Sequence[Notice]:
        pipeline.change_settings(folder, changes, asked.said("seen"))
        return [
            Notice(
                Text(
                    "设置已保存。报送表已经生成过的，请在“发”页重新生成。",
                    "Saved. Build the workbooks anew if they were built before.",
                )
            )
        ]

    if not changes:
        return redirect(asked.url("settings"))
    return asked.do(Text("保存设置", "Saving"), work, asked.url("settings"))


def _changes(folder: Folder, said: Mapping[str, str]) -> Mapping[str, Setting]:
    """What differs from what is set, each of the type that it has there."""
    campaign = folder.campaign()
    changes: dict[str, Setting] = {
        name: text
        for name, text in said.items()
        if name != "deadline" and text != getattr(campaign, name)
    }
    day = said["deadline"]
    if day and day != str(campaign.deadline):
        try:
            changes["deadline"] = date.fromisoformat(day)
        except ValueError:
            raise CampaignError(
                f"“{day}”不是日期。截止日期请写成 2026-01-31 这样。",
                f"“{day}” is no date; write it as 2026-01-31.",
            ) from None
    return changes


def stop(asked: Asked) -> Answer:
    """Ends what goes on in the campaign, at the next place where it may end."""
    job = asked.home.job(asked.campaign)
    if job is not None and job.is_running:
        job.stop()
        job.wait(5)
    page = asked.said("page")
    known = {step.page for step in STEPS}
    return redirect(asked.url(page if page in known else "settings"))
