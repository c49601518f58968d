"""Browser of a drill: signs in at a running site through its forms, keeps its cookies, and sends what a page's form would."""

import http.client
import re
import secrets
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.editorial.admin.conftest import filled_in
from tests.sites import HOST

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MESSAGES = re.compile(
    r'<(?:li class="(?:error|warning|success|info)"|ul class="errorlist[^"]*"[^>]*><li)>(.*?)</li>', re.S
)
AGAIN = "/account/confirm/"  # asks for the password once more


@dataclass
class Page:
    status: int
    text: str
    location: str

    @property
    def said(self) -> str:
        """Messages and faults of the page."""
        return " ".join(unescape(re.sub(r"<[^>]+>", "", found)).strip() for found in MESSAGES.findall(self.text))


class Browser:
    """One person's browser, or with no name a reader's."""

    def __init__(self, port: int, name: str = "", password: str = "") -> None:
        self.port, self.name, self.password = port, name, password
        self.cookies: dict[str, str] = {}
        self.token = ""
        if name:
            self.sign_in()

    def sign_in(self) -> Page:
        self.token = TOKEN.search(self.get("/account/sign-in/").text)[1]  # type: ignore[index]
        page = self.send("POST", "/account/sign-in/", {"login": self.name, "password": self.password})
        found = TOKEN.search(self.get("/admin/").text)
        self.token = found[1] if found else ""
        return page

    def get(self, path: str, **headers: str) -> Page:
        page = self.send("GET", path, **headers)
        for _ in range(3):
            if page.status not in (301, 302) or not page.location:
                return page
            page = self.send("GET", page.location)
        return page

    def post(self, path: str, form: dict[str, Any] | None = None, *, files: dict[str, bytes] | None = None, **fields: Any) -> Page:  # fmt: skip
        """Send a form; after a redirect the text is that of the page it leads to."""
        given = {**(form or {}), **fields}
        page = self.send("POST", path, given, files=files)
        if AGAIN in page.location:
            self.send("POST", page.location, {"password": self.password})
            self.sign_in()
            page = self.send("POST", path, given, files=files)
        if page.status == 302 and page.location:
            page = Page(302, self.get(page.location).text, page.location)
        return page

    def form(self, path: str, **changes: Any) -> dict[str, Any]:
        """What the browser would send of the form on a page, with these fields changed."""
        return filled_in(self.get(path).text, **changes)

    def send(self, method: str, path: str, form: Any = None, *, files: dict[str, bytes] | None = None, **headers: str) -> Page:  # fmt: skip
        sent = {
            "Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}{path}", "Accept": "text/html,*/*",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }  # fmt: skip
        body: bytes | str | None = form.encode() if isinstance(form, str) else None
        if isinstance(form, dict):
            form = {**form, "csrfmiddlewaretoken": self.token}
            body = urlencode(form, doseq=True)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            if files:
                body, sent["Content-Type"] = _multipart(form, files)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path.removeprefix(f"https://{HOST}"), body, sent)
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value
        where = urlsplit(answer.headers.get("Location", ""))
        return Page(answer.status, text, where.path + (f"?{where.query}" if where.query else ""))


def _multipart(form: dict[str, Any], files: dict[str, bytes]) -> tuple[bytes, str]:
    line = secrets.token_hex(8)
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, values in form.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    for name, content in files.items():
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.csv"\r\n'
        parts.append(f"{head}Content-Type: text/csv\r\n\r\n".encode() + content + b"\r\n")
    return b"".join([*parts, f"--{line}--\r\n".encode()]), f"multipart/form-data; boundary={line}"
