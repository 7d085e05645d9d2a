"""Pictures of sweeps and of sensitivity as slides and for one column of a journal."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sim.study.sweep import Sweep
from sim.views import cli, style
from sim.views.figures import break_even
from sim.views.figures import sensitivity as moved
from sim.views.figures import sweep as figure
from sim.views.figures.picture import Picture
from tests.studies import TEXT
from tests.unit.test_views_column import check
from tests.unit.test_views_sensitivity import UNKNOWNS, found
from tests.unit.test_views_sweep import BENT, CUT, EVENS, GRID, SAMPLE

SOURCE = "Scenario small · sweep 0123456789 · seed 7 · hostfall 0.1.0 · 1,000 runs"
SWEEPS = {"lines": BENT, "cut": CUT, "map": GRID, "cloud": SAMPLE}
SHARES = found((0.5, 0.6), (0.0, 0.1), (0.02, 0.03), (0.1, 0.4))
EFFECTS = found(effects=(30.0, 12.0, 3.0, 1.0))


def swept(study: Sweep) -> Picture:
    return figure.picture(study, next(iter(study.measures)), SOURCE)


def pictures(form: style.Form) -> dict[str, Picture]:
    """One of every kind, by what it is."""
    with style.drawn_as(form):
        made = {name: swept(study) for name, study in SWEEPS.items()}
        made |= {"break-even": break_even.picture(EVENS[1], EVENS[1].break_evens, SOURCE)}
        made |= {"frontier": break_even.picture(EVENS[-1], EVENS[-1].break_evens * 2, SOURCE)}
        for name, study in (("shares", SHARES), ("effects", EFFECTS)):
            made[name] = moved.picture(study, study.spreads[0], SOURCE)
    return made


COLUMN, SLIDES = pictures("column"), pictures("slides")


@pytest.mark.parametrize("name", COLUMN)
def test_in_a_column_it_is_legible_and_as_wide_as_one(name: str) -> None:
    check(COLUMN[name])


@pytest.mark.parametrize("name", SLIDES)
def test_a_slide_is_sixteen_by_nine_and_all_of_it_is_above_its_source(name: str) -> None:
    slide = SLIDES[name]
    image = Image.open(BytesIO(slide.png()))
    assert image.width / image.height == pytest.approx(16 / 9, rel=0.01)
    dots = np.asarray(image.convert("L"))
    edge = np.concatenate([dots[:3].ravel(), dots[-3:].ravel(), dots[:, :3].ravel(), dots[:, -3:].ravel()])
    assert edge.min() == 255
    foot = slide.figure.texts[style.FOOT_TEXT].get_window_extent().y1 / slide.figure.bbox.height
    assert all(axes.get_position().y0 > foot for axes in slide.figure.axes)


def test_panels_of_a_slide_share_what_its_words_leave() -> None:
    """On paper a panel is as tall as ever, on a slide as tall as there is room for."""
    with style.drawn_as("paper"):
        paper = swept(BENT).figure
    heights = [
        one.axes[0].get_position().height * one.get_figheight() for one in (paper, SLIDES["lines"].figure)
    ]
    assert heights[0] == pytest.approx(3.2, abs=1e-9)
    assert 1.9 < heights[1] < heights[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "command", "name"),
    [
        ("column", ["sweep", "--vary", "response.replace.host.search.acceptance=5,40 %"], "sweep_downtime"),
        ("slides", ["sensitivity", "--screen", "--base", "16"], "sensitivity_downtime"),
    ],
)
def test_the_verbs_draw_a_form_beside_the_figures_for_paper(
    form: str, command: list[str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(TEXT + UNKNOWNS, encoding="utf-8")
    verb, *more = command
    typed = [verb, "small.yaml", *more, "--measure", "downtime", "--output", "out"]
    assert cli.main(typed) == 0
    assert not (tmp_path / "out" / form).exists()
    assert cli.main([*typed, "--figures", form]) == 0
    written = {path.name for path in (tmp_path / "out" / form).iterdir()}
    assert written == {f"{name}.{kind}" for kind in ("png", "svg", "pdf")}
    assert (tmp_path / "out" / f"{name}.png").is_file()
