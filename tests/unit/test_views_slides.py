"""Slides: 16:9, large type, the finding as the title, a line for the source; paper stays as it was."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from sim.scenario import load_text
from sim.study import run_study
from sim.views import cli, style
from sim.views.figures import NAMES, Figures, gantt
from sim.views.figures.picture import Picture
from sim.views.sheet import SLIDE_PIXELS
from tests.studies import STRATEGIES, TEXT, UNSURE
from tests.unit.cases import crowded, parler_like

CASE = parler_like(200)
FIGURES = Figures(CASE, "slides")


@pytest.fixture(scope="module", params=NAMES)
def slide(request: pytest.FixtureRequest) -> Picture:
    return FIGURES[request.param]


def test_a_slide_is_sixteen_by_nine_and_as_wide_as_a_screen(slide: Picture) -> None:
    size = Image.open(BytesIO(slide.png())).size
    assert size[0] == pytest.approx(SLIDE_PIXELS, abs=2)
    assert size[1] == pytest.approx(SLIDE_PIXELS * 9 / 16, abs=2)
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', slide.svg())
    assert box is not None
    assert float(box[1]) / float(box[2]) == pytest.approx(16 / 9, rel=0.01)


def test_the_finding_is_the_largest_and_the_source_the_last(slide: Picture) -> None:
    words = [text for text in slide.figure.findobj(Text) if text.get_text().strip()]
    title = max(words, key=lambda text: text.get_fontsize())
    assert " ".join(title.get_text().split()) == slide.title
    source = next(text for text in words if text.get_text().startswith("Source: "))
    assert slide.source in " ".join(source.get_text().split())


def test_type_is_large_on_a_screen(slide: Picture) -> None:
    """On a slide of 13.33 inches: the title 20 points or more, all but the source 10.5; in boxes 9."""
    least = 9.0 if slide.name == "dependencies" else 10.5
    wide = style.slide_frame(slide.figure).width
    for text in slide.figure.findobj(Text):
        words = text.get_text()
        if words.strip() and text.get_visible() and not words.startswith("Source: "):
            assert float(text.get_fontsize()) * 13.33 / wide >= least, words
    title = max(float(text.get_fontsize()) for text in slide.figure.findobj(Text))
    assert title * 13.33 / wide >= 20.0


def test_nothing_reaches_the_edge(slide: Picture) -> None:
    dots = np.asarray(Image.open(BytesIO(slide.png())).convert("L"))
    edge = np.concatenate([dots[:3].ravel(), dots[-3:].ravel(), dots[:, :3].ravel(), dots[:, -3:].ravel()])
    assert edge.min() == 255


def test_numbers_are_those_of_the_figure_on_paper(slide: Picture) -> None:
    paper = Figures(CASE)[slide.name]
    assert (slide.title, slide.table, slide.alternative) == (paper.title, paper.table, paper.alternative)
    assert paper.form == "paper"


def test_a_pdf_holds_title_and_source_and_is_the_same_every_time() -> None:
    picture = Figures(CASE)["downtime"]
    one = picture.pdf()
    assert one == picture.pdf()
    assert one.startswith(b"%PDF")
    assert "a1b2c3d4e5".encode("utf-16-be") in one


def test_a_slide_of_many_rows_keeps_the_longest() -> None:
    case = crowded(50)
    found = gantt.rows(case)
    kept = gantt.for_few(case, found)
    assert 0 < len(kept) <= gantt.MOST_OFF_PAPER
    assert [row for row in found if row in kept] == kept
    assert "Sign in" in {row.label for row in kept}


def test_what_is_drawn_after_slides_is_for_paper_again() -> None:
    with style.drawn_as("slides"):
        assert style.current_form() == "slides"
    assert style.current_form() == "paper"


def test_a_subtitle_loses_whole_clauses_and_never_half_of_one() -> None:
    with style.drawn_as("slides"), style.look():
        figure, _ = style.canvas("A title", "First clause; " + "a second one " * 30, "x")
    written = [text.get_text() for text in figure.texts]
    assert written[1] == "First clause"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("slides") / "run"
    file = load_text(TEXT + UNSURE + STRATEGIES)
    run_study(file, replications=200, output=place)
    return place


@pytest.mark.slow
def test_the_commands_write_slides_beside_the_figures_for_paper(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", str(folder), "--figures", "slides"]) == 0
    assert capsys.readouterr().out.strip().endswith("report.html")
    names = {path.name for path in (folder / "slides").iterdir()}
    for kind in ("png", "svg", "pdf"):
        assert {f"{name}.{kind}" for name in (*NAMES, "comparison", "best", "waiting")} <= names
    assert not [name for name in names if name.endswith(".part")]
    assert shape(folder / "slides" / "users.png") == pytest.approx(16 / 9, rel=0.01)
    assert shape(folder / "figures" / "users.png") != pytest.approx(16 / 9, rel=0.05)


def shape(path: Path) -> float:
    """Width over height of a picture."""
    with Image.open(path) as image:
        return image.width / image.height


@pytest.mark.slow
def test_compare_writes_slides_into_its_own_folder(folder: Path) -> None:
    assert cli.main(["compare", str(folder), "--figures", "slides"]) == 0
    assert (folder / "compare" / "slides" / "comparison.pdf").is_file()
