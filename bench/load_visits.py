"""A browser without a screen: cookies, pages with their forms, and what every answer took."""

from __future__ import annotations

import http.client
import re
import time
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from secrets import token_hex
from urllib.parse import urlencode, urljoin, urlsplit

TIMEOUT = 60


@dataclass(slots=True)
class Answer:
    """What became of one request."""

    kind: str
    path: str
    began: float
    ended: float
    status: int = 0
    """0 when no answer came, or not all of it."""
    retry_after: str = ""
    trouble: str = ""

    @property
    def took(self) -> float:
        """Milliseconds until the last byte."""
        return (self.ended - self.began) * 1e3


@dataclass(slots=True)
class Form:
    """A form of a page with what its fields hold."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """The fields as a browser sends them, these in place of what was there."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        return [*kept, *values.items()]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = dict(attributes)
        if tag == "form":
            self.found.append(Form(has.get("action") or ""))
        elif self.found and tag == "input" and has.get("name"):
            is_off = has.get("type") in {"checkbox", "radio"} and "checked" not in has
            if not is_off and has.get("type") not in {"file", "submit"}:
                self.found[-1].fields.append((has["name"] or "", has.get("value") or ""))
        elif self.found and tag == "textarea" and has.get("name"):
            self.found[-1].fields.append((has["name"] or "", ""))


@dataclass(slots=True)
class Page:
    """An answer with its headers and text."""

    answer: Answer
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def is_known(self) -> bool:
        """Whether it says what became of the request: no answer and 503 leave that open."""
        return self.status not in (0, http.HTTPStatus.SERVICE_UNAVAILABLE)

    @property
    def goes_to(self) -> str:
        """Where a browser is after it: the address of a redirect or of what htmx put in place."""
        for name in ("location", "hx-redirect", "hx-push-url"):
            if value := self.headers.get(name):
                return value
        return ""

    def form(self, action: str) -> Form | None:
        """The form that is sent there; without an address it goes to the page itself."""
        parser = _Forms()
        parser.feed(self.text)
        return next((each for each in parser.found if each.action == action), None)

    def links(self, pattern: str) -> list[str]:
        """Addresses in the page that match, without their fragment, each once."""
        found = re.findall(rf'href="({pattern})["#]', self.text)
        return [each.replace("&amp;", "&") for each in dict.fromkeys(found)]


class Browser:
    """One visitor's, with an address of its own."""

    def __init__(self, port: int, number: int, answers: list[Answer]) -> None:
        self.port = port
        self.draw = Random(number)
        self.answers = answers
        self.cookies: dict[str, str] = {}
        self.address = f"10.20.{number // 250}.{number % 250 + 1}"

    def get(self, kind: str, path: str, *, htmx: bool = False) -> Page:
        return self._ask(kind, "GET", path, htmx=htmx)

    def post(
        self, kind: str, path: str, fields: list[tuple[str, str]], *, htmx: bool = False
    ) -> Page:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask(kind, "POST", path, urlencode(fields).encode(), headers, htmx=htmx)

    def upload(
        self, kind: str, path: str, fields: list[tuple[str, str]], files: list[tuple[str, str]]
    ) -> Page:
        """A form with files: each the name and the content; all in the field `uploads`."""
        line = token_hex(16)
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields
        ]
        parts += [
            f'--{line}\r\nContent-Disposition: form-data; name="uploads"; filename="{name}"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n{content}\r\n"
            for name, content in files
        ]
        body = "".join([*parts, f"--{line}--\r\n"]).encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={line}"}
        return self._ask(kind, "POST", path, body, headers)

    def _ask(
        self,
        kind: str,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        htmx: bool = False,
    ) -> Page:
        parts = urlsplit(urljoin("/", path))
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        sent = {
            "Accept-Encoding": "gzip",
            "Connection": "close",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,
            **(headers or {}),
        }
        if htmx:
            sent["HX-Request"] = "true"
        began = time.monotonic()
        answer = Answer(kind, path, began, began)
        page = Page(answer)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            content = response.read()
            page.headers = {name.lower(): value for name, value in response.getheaders()}
            page.text = _unpacked(content, page.headers)
            answer.status = response.status
            answer.retry_after = page.headers.get("retry-after", "")
            self._keep(response.headers.get_all("Set-Cookie") or [])
        except (OSError, http.client.HTTPException, EOFError) as error:
            answer.trouble = f"{type(error).__name__}: {error}"
        finally:
            connection.close()
            answer.ended = time.monotonic()
        self.answers.append(answer)
        return page

    def _keep(self, cookies: list[str]) -> None:
        for each in cookies:
            name, _, value = each.partition(";")[0].partition("=")
            self.cookies[name] = value


def _unpacked(content: bytes, headers: dict[str, str]) -> str:
    """The text. Raises EOFError when it was cut off within."""
    if headers.get("content-encoding") == "gzip":
        unpacking = zlib.decompressobj(31)
        content = unpacking.decompress(content)
        if not unpacking.eof:
            raise EOFError("the answer ends too early")
    return content.decode(errors="replace")
