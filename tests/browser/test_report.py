"""The report on paper: a browser prints it."""

import dataclasses
import re

from playwright.sync_api import Browser

from explorer.report import render
from tests.report.small import small_run, summary

TEXT = "The card that you sent me last week does not work in any shop, and nobody could tell me why; row {} of eight."


def test_47_clusters_take_at_most_20_pages(browser: Browser) -> None:
    run = small_run(items=[TEXT.format(row) for row in range(8)])
    found = tuple(
        summary(label, f"lost my card, report fraud {label}", (0, 1, 2, 3, 4), (5, 6, 7), (label + 1) % 47)
        for label in range(47)
    )
    page = browser.new_page()
    page.set_content(render(dataclasses.replace(run, summaries=found), "html").decode("utf-8"))
    printed = page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
    page.close()
    assert 8 < len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 20
