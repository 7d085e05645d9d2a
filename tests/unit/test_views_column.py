"""Figures for one column of a journal: 89 mm wide, legible as they are printed, told apart in grey."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from sim.scenario import load_text
from sim.study import run_study
from sim.study.shelf import open_study
from sim.views import cli, forms, style
from sim.views.api import Result
from sim.views.figures import NAMES, Figures, tornado
from sim.views.figures.picture import Picture
from tests.studies import STRATEGIES, TEXT, UNSURE
from tests.unit.cases import crowded, parler_like
from tests.unit.test_views_answer import MOVED
from tests.unit.test_views_selecting import made, side_by_side

CASES = {"few": parler_like(200), "many": crowded(50)}
FIGURES = {name: Figures(case, "column") for name, case in CASES.items()}
COLUMN = 89 / 25.4 * 72
"""Points."""

TWO_COLUMNS = ("dependencies",)


@pytest.fixture(scope="module", params=[(case, name) for case in CASES for name in NAMES], ids="-".join)
def picture(request: pytest.FixtureRequest) -> Picture:
    case, name = request.param
    return FIGURES[case][name]


DRAWN: WeakKeyDictionary[Figure, list[tuple[Text, Bbox]]] = WeakKeyDictionary()


def drawn(picture: Picture) -> list[tuple[Text, Bbox]]:
    """All words that are really drawn, and where, in points: without the lines that lead from them."""
    if picture.figure not in DRAWN:
        DRAWN[picture.figure] = _drawn(picture)
    return DRAWN[picture.figure]


def _drawn(picture: Picture) -> list[tuple[Text, Bbox]]:
    found: list[Text] = []
    draw, dots = Text.draw, picture.figure.dpi

    def noted(text: Text, renderer: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            found.append(text)
        draw(text, renderer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", noted)
        picture.figure.set_dpi(600)  # as it is saved: at few dots type is wider
        try:
            FigureCanvasAgg(picture.figure).draw()  # type: ignore[no-untyped-call]
            # what a picture draws twice, as a name with two lines to it, is one
            boxes = {(text.get_text(), Text.get_window_extent(text).bounds): text for text in found}
            scale = 72 / 600
            return [
                (text, Bbox.from_bounds(*(float(side) * scale for side in bounds)))
                for (_, bounds), text in boxes.items()
            ]
        finally:
            picture.figure.set_dpi(dots)


def test_every_figure_of_a_column_is_89_mm_wide_and_its_smallest_type_six_and_a_half_points(
    picture: Picture,
) -> None:
    wide = 183 / 25.4 * 72 if picture.name in TWO_COLUMNS else COLUMN
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture.svg())
    assert box is not None
    assert float(box[1]) == pytest.approx(wide, abs=1.0)
    for text, _ in drawn(picture):
        least = 6.5 if picture.source.split()[0] in text.get_text() else 7.0
        assert float(text.get_fontsize()) >= least, text.get_text()


def test_no_text_sticks_out_of_the_picture(picture: Picture) -> None:
    wide, tall = (72 * float(side) for side in picture.figure.get_size_inches())
    for text, box in drawn(picture):
        inside = box.x0 >= 0.0 and box.x1 <= wide and box.y0 >= 0.0 and box.y1 <= tall
        assert inside, text.get_text()


def test_no_text_lies_on_another(picture: Picture) -> None:
    boxes = [(text.get_text(), box) for text, box in drawn(picture)]
    for i, (one, box) in enumerate(boxes):
        for other, second in boxes[:i]:
            across = min(box.x1, second.x1) - max(box.x0, second.x0)
            up = min(box.y1, second.y1) - max(box.y0, second.y0)
            assert across <= 0.5 or up <= 2.0, (one, other)


def test_nothing_reaches_the_edge(picture: Picture) -> None:
    dots = np.asarray(Image.open(BytesIO(picture.png())).convert("L"))
    edge = np.concatenate([dots[:3].ravel(), dots[-3:].ravel(), dots[:, :3].ravel(), dots[:, -3:].ravel()])
    assert edge.min() == 255


def test_a_raster_file_has_600_dots_an_inch() -> None:
    assert Image.open(BytesIO(FIGURES["few"]["users"].png())).width == pytest.approx(89 / 25.4 * 600, abs=2)


def test_a_figure_is_no_taller_than_a_page(picture: Picture) -> None:
    assert picture.figure.get_figheight() * 25.4 <= 240


def test_what_is_said_is_what_is_said_on_paper(picture: Picture) -> None:
    case = next(name for name, figures in FIGURES.items() if figures[picture.name] is picture)
    paper = Figures(CASES[case])[picture.name]
    assert (picture.title, picture.table, picture.alternative) == (
        paper.title,
        paper.table,
        paper.alternative,
    )


def test_a_key_takes_as_many_columns_as_fit_on_the_sheet() -> None:
    words = ["a word and another"] * 4
    assert style.key_columns(words, 4) == 4
    assert style.key_room(words, 4) == 0.0
    with style.drawn_as("column"):
        assert style.key_columns(words, 4) == 2
        assert style.key_columns(["w" * 200, "x"], 4) == 1
        assert style.key_room(words, 4) > 0.0


def test_what_needs_two_columns_is_drawn_on_paper_there_and_a_slide_stays_one() -> None:
    for form, within in (("column", "paper"), ("slides", "slides"), ("paper", "paper")):
        with style.drawn_as(form), style.two_columns():  # type: ignore[arg-type]
            assert style.current_form() == within
    assert style.current_form() == "paper"


def check(picture: Picture) -> None:
    """All of the above of one picture."""
    test_every_figure_of_a_column_is_89_mm_wide_and_its_smallest_type_six_and_a_half_points(picture)
    test_no_text_sticks_out_of_the_picture(picture)
    test_no_text_lies_on_another(picture)
    test_nothing_reaches_the_edge(picture)
    test_a_figure_is_no_taller_than_a_page(picture)


def test_a_tornado_is_legible_in_a_column() -> None:
    with style.drawn_as("column"):
        moves = tornado.picture(MOVED)
    assert moves is not None
    check(moves)


@pytest.mark.slow
def test_seven_strategies_with_long_names_are_legible_in_a_column() -> None:
    arms = [made(f"s{i}", 100 - 5 * i, 50 + 5 * i, seed=i) for i in range(7)]
    named = [replace(one, label=f"A host of its own, number {i}") for i, one in enumerate(arms)]
    pictures = list(forms.of_comparison(side_by_side(*named), "column"))
    assert {"comparison", "best", "pareto", "waiting"} <= {picture.name for picture in pictures}
    for one in pictures:
        check(one)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("column") / "run"
    run_study(load_text(TEXT + UNSURE + STRATEGIES), replications=200, output=place)
    return place


@pytest.mark.slow
def test_figures_of_a_study_of_several_strategies_are_legible_in_a_column(folder: Path) -> None:
    pictures = list(forms.of_result(Result(open_study(folder)), "column"))
    assert {"comparison", "best", "waiting"} <= {picture.name for picture in pictures}
    for picture in pictures:
        check(picture)


@pytest.mark.slow
def test_the_commands_write_a_column_beside_the_figures_for_paper(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", str(folder), "--figures", "column"]) == 0
    assert capsys.readouterr().out.strip().endswith("report.html")
    names = {path.name for path in (folder / "column").iterdir()}
    for kind in ("png", "svg", "pdf"):
        assert {f"{name}.{kind}" for name in (*NAMES, "comparison", "best", "waiting")} <= names
    assert not (folder / "slides").exists()
    assert cli.main(["compare", str(folder), "--figures", "column"]) == 0
    assert (folder / "compare" / "column" / "comparison.pdf").is_file()
