"""The explorer's page in a browser: dragged by keyboard, on a phone's width, without a request elsewhere.

Needs playwright (`pip install playwright`) and a Chromium that is already there; both are left out of what
the tests require, for they are large.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CALL = "import sys; from sim.views.explore_verb import explore as e; e(sys.argv[1:], standalone_mode=False)"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="no playwright here"),
    pytest.mark.skipif(find_spec("uvicorn") is None, reason="the web libraries are an extra"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-c", CALL, str(ROOT / "scenarios" / "host_suspended.yaml"), "--no-open"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[2]
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as tool:
        yield tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def opened(browser: Any, address: str, wide: int, wrong: list[str]) -> Any:
    """The page, with everything that it should not have done noted in ``wrong``."""
    page = browser.new_context(viewport={"width": wide, "height": 800}).new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    own = (address.partition("?")[0], "data:")
    page.on("request", lambda one: None if one.url.startswith(own) else wrong.append(one.url))
    page.goto(address)
    page.wait_for_selector("#stories li", timeout=60_000)
    return page


def test_an_arrow_key_moves_an_input_the_numbers_and_the_address(browser: Any, address: str) -> None:
    wrong: list[str] = []
    page = opened(browser, address, 1440, wrong)
    slider, first = page.locator("#c-events-suspend_host-notice"), page.locator("#numbers .value").first
    before = first.inner_text()
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**a=events.suspend_host.notice**")
    page.wait_for_timeout(3_000)
    assert slider.get_attribute("aria-valuetext") != "30 h"
    assert first.inner_text() != before
    assert page.locator(":focus").get_attribute("id") == "c-events-suspend_host-notice"
    again = opened(browser, page.url, 1440, wrong)
    assert again.locator("#c-events-suspend_host-notice").get_attribute(
        "aria-valuetext"
    ) == slider.get_attribute("aria-valuetext")
    assert not wrong


def test_nothing_is_wider_than_a_phone(browser: Any, address: str) -> None:
    wrong: list[str] = []
    page = opened(browser, f"{address}?two=1&b=events.suspend_host.notice%3D7+d", 360, wrong)
    assert page.locator("#pairs table").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not wrong


def test_every_control_has_a_name(browser: Any, address: str) -> None:
    page = opened(browser, address, 768, [])
    for each in page.locator("main input:visible, main select:visible, main button:visible").all():
        identity = each.get_attribute("id")
        labelled = identity and page.locator(f'label[for="{identity}"]').count()
        inside = each.evaluate("each => each.closest('label') !== null")
        assert labelled or inside or each.get_attribute("aria-label") or each.inner_text(), identity
