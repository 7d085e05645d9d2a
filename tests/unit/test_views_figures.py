"""The eight figures: what they say, that nothing is cut or told by colour alone, and their files."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from sim.views import style
from sim.views.case import Case, Fan
from sim.views.figures import NAMES, Figures, attribution, dependencies, draw, gantt
from sim.views.figures.picture import Picture
from tests.unit.cases import DAY, HORIZON, changed, crowded, layers, parler_like, steps

CASE = parler_like(200)


def nothing_happens() -> Case:
    """A case in which every run is as it would have been."""
    flat = np.full(CASE.active.times.size, 2.3e6)
    run = CASE.typical
    outcome = {**run.outcome, "user_hours_lost": 0.0, "time_to_recover_users": 0.0, "recovered_users": 1.0}
    level = steps((0.0, 1.0))
    line = replace(
        run.timeline,
        levels=dict.fromkeys(run.timeline.levels, level),
        records=(),
        happenings=(),
        suppliers=dict.fromkeys(run.timeline.suppliers, ((0.0, "up"),)),
    )
    same = Fan(CASE.active.times, flat, flat, flat, flat, flat, flat, flat)
    zero = {name: np.zeros_like(values) for name, values in CASE.outcomes.items()}
    return changed(
        CASE,
        active=same,
        layers=layers(same, elsewhere=1.0, gone=1.0),
        typical=replace(run, active=flat, counterfactual=flat, outcome=outcome, timeline=line),
        shares=(),
        outcomes=zero,
        censored={},
        observed=(),
    )


def never_back() -> Case:
    """A case in which no run is ever back."""
    hours = np.full(200, HORIZON - 248)
    fan = CASE.active
    gone = np.where(fan.times > 248, 0.0, fan.counterfactual)
    never = Fan(fan.times, gone, gone, gone, gone, gone, gone, fan.counterfactual)
    return changed(
        CASE,
        active=never,
        layers=layers(never, elsewhere=0.8, gone=0.2),
        outcomes={**CASE.outcomes, "downtime": hours},
        censored={"downtime": np.ones(200, dtype=bool)},
        observed=(),
    )


CASES = {
    "usual": CASE,
    "nothing happens": nothing_happens(),
    "never back": never_back(),
    "a crowd": crowded(200),
}


@pytest.fixture(scope="module", params=[(case, name) for case in CASES for name in NAMES], ids=" / ".join)
def picture(request: pytest.FixtureRequest) -> Picture:
    case, name = request.param
    return draw(name, CASES[case])


@pytest.fixture(scope="module")
def image(picture: Picture) -> Image.Image:
    """The picture as it is written to a file."""
    return Image.open(BytesIO(picture.png()))


def texts(figure: Figure) -> list[Text]:
    """Everything written on a figure that is to be seen."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def test_a_figure_says_its_finding_in_title_and_words(picture: Picture) -> None:
    assert len(picture.title) > 20
    assert picture.alternative.startswith(picture.title)
    assert picture.alternative.endswith(".")
    written = " ".join(" ".join(t.get_text().split()) for t in texts(picture.figure))
    assert picture.title in written
    assert picture.source in written


def test_a_figure_has_a_small_table(picture: Picture) -> None:
    assert picture.table.header
    assert all(len(row) == len(picture.table.header) for row in picture.table.rows)
    assert all(cell.strip() for row in picture.table.rows for cell in row[:1])


def test_every_axis_with_numbers_says_what_they_are(picture: Picture) -> None:
    for axes in picture.figure.axes:
        if not axes.axison:
            continue
        assert axes.get_xlabel()
        numbers = [label.get_text() for label in axes.get_yticklabels() if label.get_text()[:1].isdigit()]
        assert axes.get_ylabel() or not numbers


def test_nothing_reaches_the_edge_of_the_picture(image: Image.Image) -> None:
    """What would be cut off would colour the outermost dots."""
    dots = np.asarray(image.convert("L"))
    edge = np.concatenate([dots[:3].ravel(), dots[-3:].ravel(), dots[:, :3].ravel(), dots[:, -3:].ravel()])
    assert edge.min() == 255


def test_a_file_holds_its_provenance_and_is_the_same_every_time(picture: Picture, image: Image.Image) -> None:
    svg = picture.svg()
    assert svg == picture.svg()
    assert picture.source.encode() in svg
    assert b"hostfall" in svg
    assert image.info["Description"] == picture.source
    assert image.info["Title"] == picture.title


def test_an_inline_picture_has_a_role_a_name_and_ids_of_its_own(picture: Picture) -> None:
    page = picture.inline()
    assert re.match('<svg role="img" aria-label="[^"]+"', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{picture.name}-") for one in ids)
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(ids)
    assert "<script" not in page
    assert "<style" not in page


def luminance(colour: str) -> float:
    """Relative luminance as printed in grey, 0 to 1."""
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def looks() -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Face and pattern of every state, by figure."""
    bars = {state: (look[0], look[2]) for state, look in gantt.LOOKS.items()}
    parts = {kind: (look[0], look[2]) for kind, look in attribution.LOOKS.items()}
    boxes = {state: (look[0], f"{look[2]} {look[4]} {look[3]}") for state, look in dependencies.LOOKS.items()}
    return [("gantt", bars), ("attribution", parts), ("dependencies", boxes)]


@pytest.mark.parametrize(("name", "states"), looks(), ids=[name for name, _ in looks()])
def test_states_differ_without_colour(name: str, states: dict[str, tuple[str, str]]) -> None:
    for (one, (face, pattern)), (other, (colour, hatch)) in combinations(states.items(), 2):
        apart = abs(luminance(face) - luminance(colour))
        assert pattern != hatch or apart > 0.1, f"{name}: {one} and {other} look alike in grey"


def test_figures_are_drawn_when_first_looked_at_and_only_once() -> None:
    figures = Figures(CASE)
    assert list(figures) == list(NAMES)
    assert len(figures) == 8
    assert figures["users"] is figures["users"]
    with pytest.raises(KeyError, match="there are users, places, resilience"):
        figures["nothing"]


def test_no_figure_is_left_open_by_drawing() -> None:
    import sys

    draw("users", CASE)
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_the_readers_own_settings_come_back() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    draw("users", CASE)
    assert dict(mpl.rcParams) == before


def test_a_day_can_be_chosen_for_the_graph() -> None:
    before = dependencies.picture(CASE, at=0.0)
    assert before.title == "On 1 January 2021 every supplier serves and everything can be used"
    assert "suppliers are gone" in dependencies.picture(CASE, at=12 * DAY).title


def test_the_parts_of_the_downtime_add_up_in_the_table() -> None:
    table = draw("attribution", CASE).table
    assert table.rows[-1][0] == "All"
    assert attribution.total(CASE) == pytest.approx(float(CASE.column("downtime").mean()))


def test_few_large_causes_and_the_rest_as_one() -> None:
    one = CASE.shares[0]
    many = changed(CASE, shares=tuple(replace(one, label=f"cause {i}", hours=20.0 - i) for i in range(15)))
    shown = attribution.shown(many)
    assert len(shown) == attribution.MOST_BARS
    assert shown[-1].label == "6 others"
    assert sum(share.hours for share in shown) == pytest.approx(attribution.total(many))


def test_long_labels_are_wrapped_by_their_measured_width() -> None:
    lines = style.wrap("a rather long label that needs more than one line", 100, 9)
    assert len(lines) > 1
    assert all(style.width_of(line, 9) <= 100 for line in lines)
    short = style.wrap("Donaudampfschifffahrtsgesellschaft and more", 60, 9, most=1)
    assert len(short) == 1
    assert style.width_of(short[0], 9) <= 60
    assert short[0].endswith("…")
