"""`sensitivity` for people: sentences, pictures, the verb, Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.colors
import numpy as np
import pytest
from click.testing import CliRunner, Result

from sim.errors import UsageError
from sim.outcomes import measures_of
from sim.study.sensitivity import Effect, Index, Sensitivity, Spread, inputs_of
from sim.study.statistics import Interval
from sim.views.figures import sensitivity as figure
from sim.views.sensitivity import sensitivity as explain
from sim.views.sensitivity_sentences import of_measure, path_name, sentences, templates, title
from sim.views.sensitivity_verb import sensitivity
from tests.studies import STRATEGIES, TEXT, small

ACCEPTANCE = "response.replace.host.search.acceptance"
SCALE = "users.segments.slow.patience.mean"
UNKNOWNS = f"""
unknowns:
  {ACCEPTANCE}: {{low: 10 %, likely: 30 %, high: 60 %}}
  {SCALE}: {{median: 30 d, p90: 60 d}}
  response.replace.host.tasks.move.takes.high: {{low: 8 d, high: 20 d, law: uniform}}
"""
NOTHING = Interval(math.nan, math.nan, math.nan)


def about(value: float, half: float = 0.02) -> Interval:
    return Interval(value, value - half if value else 0.0, value + half if value else 0.0)


def found(
    *shares: tuple[float, float],
    effects: Sequence[float] = (),
    measure: str = "downtime",
    only: int = 3,
    failed: int = 0,
) -> Sensitivity:
    """A study with these first and total shares (or strengths) of the unknowns, then of chance."""
    scenario = small(UNKNOWNS).scenario()
    inputs = inputs_of(scenario)
    measures = measures_of(scenario)
    spread = Spread(
        measure=measures[measure],
        runs=1024,
        mean=100.0,
        deviation=50.0 if shares or any(effects) else 0.0,
        indices=tuple(Index(about(first), about(total)) for first, total in shares),
        effects=tuple(Effect(about(each, 1.0), -each, each / 2) for each in effects),
    )
    return Sensitivity(
        scenario=scenario,
        strategy="as_is",
        label="As it is",
        inputs=(*inputs[:only], inputs[3]),
        screen=bool(effects),
        base=512,
        evaluations=3000,
        spreads=(spread,),
        failed=failed,
        reason="supply: it broke.",
        digest="0123456789",
        folder=None,
        already_done=False,
    )


def said(study: Sensitivity) -> dict[tuple[str, str], str]:
    return {(one.topic, one.variant): one.text for one in sentences(study)}


SURE = found((0.58, 0.6), (0.1, 0.1), (0.0, 0.0), (0.3, 0.4))
UNDECIDED = found((0.3, 0.3), (0.29, 0.29), (0.05, 0.05), (0.3, 0.3))
SOLE = found((0.5, 0.6), (0.3, 0.4), only=1)
LUCK_ONLY = found((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (1.0, 1.0))
NO_LUCK = found((0.7, 0.7), (0.3, 0.3), (0.0, 0.0), (0.0, 0.0))
TOGETHER = found((0.2, 0.6), (0.1, 0.1), (0.0, 0.0), (0.2, 0.7))
SAME = replace(found(), spreads=(replace(found().spreads[0], indices=(Index(NOTHING, NOTHING),) * 4),))
SCREENED = found(effects=(48.0, 24.0, 0.0, 72.0))
SCREENED_UNDECIDED = found(effects=(24.0, 24.5, 3.0, 0.0))
SCREENED_SOLE = found(effects=(24.0, 3.0), only=1)
SCREENED_IDLE = found(effects=(0.0, 0.0, 0.0, 9.0))
FAILED = found((0.5, 0.6), (0.1, 0.1), (0.0, 0.0), (0.3, 0.4), failed=2)
ALL = (
    SURE, UNDECIDED, SOLE, LUCK_ONLY, NO_LUCK, TOGETHER, SAME, SCREENED, SCREENED_UNDECIDED, SCREENED_SOLE,
    SCREENED_IDLE, FAILED,
)  # fmt: skip


# -- sentences -----------------------------------------------------------------------------------------


def test_every_variant_is_reached() -> None:
    reached = {key for study in ALL for key in said(study)}
    wanted = {(topic, variant) for topic, variants in templates().items() for variant in variants}
    headings = {title(study, study.spreads[0]) for study in ALL}
    assert wanted - reached == {("title", variant) for variant in templates()["title"]}
    assert len(headings) >= len(templates()["title"])


def test_it_says_what_chance_explains_and_which_unknown_moves_it_most() -> None:
    told = said(SURE)
    assert told["chance", "some"] == (
        "Downtime: chance alone explains 30 % of the variance (28 % to 32 %), and 40 % (38 % to 42 %) would "
        "be left if all unknowns were known; no better knowledge takes that away."
    )
    assert told["most", "sure"] == (
        "Of what is unknown, “search for a new host: acceptance” moves it most: 60 % of the variance has to "
        "do with it (58 % to 62 %), 58 % by itself."
    )
    assert told["idle", "some"] == "Nothing depends on “move: takes, at most”."
    assert ("together", "some") not in told


def test_overlapping_intervals_are_not_ranked() -> None:
    told = said(UNDECIDED)
    assert told["most", "undecided"].endswith(
        "which comes first is undecided: “search for a new host: acceptance” (28 % to 32 %) and “slow: "
        "patience, on average” (27 % to 31 %)."
    )
    assert title(UNDECIDED, UNDECIDED.spreads[0]).endswith("which unknown moves it most is undecided")


def test_what_is_done_together_is_said_where_it_is_more_than_noise() -> None:
    assert said(TOGETHER)["together", "some"].startswith("What each does by itself adds up to 50 % ")


def test_a_measure_that_is_the_same_in_all_runs_has_nothing_to_explain() -> None:
    assert [one.topic for one in of_measure(SAME, SAME.spreads[0])] == ["same"]


def test_a_screening_speaks_in_the_measures_own_unit() -> None:
    told = said(SCREENED)
    assert " by 2 days on average (47 hours to 2 days) " in told["strength", "sure"]
    assert told["luck", "some"] == "Other luck alone moves it by 3 days (3 days to 3 days) on the same scale."


def test_a_failed_run_is_told_with_its_reason() -> None:
    assert said(FAILED)["error", "failed"] == (
        "2 of 512 points are left out because a run of theirs failed; the first: supply: it broke."
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (ACCEPTANCE, "search for a new host: acceptance"),
        (SCALE, "slow: patience, on average"),
        ("response.replace.host.tasks.move.takes.high", "move: takes, at most"),
        ("users.churn", "churn"),
    ],
)
def test_an_unknown_is_named_by_what_it_is_about(path: str, name: str) -> None:
    assert path_name(small(UNKNOWNS).scenario(), path) == name


# -- pictures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("study", ALL)
def test_every_picture_can_be_drawn_and_says_its_finding(study: Sensitivity) -> None:
    picture = figure.picture(study, study.spreads[0], "source")
    assert picture.png().startswith(b"\x89PNG")
    assert picture.title == title(study, study.spreads[0])
    assert picture.alternative.startswith("Downtime")


def test_bars_are_as_long_as_the_shares_and_told_apart_without_colour() -> None:
    axes = figure.picture(SURE, SURE.spreads[0], "source").figure.axes[0]
    bars: Any = axes.patches
    assert [round(bar.get_width(), 9) for bar in bars] == [60.0, 58.0, 10.0, 10.0, 0.0, 0.0, 40.0, 30.0]
    hatched, plain = bars[0], bars[1]
    assert hatched.get_hatch()
    assert not plain.get_hatch()
    light, dark = (sum(matplotlib.colors.to_rgb(bar.get_facecolor())) / 3 for bar in (hatched, plain))
    assert light - dark > 0.5


def test_no_share_is_drawn_beyond_all_of_the_variance() -> None:
    beyond = found((0.1, 0.1), (0.0, 0.0), (0.0, 0.0), (0.7, 1.06))
    axes = figure.picture(beyond, beyond.spreads[0], "source").figure.axes[0]
    bars: Any = axes.patches
    assert max(bar.get_width() for bar in bars) == 100.0
    spans = [np.asarray(line.get_xdata(), dtype=float) for line in axes.get_lines()[:-1]]
    assert max(float(span.max()) for span in spans) <= 100.0


def test_what_nothing_depends_on_is_not_drawn_but_for_the_first_few() -> None:
    twice = replace(SURE, inputs=(*SURE.inputs[:3], *SURE.inputs[:3], SURE.inputs[3]))
    idle = (Index(about(0.0), about(0.0)),) * 3
    spread = SURE.spreads[0]
    spread = replace(spread, indices=(*spread.indices[:3], *idle, spread.indices[3]))
    picture = figure.picture(twice, spread, "source")
    labels = [label.get_text() for label in picture.figure.axes[0].get_yticklabels()]
    assert len(labels) == 4
    assert labels[-1] == "Chance"
    words = " ".join(text.get_text().replace("\n", " ") for text in picture.figure.texts)
    assert "3 weaker inputs not drawn" in words
    assert len(figure.table(twice, spread).rows) == 7


def test_chance_is_drawn_last_and_the_strongest_unknown_first() -> None:
    axes = figure.picture(SURE, SURE.spreads[0], "source").figure.axes[0]
    labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert labels[0] == "Search for a new host: acceptance"
    assert labels[-1] == "Chance"


def test_the_table_under_a_picture_has_every_input_and_no_negative_share() -> None:
    negative = Index(Interval(-0.01, -0.03, 0.01), Interval(0.0, 0.0, 0.001))
    study = replace(
        SURE, spreads=(replace(SURE.spreads[0], indices=(*SURE.spreads[0].indices[:2], negative, negative)),)
    )
    table = figure.table(study, study.spreads[0])
    assert len(table.rows) == 4
    assert table.rows[-1][1:] == ("0 % (0 % to 1 %)", "0 % (0 % to <1 %)")


# -- the verb and Python -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sensitivity") / "small.yaml"
    place.write_text(TEXT + UNKNOWNS + STRATEGIES, encoding="utf-8")
    return place


def called(*arguments: Any) -> Result:
    return CliRunner().invoke(sensitivity, [str(one) for one in arguments], catch_exceptions=False)


def test_the_verb_says_it_tables_it_and_ends_with_the_folder(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    arguments = (path, "--base", 64, "--measure", "downtime", "--strategy", "asks_more", "--output", folder)
    text = called(*arguments).output
    assert text.startswith("One host, one search\nAsks two at once:\n\n")
    assert "chance alone explains" in " ".join(text.split())
    assert "Shares of the variance of" in text
    assert text.splitlines()[-1] == str(folder)
    names = {one.name for one in folder.iterdir()}
    assert names == {
        "blocks", "manifest.json", "sensitivity.csv", "sensitivity_downtime.png", "sensitivity_downtime.svg",
    }  # fmt: skip
    again = called(*arguments).output
    assert again.startswith("Already done: 1,200 runs from 64 points\nMore, keeping these: --base 128\n\n")
    assert again.split("\n\n", 1)[1] == text


def test_the_verb_takes_groups_and_screens(path: Path, tmp_path: Path) -> None:
    text = called(
        path, "--screen", "--group", "the work=response.replace.host.tasks", "--output", tmp_path / "out"
    ).output
    assert "The work" in text
    assert (tmp_path / "out" / "screening.csv").is_file()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--group", "people"), "--group people: write NAME=PATH,PATH"),
        (("--group", "=users"), "write NAME=PATH,PATH"),
        (("--group", "a=users", "--group", "a=response"), "--group a is there twice"),
        (("--measure", "time_to_recover"), "ask for `recovered`"),
        (("--base", "100"), "power of two, 64 or 128"),
        (("--strategy", "ask_more"), "asks_more"),
    ],
)
def test_a_request_that_cannot_be_met_leaves_nothing_behind(
    path: Path, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        called(path, *options, "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_scenario_without_unknowns_is_told_what_to_write(tmp_path: Path) -> None:
    place = tmp_path / "certain.yaml"
    place.write_text(TEXT, encoding="utf-8")
    with pytest.raises(UsageError, match=r"has no `unknowns`.*--set unknowns\.PATH=LAW"):
        called(place, "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    law = f"unknowns.{ACCEPTANCE}={{low: 10 %, likely: 30 %, high: 60 %}}"
    done = called(place, "--base", 2, "--set", law, "--output", tmp_path / "out")
    assert done.exit_code == 0


def test_in_python_it_answers_with_sentences_tables_and_pictures_and_keeps_nothing() -> None:
    result = explain(small(UNKNOWNS), measures=["downtime"], base=32)
    assert list(result.tables) == list(result.figures) == ["downtime"]
    assert str(result).splitlines()[0] == result.sentences[0].text
    assert repr(result) == "Explanation(small, 1,200 runs)"
    page = result._repr_html_()
    assert page.startswith("<h3>One host, one search</h3>")
    assert "<svg" in page
    assert "digest" in result.source
    assert result.study.folder is None
