"""云附件: files that a mail does not hold but links to, on whose disk and for how long.

No link is followed. Another provider is one more line of :data:`DISKS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from workbook_builder.intake.names import one_line
from workbook_builder.intake.pages import Run
from workbook_builder.model.letter import CloudFile

#: Name of the disk → host of its links, and how their path and query begin.
DISKS = {
    "QQ邮箱超大附件": (r"(.+\.)?(ex)?mail\.(qq|foxmail)\.com", "/(cgi-bin/ftn|ftn/)"),
    "网易云附件": (
        r"(.+\.)?(163|126|yeah)\.(com|net)",
        "/(html/cloud-attachment-download|large-attachment-download|fs/display"
        "|.*/attachment/down)",
    ),
    "QQ闪传": (r"qfile\.qq\.com", "/q/"),
    "139邮箱超大附件": (r"(.+\.)?mail\.10086\.cn", ""),
    "邮箱文件中转站": (".+", "/coremail/.*share_link="),
    "百度网盘": (r"(pan|yun)\.baidu\.com", "/(s|share)/"),
    "腾讯微云": (r"share\.weiyun\.com", ""),
    "企业微信微盘": (r"(drive|doc)\.weixin\.qq\.com", ""),
    "腾讯文档": (r"docs\.qq\.com", "/(sheet|doc|file|pdf|smartsheet)"),
    "金山文档": (r"(.+\.)?(kdocs|wps)\.cn", "/(l|p|view|w|f)/"),
    "阿里云盘": (r"(www\.)?(alipan|aliyundrive)\.com", "/(s|t)/"),
    "夸克网盘": (r"pan\.quark\.cn", "/s/"),
    "天翼云盘": (r"(.+\.)?cloud\.189\.cn", ""),
    "中国移动云盘": (r"(caiyun|yun)\.139\.com", ""),
    "迅雷云盘": (r"pan\.xunlei\.com", "/s/"),
    "123云盘": (r"(www\.)?123(pan|684|865|912|592)\.(com|cn)", "/s/"),
    "新浪邮箱文件中转站": (r"(.+\.)?mail\.sina\.com(\.cn)?", "/filecenter/"),
    "亿方云": (r"(.+\.)?fangcloud\.com", "/(share|sharing|s)/"),
    "城通网盘": (r"(.+\.)?ct(file|fs|54)\.com", "/(f|file|d|dir)/"),
    "115网盘": (r"(.+\.)?(115|115cdn|anxia)\.com", "/s/"),
    "蓝奏云": (r"(.+\.)?lanzou?[a-z]?\.com", ""),
    "坚果云": (r"(.+\.)?jianguoyun\.com", "/p/"),
    "钉盘": (r"(alidocs|space|qr)\.dingtalk\.com", ""),
    "飞书": (
        r"(.+\.)?(feishu|larksuite)\.(cn|com)",
        "/(file|drive|sheets|docx|wiki|base)/",
    ),
    "石墨文档": (r"(.+\.)?shimo\.im", "/(sheets|docs|file)/"),
    "奶牛快传": (r"(.+\.)?cowtransfer\.com", "/s/"),
    "文叔叔": (r"(.+\.)?(wenshushu\.cn|wss1?\.(cn|net))", "/(f|k|box)/"),
    "OneDrive": (r"1drv\.ms|onedrive\.live\.com|.+-my\.sharepoint\.(com|cn)", ""),
    "SharePoint": (r".+\.sharepoint\.(com|cn)", "/:"),
    "Google 云端硬盘": (r"(drive|docs)\.google\.com", ""),
    "Dropbox": (r"(www\.)?dropbox\.com", "/(s|scl|t)/"),
    "iCloud": (r"(www\.)?icloud\.com", "/(attachment|iclouddrive)"),
    "WeTransfer": (r"we\.tl|(.+\.)?wetransfer\.com", ""),
}
_DISKS = {
    name: (re.compile(host), re.compile(path)) for name, (host, path) in DISKS.items()
}

_KINDS = (
    r"\.(?:xlsx?|xlsm|xlsb|ett?|ods|csv|zip|rar|7z|docx?|wps|pdf|ofd|jpe?g|png|eml|msg)"
)
_FILE = re.compile(
    rf"[^\s/\\:：,，；;<>|*?\"“”《》「」]{{1,120}}{_KINDS}(?![A-Za-z0-9])", re.I
)
_IS_FILE = re.compile(rf".{{1,200}}{_KINDS}", re.I)
#: What only leads to where a named file lies as well.
_GENERAL = re.compile(
    r"进入下载页面|.{0,6}下载.{0,6}|转存|收藏|查看.{0,4}|打开|预览|\s*", re.S
)
_DAY = (
    r"(20\d\d)\s?[年/.-]\s?(\d{1,2})\s?[月/.-]\s?(\d{1,2})日?"
    r"(?:\s{0,3}(\d{1,2})[:：](\d\d))?"
)
_EXPIRES = re.compile(
    rf"{_DAY}[^\S\n]{{0,3}}(?:到期|过期|失效|前有效|前下载)"
    rf"|(?:有效期?|(?:到期|过期|失效)(?:时间|日期))[至到]?[:：]?\s{{0,3}}{_DAY}"
)
_FOR_EVER = re.compile(r"无限期|永久|长期有效")
_DAYS = re.compile(
    r"有效期?[:：]?\s{0,3}(\d{1,3})\s?天|(\d{1,3})\s?天[后内]?(?:到期|过期|失效|有效)"
)
_KEY = re.compile(
    r"(?:提取码|提取密码|访问码|访问密码|密码|口令)\s{0,3}[:：=为]?\s{0,3}([A-Za-z0-9]{4,8})"
)
_PWD = re.compile(r"[?&]pwd=([A-Za-z0-9]{4,8})")
_OLDER_MAIL = re.compile(
    r"(?<!-)-{3,}+\s?(?:原始邮件|回复的原邮件|转发的原邮件|转发邮件信息|Original Message"
    r"|Forwarded message)",
    re.I,
)
#: How far around a link its name and its last day are looked for.
_NEAR, _RUNS = 160, 40
_LONGEST_HOST = 253


def disk_of(link: str) -> str:
    """The network disk that a link leads to; empty for all other places."""
    host, at = _where(link)
    for name, (on, below) in _DISKS.items():
        if on.fullmatch(host) and below.match(at):
            return name
    return ""


def file_at(name: str, link: str) -> CloudFile | None:
    """An attachment that only says where it is; None where that is no address of the
    web."""
    disk = disk_of(link) or _where(link)[0]
    is_page = link.lower().startswith(("http://", "https://"))
    return CloudFile(name, one_line(link), disk) if disk and is_page else None


def _where(link: str) -> tuple[str, str]:
    """Host, and what follows it."""
    try:
        parts = urlsplit(link)
        return (parts.hostname or "")[:_LONGEST_HOST], f"{parts.path}?{parts.query}"
    except ValueError:
        return "", ""


def cloud_files(runs: Iterable[Run], alone: bool) -> tuple[CloudFile, ...]:
    """The files that a text links to, each once. Links that stand in the mail that is
    answered count only where there is nothing else (``alone``): a colleague's mail
    that was passed on."""
    read = _with_older_mail(runs)
    found: dict[str, CloudFile] = {}
    older: dict[str, CloudFile] = {}
    for at, run in enumerate(read):
        file = _file(read, at)
        if file is not None:
            _keep(older if run.quoted else found, file)
    chosen = found or (older if alone else {})
    named = {file.disk for file in chosen.values() if _IS_FILE.fullmatch(file.name)}
    return tuple(
        replace(file, name=one_line(file.name or f"{file.disk}的文件"))
        for file in chosen.values()
        if not (file.disk in named and _GENERAL.fullmatch(file.name))
    )


def _keep(found: dict[str, CloudFile], file: CloudFile) -> None:
    """Of several links to one place, what any of them says."""
    known = found.get(file.link, file)
    found[file.link] = replace(
        known,
        name=next(
            (each.name for each in (known, file) if _IS_FILE.fullmatch(each.name)),
            known.name or file.name,
        ),
        expires=known.expires or file.expires,
        key=known.key or file.key,
    )


def _with_older_mail(runs: Iterable[Run]) -> list[Run]:
    """What follows the line that begins the mail that is answered is quoted, too."""
    read, older = list[Run](), False
    for run in runs:
        older = older or bool(_OLDER_MAIL.search(run.words))
        read.append(replace(run, quoted=True) if older else run)
    return read


def _file(runs: Sequence[Run], at: int) -> CloudFile | None:
    run = runs[at]
    if not run.link:
        return None
    label = " ".join(run.words.split())
    named = _IS_FILE.fullmatch(label)
    disk = disk_of(run.link) or (_where(run.link)[0] if named else "")
    if not disk:
        return None
    before, after = _before(runs, at), _after(runs, at)
    says_what = label and not _GENERAL.fullmatch(label)
    near = (
        None if says_what else [*_FILE.findall(before)][-1:] or _FILE.findall(after)[:1]
    )
    pwd = _PWD.search(run.link)
    key = _KEY.search(after) or _KEY.search(before)
    return CloudFile(
        near[0] if near else label,
        run.link,
        disk,
        _expiry(after) or _expiry(before),
        pwd[1] if pwd else key[1] if key else "",
    )


def _before(runs: Sequence[Run], at: int) -> str:
    """The words before a link, as far as they are about it: up to the link before."""
    said = ""
    for run in reversed(runs[max(0, at - _RUNS) : at]):
        if run.link or len(said) > _NEAR:
            break
        said = run.words + said
    return said[-_NEAR:]


def _after(runs: Sequence[Run], at: int) -> str:
    """The words behind a link, those of further links to the same place left out."""
    said = ""
    for run in runs[at + 1 : at + _RUNS]:
        if (run.link and run.link != runs[at].link) or len(said) > _NEAR:
            break
        said += "" if run.link else run.words[: _NEAR + 1]
    return said[:_NEAR]


def _expiry(text: str) -> str:
    """``2026-02-13 09:00``, ``永久``, ``7天``; empty where nothing is said."""
    said = _EXPIRES.search(text)
    if said is not None:
        year, month, day, hour, minute = (
            said.groups()[:5] if said[1] else said.groups()[5:]
        )
        date = f"{year}-{int(month):02}-{int(day):02}"
        return f"{date} {int(hour):02}:{minute}" if hour else date
    if _FOR_EVER.search(text):
        return "永久"
    days = _DAYS.search(text)
    return f"{days[1] or days[2]}天" if days else ""
