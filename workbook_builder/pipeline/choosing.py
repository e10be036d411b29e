"""``use`` and ``trust``: which file of a unit is its return, where the clerk has to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbook_builder.campaign.decisions import decided
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.record import now
from workbook_builder.campaign.roster import find_unit
from workbook_builder.model.decision import Decision, Ruling
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline.inbox import take_in
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.rules.choose import grounds_of_choice, is_of
from workbook_builder.rules.grounds import basis
from workbook_builder.rules.seal import fingerprint

#: Files that a sentence names.
NAMED = 5
#: Why, where the clerk gives no other reason.
WHY = "主管部门已核对"


@dataclass(frozen=True, slots=True)
class Used:
    """The file that was chosen, and how many it was chosen among."""

    unit: Unit
    submission: Submission
    others: int


def use(
    folder: Folder, unit: str, file: str, why: str = "", progress: Progress = silent
) -> Used:
    """Records that this file is the return of the unit (a code or a name), whatever
    speaks against it; ``file`` is its place in the inbox, or its own name or that
    of the mail or archive it came in, where only one can be meant.

    Raises CampaignError where there is no such unit or file, or where the file is the
    workbook of another unit: figures are never given to a unit they were not asked of.
    """
    expected = folder.expected()
    found = find_unit(expected.roster, unit)
    submissions = take_in(folder, expected, folder.history(), progress)
    own = [each for each in submissions if is_of(found.code, each)]
    among = Text(f"{found.name}的报送表", f"returns of {found.name}")
    path = named_file([each.path for each in own], file, among)
    chosen = next(each for each in own if each.path == path)
    grounds = grounds_of_choice(submissions, chosen)
    _record(folder, found, Ruling.USE, grounds, why)
    others = sum(each.sha256 != chosen.sha256 for each in own)
    return Used(found, chosen, others)


@dataclass(frozen=True, slots=True)
class Trusted:
    """The key that was agreed to, by its fingerprint."""

    unit: Unit
    seal: str


def trust(
    folder: Folder,
    unit: str,
    seal: str = "",
    why: str = "",
    progress: Progress = silent,
) -> Trusted:
    """Agrees to the key that seals the roll-ups of a unit (a code or a name): what it
    sealed, now and in the campaigns after, is that unit's. ``seal`` is the fingerprint
    as that unit tells it, needed where several keys sealed roll-ups of it.

    Raises CampaignError where no roll-up of it is sealed so, or several are.
    """
    expected = folder.expected()
    found = find_unit(expected.roster, unit)
    submissions = take_in(folder, expected, folder.history(), progress)
    sealed = {each.sealed_by: each for each in submissions if is_of(found.code, each)}
    known = {fingerprint(key): sealed[key] for key in sorted(sealed) if key}
    wanted = [name for name in known if not seal or name == seal.strip().casefold()]
    if len(wanted) != 1:
        raise CampaignError(*_which_seal(found, list(known), bool(wanted)))
    chosen = known[wanted[0]]
    grounds = {"key": chosen.sealed_by, "path": chosen.path}
    _record(folder, found, Ruling.TRUST, grounds, why)
    return Trusted(found, wanted[0])


def _which_seal(unit: Unit, seals: list[str], several: bool) -> Text:
    if not seals:
        return Text(
            f"收件箱里{unit.name}没有带防伪码的上报表。请该单位用本工具重新汇总后上报。",
            f"No roll-up of {unit.name} in the inbox is sealed.",
        )
    listed = "、".join(seals)
    if several:
        return Text(
            f"{unit.name}的上报表有几个不同的防伪码（{listed}）。请与该单位核对，"
            "把它的防伪码写在单位后面再运行。",
            f"Several keys sealed roll-ups of {unit.name} ({listed}); name its own.",
        )
    return Text(
        f"{unit.name}的上报表没有这个防伪码，现有：{listed}。请与该单位核对。",
        f"No roll-up of {unit.name} bears that seal; there are: {listed}.",
    )


def _record(
    folder: Folder, unit: Unit, ruling: Ruling, grounds: Mapping[str, str], why: str
) -> None:
    why = " ".join(why.split()) or WHY
    decision = Decision(unit.code, ruling, why, now(), basis(grounds), grounds=grounds)
    with folder.record() as record:
        record.append(decided(decision))


def named_file(paths: Iterable[str], file: str, among: Text) -> str:
    """The one path that is called so, ends so or lies in something that is called so.
    Raises CampaignError otherwise; ``among`` are the files that are meant."""
    known = list(dict.fromkeys(paths))
    wanted = file.strip().replace("\\", "/")
    found = [path for path in known if path == wanted]
    found = found or [path for path in known if f"/{wanted}/" in f"/{path}/"]
    if len(found) == 1:
        return found[0]
    listed = "、".join((found or known)[:NAMED])
    raise CampaignError(
        f"{among.zh}里{'不止一份' if found else '没有'}“{file}”。"
        + (f"现有：{listed}。" if listed else f"现在没有{among.zh}。"),
        f"Among the {among.en} {'several are' if found else 'none is'} called {file}; "
        + (f"there are: {listed}." if listed else "there are none."),
    )
