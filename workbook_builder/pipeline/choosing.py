"""``use``: which file of a unit is its return, where the clerk has to say."""

from __future__ import annotations

from collections.abc import Iterable
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

#: Files that a sentence names.
NAMED = 5
#: Why, where the clerk gives no other reason.
WHY = "主管部门核对后指定"


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
    speaks against it; ``file`` is its place in the inbox, or the end of it if that is
    enough.

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
    why = " ".join(why.split()) or WHY
    decision = Decision(
        found.code, Ruling.USE, why, now(), basis(grounds), grounds=grounds
    )
    with folder.record() as record:
        record.append(decided(decision))
    others = sum(each.sha256 != chosen.sha256 for each in own)
    return Used(found, chosen, others)


def named_file(paths: Iterable[str], file: str, among: Text) -> str:
    """The one path that is called so, or ends so. Raises CampaignError otherwise;
    ``among`` are the files that are meant."""
    known = list(dict.fromkeys(paths))
    wanted = file.strip().replace("\\", "/")
    found = [path for path in known if path == wanted]
    found = found or [path for path in known if path.endswith(f"/{wanted}")]
    if len(found) == 1:
        return found[0]
    listed = "、".join((found or known)[:NAMED])
    raise CampaignError(
        f"{among.zh}里{'不止一份' if found else '没有'}“{file}”。"
        + (f"现有：{listed}。" if listed else f"现在没有{among.zh}。"),
        f"Among the {among.en} {'several are' if found else 'none is'} called {file}; "
        + (f"there are: {listed}." if listed else "there are none."),
    )
