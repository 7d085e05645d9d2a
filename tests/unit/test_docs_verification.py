"""Theory against simulation: picture and page are those of the kept runs, which can be made again."""

from __future__ import annotations

import runpy
from typing import Any

import pytest
from matplotlib.text import Text

from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "verification.py"))


def test_the_page_is_that_of_the_kept_runs(script: dict[str, Any]) -> None:
    page = script["PAGE"].read_text(encoding="utf-8")
    assert script["filled"](page, script["kept"]()) == page, "run: python docs/verification.py --text"


def test_every_case_is_kept_and_no_mean_is_far_from_theory(script: dict[str, Any]) -> None:
    """Four standard errors: of twelve cases that are right one fails in 1,300 seeds."""
    rows = script["kept"]()
    assert [row.case for row in rows] == list(script["CASES"])
    assert len(rows) >= 12
    for row in rows:
        assert row.runs == 2000
        assert abs(row.simulated - row.exact) <= 4 * row.error, row.case


def test_the_picture_says_what_the_rows_say(script: dict[str, Any]) -> None:
    rows = script["kept"]()
    picture = script["drawn"](rows)
    marks = [line for line in picture.figure.axes[0].containers]
    assert len(marks) == len(rows)
    shown = [float(mark[0].get_xdata()[0]) for mark in marks]
    assert shown == pytest.approx([100 * (row.simulated / row.exact - 1) for row in reversed(rows)])
    assert script["PICTURE"].read_text(encoding="utf-8").startswith("<?xml")
    assert picture.title in script["PICTURE"].read_text(encoding="utf-8")


def test_every_word_of_the_picture_is_large_enough_to_read(script: dict[str, Any]) -> None:
    figure = script["drawn"](script["kept"]()).figure
    sizes = {text.get_text(): float(text.get_fontsize()) for text in figure.findobj(Text) if text.get_text()}
    assert len(sizes) > 20
    assert {text: size for text, size in sizes.items() if size < 6.5} == {}


@pytest.mark.slow
def test_the_kept_numbers_are_those_of_runs(script: dict[str, Any]) -> None:
    for kept, played in zip(script["kept"](), script["played"](), strict=True):
        assert (kept.case, kept.unit, kept.runs) == (played.case, played.unit, played.runs)
        for name in ("exact", "simulated", "error"):
            assert getattr(kept, name) == pytest.approx(getattr(played, name), rel=1e-9), kept.case
