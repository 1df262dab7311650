"""What a browser is watched for while it shows texts that mean harm."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

# Whatever runs says so, whether a payload calls `__ran` or shows a dialog.
_CANARY = """
  window.__runs = [];
  window.__ran = (...what) => { window.__runs.push(String(what)); };
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = window.__ran;
"""

# Texts that run on by themselves: an article's paragraph is one text, by one author.
_LOOK = r"""(end) => {
  const whole = ".reading, .quote-around, [data-passage], textarea, pre, title, option, svg, "
    + ".said-lead, .change, .variant, blockquote:has(mark.q)";
  const isolates = (element) => {
    const { unicodeBidi, display } = getComputedStyle(element);
    return /isolate|plaintext/.test(unicodeBidi) || !/^(inline|contents|ruby)/.test(display)
      || /^inline-/.test(display);
  };
  const turned = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (!/[\u202a-\u202e\u2066-\u2068]/.test(node.data)) continue;
    if (node.parentElement.closest(whole)) continue;
    if (!node.parentElement.checkVisibility()) continue;
    let around = node.parentElement;
    while (!isolates(around)) around = around.parentElement;
    // Within one name that is shown in pieces, with what was searched for marked in it.
    const whose = around.textContent;
    if (around.matches("bdi") && whose.indexOf(end) === whose.length - 1) continue;
    const after = document.createRange();
    after.setStart(node, node.data.lastIndexOf(end) + 1 || node.length);
    after.setEnd(around, around.childNodes.length);
    const text = after.toString().replaceAll(end, "");
    // Closed by the characters that isolate a name within a sentence.
    if (text.trim() && !/^…?\u2069/.test(text)) {
      turned.push(`${around.outerHTML.slice(0, 300)} … ${JSON.stringify(text.slice(0, 60))}`);
    }
  }
  const all = (names) => [...document.querySelectorAll(names)];
  const shown = (each) => each.outerHTML.slice(0, 200);
  const names = ["href", "src", "action", "formaction", "data", "cite"];
  const leads = /^[\s\x00-\x20]*(javascript|vbscript|data|file|blob)\s*:/i;
  const bad = all(names.map((name) => `[${name}]`).join())
    .filter((each) => names.some((name) => leads.test(each.getAttribute(name) || "")));
  const wide = document.documentElement.scrollWidth - innerWidth;
  const widest = wide > 0 ? all("main *, header *, footer *")
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1) : [];
  return {
    ran: window.__runs,
    injected: all("[data-hostile]").map(shown),
    links: bad.map(shown),
    wider: wide > 0 ? [`${wide} px: ${widest.slice(0, 3).map(shown).join(" | ")}`] : [],
    turned,
    polluted: "polluted" in {} ? ["Object.prototype"] : [],
    clobbered: window.htmx && typeof htmx.config !== "object" ? ["htmx"] : [],
  };
}"""


class Watch:
    """Looks at pages in one context; `found` says what went wrong and on which page."""

    def __init__(self, context: BrowserContext, origin: str, end: str) -> None:
        self.found: dict[str, list[str]] = {}
        self.visited = 0
        self.host = urlsplit(origin).netloc
        self.end = end
        self.where = ""
        context.add_init_script(_CANARY)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("dialog", self._dialog)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.note("error", str(error.error)))

    def note(self, kind: str, what: str) -> None:
        # Markup that was cut in the middle of a character has half of one.
        whole = what[:600].encode("utf-8", "replace").decode()
        self.found.setdefault(f"{kind} on {self.where}", []).append(whole)

    def summary(self) -> str:
        """What went wrong, each thing once with the first place where it did."""
        first: dict[str, str] = {}
        for place, each in self.found.items():
            for what in each:
                first.setdefault(what, place)
        shown = [f"{place}: {' '.join(what.split())}" for what, place in list(first.items())[:80]]
        return "\n".join([f"{len(first)} things on {len(self.found)} pages", *shown])

    def visit(self, page: Page, address: str, widths: tuple[int, ...] = (1440, 390)) -> None:
        """Open the address and look at it in each width."""
        self.where = address[:150]
        page.goto(address)
        self.look(page, widths)

    def look(self, page: Page, widths: tuple[int, ...] = (1440, 390)) -> None:
        """Look at the page as it is now."""
        self.visited += 1
        now = page.viewport_size
        # As it is first, since each other width is laid out anew.
        for width in sorted(widths, key=lambda each: not now or each != now["width"]):
            if not now or width != now["width"]:
                page.set_viewport_size({"width": width, "height": 900})
            seen: dict[str, Any] = page.evaluate(_LOOK, self.end)
            for kind, each in seen.items():
                for what in each:
                    self.note(f"{kind} at {width}", what)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.note("foreign request", request.url)
        if parts.path == "/csp-report":
            self.note("violation", request.post_data or "")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.note("server error", response.url)

    def _dialog(self, dialog: Dialog) -> None:
        self.note("dialog", dialog.message)
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        # A form that comes back with its errors is an error to the console, and here it is meant.
        if message.type == "error" and "status of 4" not in message.text:
            self.note("console", message.text)
