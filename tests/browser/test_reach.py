"""Pages by keyboard, at four times the size, in larger spacing, without motion: WCAG 2.2 AA."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage, sign_in
from tests.browser.test_pages import READER, STAFF, addresses, overflow
from tests.factories import PASSWORD, make_user

__all__ = ["addresses"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DIFFERENT = {"actor", "article", "issue", "/actors/", "/issues/", "/desk/", "review", "merge"}
PAGES = [*(each for each in READER if each != "/no-such-page/"), *STAFF]

# What has the focus: whether it shows, whether it is in sight, whether something lies over it.
_FOCUS = r"""() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const box = here.getBoundingClientRect();
  const ring = (each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
  };
  // The middle of its first line: a link may be several lines long.
  const line = here.getClientRects()[0] || box;
  const top = document.elementFromPoint(line.x + line.width / 2, line.y + line.height / 2);
  const named = here.id && document.querySelector(`label[for="${here.id}"]`);
  const label = here.closest("label") || named;
  return {
    name: here.outerHTML.slice(0, 140),
    shows: ring(here) || (here.parentElement && ring(here.parentElement)) || (label && ring(label)),
    inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !!top && !here.contains(top) && !top.contains(here) && !(label && label.contains(top)),
  };
}"""

# Targets that are smaller than 24 × 24 and neither within a line of text nor far from others.
_SMALL = r"""() => {
  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const targets = [...document.querySelectorAll(controls)].filter((each) => {
    return each.checkVisibility({ opacityProperty: true }) && !each.closest(".unseen, .skip");
  });
  const boxOf = (each) => (each.closest("label") || each).getBoundingClientRect();
  const inText = (each) => getComputedStyle(each).display === "inline"
    && [...each.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const small = targets.filter((each) => {
    const box = boxOf(each);
    return box.width && (box.width < 23.5 || box.height < 23.5) && !inText(each);
  });
  return small.filter((each) => targets.some((other) => {
    if (other === each || boxOf(other).width === 0 || other.contains(each)) return false;
    if (other.closest("label") && other.closest("label") === each.closest("label")) return false;
    const [x, y] = middle(boxOf(each));
    const box = boxOf(other);
    const across = Math.max(box.left - x, 0, x - box.right);
    return Math.hypot(across, Math.max(box.top - y, 0, y - box.bottom)) < 11.5;
  })).map((each) => each.outerHTML.slice(0, 140));
}"""

_SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""

_MOVES = """() => [...document.querySelectorAll("*")].filter((each) => {
  const { animationName, transitionDuration } = getComputedStyle(each);
  const takes = transitionDuration.split(",").some((one) => parseFloat(one) > 0);
  return animationName !== "none" || takes;
}).map((each) => each.outerHTML.slice(0, 100))"""


@pytest.fixture
def staff(new_page: NewPage, addresses: dict[str, str]) -> Page:
    page = new_page()
    page.set_default_timeout(60_000)
    sign_in(page, make_user("admin").username, PASSWORD)
    return page


def each_page(page: Page, addresses: dict[str, str]):
    for name in PAGES:
        page.goto(addresses.get(name, name))
        yield name


def test_every_control_is_reached_by_tab_and_shows_it(staff: Page, addresses: dict[str, str]):
    wrong: dict[str, Any] = {}
    for name in each_page(staff, addresses):
        seen: list[str] = []
        for _ in range(150):
            staff.keyboard.press("Tab")
            focus = staff.evaluate(_FOCUS)
            if focus is None:
                break
            seen.append(focus["name"])
            if not focus["shows"]:
                wrong.setdefault(f"{name} without a ring", []).append(focus["name"])
            if not focus["inSight"] or focus["covered"]:
                wrong.setdefault(f"{name} hidden", []).append(focus)
        # Signing in begins in its first field.
        if not staff.locator("[autofocus]").count():
            assert "Skip to the content" in seen[0], name
        # Where each press goes on, nothing holds the focus.
        assert len(seen) < 3 or seen[-1] != seen[-2] != seen[-3], name
    assert wrong == {}


def test_pages_reflow_give_room_to_targets_and_stand_still(staff: Page, addresses: dict[str, str]):
    staff.emulate_media(reduced_motion="reduce")
    wrong: dict[str, Any] = {}
    titles: dict[str, set[str]] = {}
    for name in each_page(staff, addresses):
        wrong |= {
            f"{name} {what}": found
            for what, found in (
                ("moves", staff.evaluate(_MOVES)),
                *((f"targets at {width}", targets(staff, width)) for width in (1440, 360)),
                ("overflows", sideways(staff)),
            )
            if found
        }
        if name in DIFFERENT:
            titles.setdefault(staff.title(), set()).add(name)
        assert "Newsroom" in staff.title()
    assert wrong == {}
    assert [names for names in titles.values() if len(names) > 1] == []


def targets(page: Page, width: int) -> list[str]:
    """Controls that are small and close to others."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = page.evaluate(_SMALL)
    return found


def sideways(page: Page) -> list[int]:
    """By how much the page is too wide at 400 % of 1,280 pixels, as it is and spaced out."""
    page.set_viewport_size({"width": 320, "height": 256})
    plain = overflow(page)
    page.evaluate(
        "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets.push(sheet); }",
        _SPACED,
    )
    found = [plain, overflow(page)]
    return found if max(found) > 0 else []
