"""The registry of forms: which edition serves which period, and where it is defined.

A root is a folder ``<form>/<edition>/form.toml``. The shipped one is ``templates/``; a
campaign may bring another, which comes first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

from workbook_builder.definition.entry import read_entry
from workbook_builder.definition.load import proved, read_folder, templates_root
from workbook_builder.definition.schema import FormFile
from workbook_builder.model.errors import DefinitionError, NoSuchForm
from workbook_builder.model.form import Form
from workbook_builder.model.period import Frequency, Period
from workbook_builder.model.text import Text


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a form: what its definition says before its tables.

    Without ``last_year`` it serves until the next edition's ``first_year``.
    """

    form: str
    id: str
    title: str
    authority: str
    frequency: Frequency
    first_year: int
    last_year: int | None
    default: bool
    folder: Path

    def may_serve(self, period: Period) -> bool:
        """Whether it had begun and not ended by then."""
        return (
            self.frequency is period.frequency
            and self.first_year <= period.year
            and (self.last_year is None or period.year <= self.last_year)
        )

    @property
    def serves(self) -> Text:
        """2021–2026, or from 2021 on."""
        if self.last_year is None:
            return Text(f"{self.first_year} 年起", f"{self.first_year} on")
        years = f"{self.first_year}–{self.last_year}"
        return Text(f"{years} 年", years)


@dataclass(frozen=True, slots=True)
class Forms:
    """Every form that is defined below some roots.

    An edition of an earlier root takes the place of the one of the same name further
    on. Definitions are read anew where their files have changed. Whoever names the one
    to work with (``of``, ``edition``) learns what is wrong with any part of it.
    """

    roots: tuple[Path, ...]

    @classmethod
    def shipped(cls) -> Forms:
        """The forms that come with the program."""
        return cls((templates_root(),))

    def below(self, root: Path) -> Forms:
        """These forms, and before them those of another root."""
        return Forms((root, *self.roots))

    def of(self, form: str, period: Period, edition: str = "") -> Form:
        """The edition that serves the period: the latest that had begun by then.

        A campaign names its ``edition``: it stays with that one when a later one is
        added. Raises NoSuchForm where none serves the period, DefinitionError where
        two say they do.
        """
        editions = self.editions(form) if not edition else ()
        for each in editions or (_head(self._folder_of(form, edition)),):
            if each.may_serve(period):
                return proved(_loaded(each.folder))
        raise _not_served(period, edition, self.editions(form))

    def edition(self, form: str, edition: str) -> Form:
        """That edition and no other. Raises NoSuchForm where there is none."""
        return proved(_loaded(self._folder_of(form, edition)))

    def get(self, form: str, edition: str) -> Form | None:
        """That edition, or None where there is none."""
        folder = self.folder(form, edition)
        return _loaded(folder) if folder is not None else None

    def all_of(self, form: str) -> tuple[Form, ...]:
        """Every edition of a form, the latest first."""
        return tuple(_loaded(each.folder) for each in self.editions(form))

    def folder(self, form: str, edition: str) -> Path | None:
        """Where an edition is defined; None where it is not."""
        for root in self.roots:
            # What a file says of itself may be anything: it is a name, never a way.
            if (form, edition) in _names(root):
                return root / form / edition
        return None

    def digest(self, form: str, edition: str) -> str:
        """What tells a definition from any other, also of the same name."""
        return _digest(self._folder_of(form, edition))

    def editions(self, form: str) -> tuple[Edition, ...]:
        """Those of one form, the latest first, each with the last year it serves.

        Raises NoSuchForm where there are none, DefinitionError where two say that they
        serve the same period.
        """
        found = {
            edition: _head(root / name / edition)
            for root in reversed(self.roots)
            for name, edition in _names(root)
            if name == form
        }
        if not found:
            raise self._unknown(form)
        kinds = dict.fromkeys(each.frequency for each in found.values())
        return tuple(
            edition
            for kind in kinds
            for edition in _in_turn(e for e in found.values() if e.frequency is kind)
        )

    def names(self) -> tuple[str, ...]:
        """The names of all forms."""
        return tuple(sorted({form for root in self.roots for form, _ in _names(root)}))

    def default(self) -> str:
        """The form to take where none is named: of the first root that has any, the
        only one, or the one that is marked ``default``. Raises NoSuchForm for none."""
        root = next((root for root in self.roots if _names(root)), None)
        names = _names(root) if root else ()
        forms = {form for form, _ in names}
        if root is not None and len(forms) > 1:
            forms = {
                form for form, edition in names if _head(root / form / edition).default
            }
        if len(forms) == 1:
            return forms.pop()
        defined = self.names()
        raise NoSuchForm(
            f"请用 --form 写明哪种报表：{'、'.join(defined)}。",
            f"Say which form with --form: {', '.join(defined)}.",
        )

    def _folder_of(self, form: str, edition: str) -> Path:
        folder = self.folder(form, edition)
        if folder is None:
            raise self._unknown(f"{form} {edition}")
        return folder

    def _unknown(self, wanted: str) -> NoSuchForm:
        names = dict.fromkeys(
            " ".join(each) for root in self.roots for each in _names(root)
        )
        return NoSuchForm(
            f"没有“{wanted}”这个报表。可用的报表和版本：{'、'.join(names)}。",
            f"There is no form “{wanted}”. Defined are: {', '.join(names)}.",
        )


def _not_served(
    period: Period, edition: str, editions: Sequence[Edition]
) -> NoSuchForm:
    """With the periods that are served."""
    whose, form = editions[0].title, editions[0].form
    zh = "、".join(f"{each.id} 版 {each.serves.zh}" for each in editions)
    en = ", ".join(f"{each.id} ({each.serves.en})" for each in editions)
    kinds = tuple(dict.fromkeys(each.frequency for each in editions))
    which = Text(
        f"{edition} 版不适用于{period.words}"
        if edition
        else f"没有适用于{period.words}的版本",
        f"edition {edition} does not serve" if edition else "no edition serves",
    )
    return NoSuchForm(
        f"“{whose}”{which.zh}。按{'、'.join(each.chinese for each in kinds)}填报，适用：{zh}。",
        f"Of the form {form}, {which.en} {period}. It is filled in by the "
        f"{', '.join(kinds)}; its editions serve {en}.",
    )


def _names(root: Path) -> tuple[tuple[str, str], ...]:
    """Every (form, edition) of a root, in order."""
    files = sorted(root.glob("*/*/form.toml"))
    return tuple((file.parent.parent.name, file.parent.name) for file in files)


def _head(folder: Path) -> Edition:
    return _read_head(folder, _digest(folder))


def _loaded(folder: Path) -> Form:
    return _read_whole(folder, _digest(folder))


def _digest(folder: Path) -> str:
    """Of what is written there now; definitions are small and rarely change."""
    total = hashlib.sha256()
    for file in sorted(folder.glob("*.toml")):
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


@lru_cache(maxsize=64)
def _read_whole(folder: Path, digest: str) -> Form:
    return read_folder(folder)


@lru_cache(maxsize=64)
def _read_head(folder: Path, digest: str) -> Edition:
    entry = read_entry(folder / "form.toml", FormFile)
    return Edition(
        folder.parent.name,
        folder.name,
        entry.title,
        entry.authority,
        entry.period,
        entry.first_year,
        entry.last_year,
        entry.default,
        folder,
    )


def _in_turn(editions: Iterable[Edition]) -> Iterator[Edition]:
    """The latest first, each but that one ending where the next begins."""
    ordered = sorted(editions, key=attrgetter("first_year"), reverse=True)
    yield ordered[0]
    for later, edition in pairwise(ordered):
        if later.first_year <= (edition.last_year or edition.first_year):
            raise DefinitionError(
                f"{edition.form}/{edition.id}/form.toml",
                "first_year, last_year",
                f"serves {later.first_year}, as edition {later.id} does",
                "Let one of them begin or end in another year, or give an edition of "
                "your own the name of the one whose place it takes",
            )
        yield replace(edition, last_year=edition.last_year or later.first_year - 1)
