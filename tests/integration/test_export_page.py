"""An exported page in a browser, opened as a file: moved, compared, played, and without any request.

Needs playwright and a Chromium (`make test-browser`); both are left out of what the tests require, for they
are large.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.outcomes import measures_of
from sim.scenario import load_scenario
from sim.study.comparison import compare
from sim.views.api import run
from sim.views.explorer import export_axes
from sim.views.explorer.export import export_page
from tests.architecture.source import ROOT
from tests.explorer_page import REASON

HOST = ROOT / "scenarios" / "host_suspended.yaml"
NOTICE, ACCEPTANCE = "events.suspend_host.notice", "response.replace.host.search.acceptance"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(REASON), reason=REASON)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of three positions of each of two inputs."""
    target = tmp_path_factory.mktemp("page") / "host.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export_axes, "MOST_POINTS", 3)
        export_page(HOST, target, wanted=[NOTICE, ACCEPTANCE], workers=1)
    return target


@pytest.fixture(scope="module")
def data(written: Path) -> Any:
    text = written.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


class Opened:
    """The page in a window of its own; notes every request and every error."""

    def __init__(
        self, browser: Any, written: Path, *, wide: int = 1200, address: str = "", **how: Any
    ) -> None:
        self.requests: list[str] = []
        self.wrong: list[str] = []
        self.page = browser.new_context(viewport={"width": wide, "height": 900}, **how).new_page()
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda one: self.wrong.append(one.text) if one.type == "error" else None)
        self.page.goto(f"{written.as_uri()}{address}")
        if how.get("java_script_enabled", True):
            self.page.wait_for_selector("#replay .replay-clock")
            self.page.evaluate(
                "window.seen = []; document.getElementById('replay')"
                ".addEventListener('replay', (event) => window.seen.push(event.detail.index))"
            )

    def check(self) -> None:
        """Nothing was loaded but the page itself, and nothing went wrong."""
        assert [one for one in self.requests if not one.startswith("data:")] == [self.requests[0]]
        assert not self.wrong

    @property
    def seen(self) -> list[int]:
        """The frames shown since the page was opened."""
        found: list[int] = self.page.evaluate("window.seen")
        return found


def test_an_arrow_key_moves_to_the_next_setting_and_its_numbers_are_shown(
    browser: Any, written: Path, data: Any
) -> None:
    opened = Opened(browser, written)
    page, base = opened.page, [axis["base"] for axis in data["axes"]]
    wide = len(data["axes"][1]["points"])
    page.locator("#a-0").focus()
    page.keyboard.press("ArrowLeft")
    wanted = data["cells"][(base[0] - 1) * wide + base[1]]["main"]
    page.wait_for_function(
        "text => document.querySelector('#numbers .value').textContent === text", arg=wanted["downtime"][0]
    )
    shown = page.locator("#numbers .value").all_inner_texts()
    assert shown == [wanted[name][0] for name in data["measures"] if name in wanted]
    assert page.locator("#a-0").get_attribute("aria-valuetext") == data["axes"][0]["points"][base[0] - 1]
    again = Opened(browser, written, address=page.url.partition("#")[1] + page.url.partition("#")[2])
    assert again.page.locator("#numbers .value").all_inner_texts() == shown
    opened.check()
    again.check()


def test_two_settings_are_compared_run_by_run_as_a_study_compares_them(
    browser: Any, written: Path, data: Any
) -> None:
    base, last = [axis["base"] for axis in data["axes"]], len(data["axes"][1]["points"]) - 1
    opened = Opened(browser, written, address=f"#a={base[0]},{base[1]}&b={base[0]},{last}")
    found = opened.page.evaluate(
        "[...document.querySelectorAll('#pairs tr[data-measure]')].map((row) => row.difference)"
    )
    setting = f"{ACCEPTANCE}={data['axes'][1]['points'][last]}"
    ours, theirs = (
        run(load_scenario(HOST, settings=some), replications=200).study.outcomes() for some in ([setting], [])
    )
    known = measures_of(load_scenario(HOST).scenario())
    measures = {row["name"]: known[row["name"]] for row in found}
    assert {"downtime", "users_lost"} <= set(measures)
    for row, wanted in zip(found, compare("b", "a", measures, ours, theirs), strict=True):
        assert row["name"] == wanted.measure
        # The page has single precision, and a series in place of the quantile of Student's t.
        for mine, exact in (
            (row["mean"], wanted.difference),
            (row["low"], wanted.low),
            (row["high"], wanted.high),
        ):
            assert mine == pytest.approx(exact, rel=1e-5)
        assert row["better"] == pytest.approx(wanted.better, abs=1e-12)
        # Of two that are equal in every run, cut or not, the page says so.
        same = wanted.equal == 1.0 and wanted.difference == 0.0
        assert row["verdict"] == ("same" if same else wanted.verdict)
        assert row["restricted"] == wanted.restricted
    opened.check()


def test_the_replay_never_starts_by_itself_plays_pauses_and_is_dragged(
    browser: Any, written: Path, data: Any
) -> None:
    opened = Opened(browser, written)
    page, frames = opened.page, data["replays"][0]["frames"]
    page.wait_for_timeout(1_500)
    assert opened.seen == []
    page.get_by_label("How fast it plays").select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => window.seen.length >= 3")
    page.get_by_role("button", name="Pause").click()
    shown = opened.seen
    assert shown[:3] == [1, 2, 3]
    page.wait_for_timeout(1_500)
    assert opened.seen == shown
    # Dragged to an instant between two frames it shows the last one before it.
    middle = len(frames) // 2
    between = 0.5 * (frames[middle]["hours"] + frames[middle + 1]["hours"])
    slider = page.get_by_label("Time in the run")
    slider.evaluate("(each, at) => { each.value = at; each.dispatchEvent(new Event('input')); }", arg=between)
    assert page.locator(".replay-clock").inner_text() == frames[middle]["when"]
    assert page.locator(".replay-caption").first.inner_text() == frames[middle]["caption"]
    states = page.locator(".replay-box").evaluate_all("all => all.map((each) => each.dataset.state)")
    assert states == frames[middle]["states"]
    told = page.locator(".replay-key.numbers b").all_inner_texts()
    assert [amount(text) for text in told[:-1]] == pytest.approx(frames[middle]["users"], rel=6e-3, abs=0.6)
    slider.focus()
    page.keyboard.press("PageUp")
    following = next(i for i, frame in enumerate(frames) if i > middle and frame["event"])
    assert page.locator(".replay-clock").inner_text() == frames[following]["when"]
    opened.check()


def amount(text: str) -> float:
    """``738,000`` or ``2.27 million`` as a number."""
    number, _, word = text.replace(",", "").partition(" ")
    return float(number) * {"": 1.0, "million": 1e6, "billion": 1e9}[word]


def test_where_less_motion_is_asked_for_playing_goes_from_event_to_event(
    browser: Any, written: Path, data: Any
) -> None:
    opened = Opened(browser, written, reduced_motion="reduce")
    opened.page.get_by_label("How fast it plays").select_option("4")
    opened.page.get_by_role("button", name="Play", exact=True).click()
    opened.page.wait_for_function("() => window.seen.length >= 4", timeout=20_000)
    events = [i for i, frame in enumerate(data["replays"][0]["frames"]) if frame["event"]]
    assert opened.seen[:4] == events[1:5]
    assert opened.page.locator(".replay-box").first.evaluate(
        "each => getComputedStyle(each).transitionDuration"
    ) in {"0s", ""}
    opened.check()


def test_the_worst_run_can_be_played_too(browser: Any, written: Path, data: Any) -> None:
    opened = Opened(browser, written)
    opened.page.get_by_label("the run that loses the most users").check()
    assert opened.page.locator(".replay-title").inner_text() == data["replays"][1]["title"]
    assert opened.page.locator(".replay-text li").count() == len(data["replays"][1]["story"])
    opened.check()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone_and_every_control_has_a_name(
    browser: Any, written: Path, scheme: str
) -> None:
    opened = Opened(browser, written, wide=360, address="#a=0,0&b=1,1", color_scheme=scheme)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for each in page.locator("input:visible, select:visible, button:visible").all():
        inside = each.evaluate("each => each.closest('label') !== null")
        assert inside or each.get_attribute("aria-label") or each.inner_text()
    ink, paper = (
        np.array(
            [
                float(part)
                for part in re.findall(r"\d+", page.evaluate(f"getComputedStyle(document.body).{what}"))
            ]
        )
        for what in ("color", "backgroundColor")
    )
    assert (ink.mean() > paper.mean()) == (scheme == "dark")
    opened.check()


def test_without_javascript_the_page_is_words_and_a_table(browser: Any, written: Path) -> None:
    opened = Opened(browser, written, java_script_enabled=False)
    text = opened.page.inner_text("body")
    assert "What the runs show" in text
    assert "The simulation ends with" in text
    assert not opened.page.locator("#page").is_visible()
    opened.check()
