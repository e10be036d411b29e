"""The words of the messages: the office's own files, or the standard ones."""

from __future__ import annotations

from pathlib import Path

from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.mail.texts import STANDARD, Occasion, Template, parse
from workbook_builder.model.errors import MailError, reason

#: The folder of drafts and templates in that of the campaign, and that of templates in it.
MAIL, TEMPLATES = "mail", "模板"


def template(folder: Folder, occasion: Occasion) -> Template:
    """The office's own words, or the standard ones. Raises MailError."""
    file = _template_file(folder, occasion)
    try:
        if not file.exists():
            return parse(STANDARD[occasion], str(file))
        return parse(file.read_text(encoding="utf-8-sig"), str(file))
    except UnicodeDecodeError:
        raise MailError(
            f"邮件模板“{file}”不是 UTF-8 编码。请用记事本打开，另存时编码选 UTF-8。",
            f"{file} is not UTF-8. Save it as UTF-8.",
        ) from None
    except OSError as error:
        raise MailError(
            f"邮件模板“{file}”无法读取（{reason(error)}）。请检查文件，或删掉它重新生成。",
            f"{file} cannot be read: {error.strerror}. Mend it, or delete it to have "
            "it written anew.",
        ) from None


def write_templates(folder: Folder) -> None:
    """The standard words where the office has none, for it to edit."""
    for occasion in Occasion:
        file = _template_file(folder, occasion)
        if not file.exists():
            # With a mark, so that an old 记事本 reads and keeps it as UTF-8.
            write_atomically(file, STANDARD[occasion].encode("utf-8-sig"))


def _template_file(folder: Folder, occasion: Occasion) -> Path:
    return folder.path / MAIL / TEMPLATES / f"{occasion.chinese}.txt"
