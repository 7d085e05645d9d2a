"""The explorer's page at a phone's, a tablet's and a desk's width: nothing sticks out, everything has a name.

Needs playwright and a Chromium (`make test-browser`); without them it is skipped. What the page does is in
tests/integration/test_explorer_browser.py.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.explorer_page import REASON, Server, visiting

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON)]

WIDTHS = (360, 768, 1440)


@pytest.mark.parametrize("scenario", ["host_suspended", "parler_2021"])
@pytest.mark.parametrize("wide", WIDTHS)
def test_nothing_is_wider_than_the_window(browser: Any, server: Server, wide: int, scenario: str) -> None:
    two = f"{server.address}?scenario={scenario}&two=1&b=users.start%3D2000000&lost=host&runs=200"
    with visiting(browser, two, wide=wide) as visit:
        visit.settled()
        visit.page.locator("#find").fill("users")
        visit.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert visit.page.locator("#pairs table").count() == 1
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= wide


def test_no_word_is_cut_off_in_its_box(browser: Any, server: Server) -> None:
    cut = """() => [...document.querySelectorAll('.graph .label, .graph .state, .card .value, .name')]
        .filter((each) => each.offsetParent && getComputedStyle(each.parentElement).overflow === 'hidden')
        .filter(({ parentElement: box }) => box.scrollHeight > box.clientHeight + 1)
        .map((each) => each.textContent)"""
    for wide in WIDTHS:
        with visiting(
            browser, f"{server.address}?scenario=parler_2021&lost=host&runs=200", wide=wide
        ) as visit:
            visit.settled()
            assert visit.page.evaluate(cut) == [], wide


def test_every_control_has_a_name(browser: Any, server: Server) -> None:
    with visiting(browser, f"{server.address}?runs=200", wide=768) as visit:
        visit.settled()
        page = visit.page
        for each in page.locator("main input:visible, main select:visible, main button:visible").all():
            identity = each.get_attribute("id")
            labelled = identity and page.locator(f'label[for="{identity}"]').count()
            inside = each.evaluate("each => each.closest('label') !== null")
            assert labelled or inside or each.get_attribute("aria-label") or each.inner_text(), identity


def test_headings_are_in_order_and_the_landmarks_are_there(browser: Any, server: Server) -> None:
    with visiting(browser, f"{server.address}?runs=200") as visit:
        visit.settled()
        levels = visit.page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]"
            ".filter((h) => h.offsetParent).map((h) => +h.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
        for role in ("main", "banner"):
            assert visit.page.get_by_role(role).count() == 1
        for name in ("Settings", "Results"):
            assert visit.page.get_by_role("region", name=name, exact=True).count() == 1
