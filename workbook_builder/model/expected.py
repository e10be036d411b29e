"""What a campaign knows that a file alone does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form, Library
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster


@dataclass(frozen=True)
class Expected:
    """What a campaign knows that a file alone does not.

    ``form`` is the edition that its returns are judged by, ``forms`` tell what any other
    file is of. ``last_period`` is by unit code, then cell id; ``said_last_period`` by
    unit code, then field id, ``texts_last_period`` by unit code, then text id; ``past``
    says of the files they came from which were used, ``unused`` which were not.
    """

    campaign: Campaign
    roster: Roster
    form: Form
    forms: Library
    last_period: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    said_last_period: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts_last_period: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    past: tuple[Text, ...] = ()
    unused: tuple[Text, ...] = ()
