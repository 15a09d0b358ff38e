"""Asks axe-core what is wrong with a page for those who do not see it, or see or hold it less well.

Technical terms that stand there without an explanation are wrong, too.
"""

import itertools
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
from playwright.sync_api import Page, ViewportSize

from explorer.report import bare
from tests.browser.sizes import resize

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
BOTH = (WIDE, NARROW)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OF_COLOUR = ["color-contrast"]
OF_SIZE = ["target-size", "scrollable-region-focusable", "meta-viewport"]
BESIDE = {"target-size": {"enabled": True}, "label-content-name-mismatch": {"enabled": True}}
"""Rules that axe does not ask by itself: 24 pixels of a target, and that a name holds the words that are seen."""
SAID = """within => {
  const root = document.querySelector(within), told = [];
  const unread = "code, script, style, .ask, .term-note, [popover], [data-testid=preview-table]";
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement: holder, data } = walk.currentNode;
    if (!holder.closest(unread) && holder.checkVisibility()) told.push(data);
  }
  for (const one of root.querySelectorAll("[title], [aria-label]")) {
    if (!one.closest(unread) && one.checkVisibility()) told.push(one.title, one.getAttribute("aria-label"));
  }
  return told.filter(Boolean);
}"""
"""What a page says, by eye and by ear, but for what it quotes and what opens behind a “?”."""
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
ASK = """async ([within, rules, only]) => {
  const runOnly = only.length ? { runOnly: { type: "rule", values: only } } : {};
  const { violations } = await axe.run(within, { resultTypes: ["violations"], rules, ...runOnly });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html, any, all, none }) => {
    const why = [...any, ...all, ...none].map(({ message }) => message)[0] || "";
    return `${id} ${target.join(" ")}: ${why} ${html.slice(0, 160)}`;
  }));
}"""


@cache
def script() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(
    page: Page,
    screen: str,
    within: str = "html",
    sizes: Sequence[ViewportSize] = BOTH,
    *,
    dark: bool = True,
    whole: bool = False,
) -> list[str]:
    """Return a sentence for each bare term and each violation of any severity, light and, if asked, *dark*.

    The page is left in light.  *within* is the part of the page that is asked after.  In the dark only colours are:
    nothing else differs.  On a phone only sizes are, unless the *whole* is asked after: names, roles and colours are
    those of the wide page.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(script())
        page.add_style_tag(content=STILL)
    before = page.viewport_size
    found = bare_terms(page, screen, within)
    for size, scheme in itertools.product(sizes, SCHEMES):
        narrow = size == NARROW and not whole
        if scheme == "dark" and (narrow or not dark):
            continue
        if page.viewport_size != size:
            resize(page, size)
        page.emulate_media(color_scheme=scheme)
        only = OF_SIZE if narrow else OF_COLOUR if scheme == "dark" else []
        told: list[Any] = page.evaluate(ASK, [within, {} if only else BESIDE, only])
        found += [f"{screen}, {scheme}, {size['width']} px: {one}" for one in told]
    page.emulate_media(color_scheme="light")
    if before and page.viewport_size != before:
        resize(page, before)
    return found


def bare_terms(page: Page, screen: str, within: str = "html") -> list[str]:
    """Return a sentence for each technical term that is said without an explanation."""
    said: list[str] = page.evaluate(SAID, within)
    return [f"{screen}: {term} stands bare in “{text.strip()[:80]}”" for text in said for term in bare(text)]
