"""A web page where a unit has its workbook judged before it sends it in.

    python examples/judge_uploads.py 8000

Only the standard library serves it. It keeps nothing of what is uploaded, and listens
to this machine alone: put it behind a server of yours that knows who may use it.
"""

from __future__ import annotations

import json
import sys
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from workbook_builder import Submission, receive, to_json

LARGEST = 20 * 1024 * 1024
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>审核报送表</title>
<form method="post" enctype="multipart/form-data">
<label>报送表（也可以是压缩包）：<input type="file" name="file" required></label>
<button>审核</button></form>
{results}</html>"""


class Judge(BaseHTTPRequestHandler):
    """GET shows the page; POST judges a file and answers in HTML, or JSON if asked."""

    def do_GET(self) -> None:
        self._answer(HTTPStatus.OK, PAGE.format(results=""))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= LARGEST:
            self._answer(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "文件太大，或者没有文件。"
            )
            return
        file = _uploaded(self.headers, self.rfile.read(length))
        if file is None:
            self._answer(HTTPStatus.BAD_REQUEST, "没有收到文件。")
            return
        name, data = file
        found = receive(data, name)
        if "application/json" in self.headers.get("Accept", ""):
            said = json.dumps([to_json(each) for each in found], ensure_ascii=False)
            self._answer(HTTPStatus.OK, said, "application/json")
        else:
            results = "".join(map(_shown, found))
            self._answer(HTTPStatus.OK, PAGE.format(results=results))

    def _answer(self, status: HTTPStatus, text: str, kind: str = "text/html") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _uploaded(headers: Message, body: bytes) -> tuple[str, bytes] | None:
    """The name and the bytes of the first file in a form; a form is built like a mail."""
    kind = headers.get("Content-Type", "").encode("latin-1", "replace")
    whole = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: %s\r\n\r\n%s" % (kind, body)
    )
    for part in whole.iter_parts():
        name, data = part.get_filename(), part.get_payload(decode=True)
        if name and isinstance(data, bytes):
            return name, data
    return None


def _shown(submission: Submission) -> str:
    findings = "".join(
        f"<li>{escape(f'{each.code} {each.message.zh}{each.remedy.zh}')}</li>"
        for each in submission.findings
    )
    return (
        f"<h2>{escape(submission.path)}：{submission.verdict.text.zh}</h2>"
        f"<ol>{findings}</ol>"
    )


def main(port: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", int(port)), Judge) as server:
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
