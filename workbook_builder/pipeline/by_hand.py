"""What a person changed in the results since they were written.

``collect`` makes them anew; what was changed is kept among the older versions, and 计入
of 汇总.xlsx becomes a decision that asks for its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from workbook_builder.campaign.decisions import decided, decisions, withdrawn
from workbook_builder.campaign.files import OLDER, kept_copy
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.generated import Generated
from workbook_builder.campaign.record import now
from workbook_builder.campaign.summary_file import summary_rows
from workbook_builder.model.decision import UNREASONED, Decided, Ruling
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.expected import Expected
from workbook_builder.model.naming import CODE_HEAD, COUNTED_HEAD
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline.deciding import Wish, ruled
from workbook_builder.pipeline.inbox import take_in
from workbook_builder.pipeline.recording import Events, last_of
from workbook_builder.rules.choose import Chosen, choose

_LOST = Text("新的一份里没有那些改动。", "The new one is without the changes.")


def keep_changes(folder: Folder, hints: Mapping[str, Text]) -> tuple[Text, ...]:
    """Copies what a person changed in the results, and says where it is now.

    ``hints`` say by folder, or by name, what to do with it.
    """
    said = []
    for name in Generated(folder.results, digests=folder.digests).changed_by_hand():
        kept = kept_copy(folder.results / name)
        parent = PurePosixPath(name).parent
        hint = hints.get(name) or hints.get(parent.as_posix(), Text("", ""))
        place = parent / OLDER / kept.name
        said.append(
            Text(
                f"“{name}”有人改过，改过的一份留在“{place}”；{hint.zh or _LOST.zh}",
                f"{name} was changed by hand; that version is kept as {place}. "
                f"{hint.en or _LOST.en}",
            )
        )
    return tuple(said)


def take_up(folder: Folder, expected: Expected, summary: str) -> tuple[Text, ...]:
    """Records what was decided by changing 计入 in the workbook of that name, and says
    what cannot be taken up, and why."""
    if (
        summary
        not in Generated(folder.results, digests=folder.digests).changed_by_hand()
    ):
        return ()
    events = folder.history()
    switches = list(_switched(folder, expected, summary, events))
    if not switches:
        return ()
    found = take_in(folder, expected, events)
    known = decisions(events)
    chosen = choose(expected.form, found, known)
    said: list[Text] = []
    new: list[Event] = []
    for each in switches:
        try:
            new += _decided(expected, chosen, known, each)
        except CampaignError as error:
            said.append(
                Text(
                    f"{each.unit.name}的“计入”在汇总.xlsx 里改成了 {int(each.on)}，"
                    f"没有沿用：{error.text.zh}",
                    f"计入 of {each.unit.name} was set to {int(each.on)} by hand, which "
                    f"was not taken up: {error.text.en}",
                )
            )
    with folder.record() as record:
        record.append(*new)
    return tuple(said)


@dataclass(frozen=True, slots=True)
class _Switch:
    """A unit's 计入 as somebody set it; ``sha256`` is of the file it was set for."""

    unit: Unit
    on: bool
    sha256: str


def _switched(
    folder: Folder, expected: Expected, summary: str, events: Events
) -> Iterator[_Switch]:
    """The units whose 计入 is not what the last ``collect`` wrote."""
    judged = last_of(Happening.JUDGED, events)
    found = summary_rows(folder.results / summary)
    for row in found.rows if found else ():
        code, said = row[CODE_HEAD], row[COUNTED_HEAD]
        written, unit = judged.get(code, {}), expected.roster.by_code.get(code)
        known = bool(written.get("counted"))
        told = "counted" in written or not written
        if unit is not None and told and said in ("0", "1") and (said == "1") != known:
            yield _Switch(unit, said == "1", written.get("sha256", ""))


def _decided(
    expected: Expected, chosen: Chosen, known: Sequence[Decided], switch: _Switch
) -> Iterator[Event]:
    """Nothing where it is decided already. Raises CampaignError."""
    unit, form = switch.unit, expected.form
    index = chosen.standing.get(unit.code)
    if index is not None and chosen.submissions[index].sha256 != switch.sha256:
        raise CampaignError(
            "改过以后，该单位又报了一份。还要这样的，请在新的汇总里再改一次。",
            "another file of the unit came since; set it again if you still want it.",
        )
    about = [e.decision for e in known if e.in_force and e.decision.unit == unit.code]
    rulings = {each.ruling for each in about}
    wanted = Ruling.ACCEPT if switch.on else Ruling.EXCLUDE
    if switch.on and Ruling.EXCLUDE in rulings:
        why = "在汇总.xlsx 里把“计入”改回 1"
        yield withdrawn(unit.code, Ruling.EXCLUDE.value, why, now())
    elif wanted not in rulings:
        made = ruled(form, chosen, unit, Wish(unit.code, wanted, UNREASONED))
        yield from map(decided, made.decisions)


def reasons_wanted(folder: Folder, known: Sequence[Decided]) -> tuple[Text, ...]:
    """A sentence for each decision in force of which nobody has said why."""
    return tuple(
        Text(
            f"决定“{each.decision.ruling.chinese}”（单位 {each.decision.unit}）还没有理由：它是在"
            f"汇总.xlsx 里改“计入”得来的。请补写理由：{_command(folder, each)} --why 理由；"
            "不要了的，把“计入”改回去，或者运行 "
            f"workbook-builder decide {folder.path} {each.decision.unit} withdraw。",
            f"The decision “{each.decision.ruling.value}” about {each.decision.unit} was "
            "made by changing 计入 in 汇总.xlsx and has no reason yet: "
            f"{_command(folder, each)} --why …, or withdraw it.",
        )
        for each in known
        if each.in_force and each.decision.lacks_reason
    )


def _command(folder: Folder, each: Decided) -> str:
    decision = each.decision
    return (
        f"workbook-builder decide {folder.path} {decision.unit} {decision.ruling.value}"
    )
