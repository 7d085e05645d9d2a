"""What would change the answer: the report's section, the tornado, and who is ahead, against the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from sim.study.drawn import draws_of
from sim.views.answer import answer
from sim.views.case import Case
from sim.views.figures import best, tornado
from sim.views.report import report
from sim.views.summary import shown
from tests.unit.cases import changed, parler_like
from tests.unit.test_views_decision import FIRM, TURNS
from tests.unit.test_views_selecting import ALIKE, SAME, SURE, UNSURE

RUNS = 1000
PLAIN = parler_like(RUNS)
(PATH,) = PLAIN.scenario.unknowns
DRAW = draws_of([PLAIN.scenario], np.arange(RUNS))[PATH]
NOISE = np.random.default_rng(2).normal(size=RUNS)


def drawn(**columns: np.ndarray) -> Case:
    """The case with its runs numbered, and some measures made of the draws."""
    return changed(PLAIN, outcomes={**PLAIN.outcomes, "replication": np.arange(RUNS), **columns})


MOVED = drawn(users_lost=1e6 - 4e5 * DRAW + 1e4 * NOISE)
"""Users lost fall by 400,000 from one end of the unknown to the other."""


def test_the_tornado_draws_the_means_of_the_outer_fifths() -> None:
    picture = tornado.picture(MOVED)
    assert picture is not None
    lost = MOVED.column("users_lost")
    low, high = float(lost[DRAW < 0.2].mean()), float(lost[DRAW >= 0.8].mean())
    axes = picture.figure.axes[0]
    (bar,) = [one for one in axes.patches if isinstance(one, Rectangle)]
    ends = sorted([bar.get_x(), bar.get_x() + bar.get_width()])
    scale = 1e6 if "million" in axes.get_xlabel() else 1e3
    assert ends == pytest.approx(sorted([low / scale, high / scale]))
    dots = [line for line in axes.get_lines() if line.get_marker() == "o"]
    at = [float(np.asarray(line.get_xdata())[0]) for line in dots]
    assert at == pytest.approx([low / scale, high / scale])
    assert "users" in axes.get_xlabel()
    told = [shown(MOVED.scenario, "count", end) for end in (low, high)]
    assert picture.title.endswith(
        f"moves users lost most: {told[0]} where it is lowest, {told[1]} where highest"
    )


def test_the_line_of_the_tornado_is_the_average_of_all_runs() -> None:
    picture = tornado.picture(MOVED)
    assert picture is not None
    axes = picture.figure.axes[0]
    mean = float(MOVED.column("users_lost").mean())
    lines = [np.asarray(line.get_xdata(), dtype=float) for line in axes.get_lines()]
    scale = 1e6 if "million" in axes.get_xlabel() else 1e3
    assert any(x.shape == (2,) and np.allclose(x, mean / scale) for x in lines)


def test_there_is_no_tornado_where_no_unknown_is_shown_to_move_it() -> None:
    assert tornado.picture(drawn(users_lost=1e6 + 1e4 * NOISE)) is None
    assert tornado.picture(PLAIN) is None


def test_the_report_says_what_moves_it_and_shows_the_numbers() -> None:
    found = answer(MOVED, None, with_figures=True)
    assert found.findings[0].startswith("Of what differs between the 1,000 runs in users lost, the unknowns")
    assert "“search for a new host: acceptance, on average” explains the most" in found.findings[0]
    assert found.picture is not None
    assert found.picture.table.caption == "Users lost: what moves it"
    assert found.choice == ()
    page = report([MOVED], [found.picture]).html
    assert '<h2 id="answer">What would change the answer</h2>' in page
    assert page.index('id="answer"') < page.index('id="assumptions"') < page.index('id="limits"')


def test_without_unknowns_it_says_that_none_was_varied() -> None:
    scenario = PLAIN.scenario.model_copy(update={"unknowns": {}})
    found = answer(changed(MOVED, scenario=scenario), None, with_figures=False)
    assert found.findings == (
        "No unknown was varied in these runs, so which assumption moves the answer most they cannot say.",
    )
    assert found.tables == ()


def test_the_choice_between_strategies_is_told_without_advice() -> None:
    """A file may compare what nobody can choose between."""
    for comparison, first in (
        (SURE, "“B” comes out ahead of the others."),
        (ALIKE, "“A” and “B” come out ahead of the others, and to the same in every run."),
        (UNSURE, "We cannot yet tell"),
        (TURNS, "“A” comes out ahead of the others."),
    ):
        found = answer(MOVED, comparison, with_figures=False)
        assert found.choice[0].startswith(first)
        assert "recommend" not in " ".join(found.choice)
        assert found.exposed is not None
        assert [row[0] for row in found.exposed.rows] == [arm.label for arm in comparison.arms]
    assert any("It stops being best if" in one for one in answer(MOVED, TURNS, with_figures=False).choice)


# -- who is ahead -----------------------------------------------------------------------------------------


def test_bars_are_the_shares_of_resamples_and_of_runs() -> None:
    picture = best.picture(SURE)
    for axes, lead in zip(picture.figure.axes, SURE.leads, strict=True):
        wanted = [
            100 * share
            for one in lead.best.contenders
            for share in (one.best_mean, one.best_run)
            if share > 0
        ]
        bars = [one.get_width() for one in axes.patches if isinstance(one, Rectangle)]
        assert bars == pytest.approx(wanted)
        assert axes.get_xlabel()


def test_the_title_claims_only_what_is_decided() -> None:
    assert best.picture(SURE).title.startswith("“B” has the least users lost on average, and does best in ")
    unsure = best.picture(UNSURE).title
    assert unsure == "Who has the least users lost on average is not yet distinguishable: “A” and “B”"
    assert best.picture(SAME).title == "All strategies come to the same users lost in every run"


def test_who_is_ruled_out_is_said_to_be_so() -> None:
    picture = best.picture(SURE)
    words = [text.get_text() for axes in picture.figure.axes for text in axes.texts]
    assert "ruled out" in words
    assert "ruled out" not in [text.get_text() for text in best.picture(SAME).figure.axes[0].texts]


def test_alternative_text_is_no_longer_than_a_reader_listens_to() -> None:
    many = replace(FIRM, arms=tuple(replace(FIRM.arms[1], strategy=f"s{i}", label=f"S{i}") for i in range(9)))
    assert len(best.picture(replace(many, baseline="s0")).alternative) < 600
