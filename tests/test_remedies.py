"""Each finding tells the unit what the unit does and the desk what the desk does."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests import support
from workbook_builder.model.catalogue import CATALOGUE
from workbook_builder.model.severity import Severity

#: Words that only make sense to the collecting office, and to a unit.
OF_THE_DESK = re.compile(
    r"该单位|通知单位|请单位|退回单位|向单位|名录|收件文件夹|重新汇总|同意计入|核对发件人"
)
OF_THE_UNIT = re.compile(r"您|主管部门|在“?说明”?栏|请重新报送|请直接报送")
#: Words that were given up, one term for each concept (wording of the trade).
GIVEN_UP = re.compile(
    r"收表单位|原表|发回|发来|怎么办|读不了|打不开|不认识|不用处理|看一眼|看一看|问一问|"
    r"没有跟过去|标识|签名|密钥|合计格|填报格|一格|空格|豁免|采纳|零申报"
)


def for_the_unit() -> Iterator[tuple[str, str]]:
    yield from ((code, entry.remedy.zh) for code, entry in CATALOGUE.items())
    for name in support.FORMS.names():
        for edition in support.FORMS.editions(name):
            form = support.FORMS.edition(name, edition.id)
            yield from ((f"{name} {check.code}", check.remedy) for check in form.checks)


def for_the_desk() -> Iterator[tuple[str, str]]:
    yield from ((code, entry.desk.zh) for code, entry in CATALOGUE.items())
    yield from ((severity.value, severity.desk.zh) for severity in Severity)


@pytest.mark.parametrize(("code", "said"), [*for_the_unit(), *for_the_desk()])
def test_a_remedy_is_a_sentence(code: str, said: str) -> None:
    assert said.endswith("。"), code
    assert not re.search(r"[;!?]|  ", said), code


@pytest.mark.parametrize(("code", "said"), [*for_the_unit()])
def test_a_unit_is_not_told_what_the_desk_does(code: str, said: str) -> None:
    assert not OF_THE_DESK.search(said), f"{code}: {said}"


@pytest.mark.parametrize(("code", "said"), [*for_the_desk()])
def test_the_desk_is_not_told_what_a_unit_does(code: str, said: str) -> None:
    assert not OF_THE_UNIT.search(said), f"{code}: {said}"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        *for_the_unit(),
        *for_the_desk(),
        *((code, entry.message.zh) for code, entry in CATALOGUE.items()),
    ],
)
def test_words_that_were_given_up_do_not_come_back(code: str, said: str) -> None:
    assert not GIVEN_UP.search(said), f"{code}: {said}"
