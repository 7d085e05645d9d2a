"""Two studies beside each other: every input that differs, and differences with the right interval."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.study import Study
from sim.study.apart import contrasts, fields_apart, no_pairs, welch
from sim.study.arms import arms_of
from sim.study.statistics import mean_interval
from sim.views.beside import beside
from tests.studies import STRATEGIES, UNSURE, small, studied

QUICKER = "response.replace.host.search.at_once=2"
UNKNOWN = "unknowns.users.segments.slow.churn"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compare")


@pytest.fixture(scope="module")
def one(place: Path) -> Study:
    return studied(place / "one", 200)


@pytest.fixture(scope="module")
def quicker(place: Path) -> Study:
    return studied(place / "quicker", 200, settings=[QUICKER])


@pytest.fixture(scope="module")
def reseeded(place: Path) -> Study:
    return studied(place / "reseeded", 200, settings=["seed=7"])


def test_exactly_the_fields_that_differ_are_listed() -> None:
    changed = fields_apart(small().scenario(), small(settings=[QUICKER, "users.start=50000"]).scenario())
    assert [(each.path, each.first, each.second) for each in changed] == [
        ("users.start", "0.1 million", "50000"),
        ("users.joins", "100 per day", "50 per day"),
        ("response.replace.host.search.at_once", "1", "2"),
    ]
    assert fields_apart(small().scenario(), small().scenario()) == []


def test_a_field_that_one_lacks_has_nothing_there() -> None:
    other = small(UNSURE)
    changed = fields_apart(small().scenario(), other.scenario())
    assert {each.path for each in changed} >= {f"{UNKNOWN}.low", f"{UNKNOWN}.high"}
    assert all(each.first is None for each in changed if each.path.startswith("unknowns"))


def test_labels_and_titles_are_no_difference() -> None:
    scenario = small().scenario()
    assert fields_apart(scenario, scenario.model_copy(update={"title": "Another title"})) == []


def test_the_same_draws_give_pairs_and_others_do_not(one: Study, quicker: Study, reseeded: Study) -> None:
    assert no_pairs(one.manifest, quicker.manifest) == []
    assert no_pairs(one.manifest, reseeded.manifest) == ["seed 1 and 7"]
    older = {**one.manifest, "versions": {**one.manifest["versions"], "numpy": "1.0"}}
    assert no_pairs(older, one.manifest)[0].startswith("numpy 1.0 and ")


def test_differences_are_those_of_pairs_or_of_independent_samples(one: Study, quicker: Study) -> None:
    mine, theirs = one.outcomes()["users_lost"], quicker.outcomes()["users_lost"]
    first, second = arms_of(one)[0], arms_of(quicker)[0]
    pairs = {each.measure.name: each for each in contrasts(first, second, pairs=True)}
    alone = {each.measure.name: each for each in contrasts(first, second, pairs=False)}
    assert pairs["users_lost"].difference == mean_interval(theirs - mine)
    assert alone["users_lost"].difference == welch(theirs, mine)
    assert pairs["users_lost"].first.mean == float(np.mean(mine))


def test_no_difference_of_a_time_that_the_horizon_cut(one: Study, quicker: Study) -> None:
    first, second = arms_of(one)[0], arms_of(quicker)[0]
    found = {each.measure.name: each.difference for each in contrasts(first, second, pairs=True)}
    assert found["time_to_recover"] is None
    assert found["downtime"] is None
    assert found["resilience_loss"] is not None


def test_a_measure_that_only_one_has_is_left_out(one: Study, quicker: Study) -> None:
    first, second = arms_of(one)[0], arms_of(quicker)[0]
    fewer = replace(second, measures={"users_lost": second.measures["users_lost"]})
    assert [each.measure.name for each in contrasts(first, fewer, pairs=True)] == ["users_lost"]


def test_it_is_said_whether_runs_are_pairs(one: Study, quicker: Study, reseeded: Study) -> None:
    paired = beside(one.folder, quicker.folder, (), 110)
    assert "1 input differs:" in paired
    assert "response.replace.host.search.at_once   1       2" in paired
    assert "Run by run: both met the same random numbers" in paired
    apart = beside(one.folder, reseeded.folder, (), 110)
    assert "Not run by run (seed 1 and 7)" in apart
    assert "(Welch)" in apart
    assert "Users lost" in apart


def test_a_study_is_the_same_as_itself(one: Study) -> None:
    text = beside(one.folder, one.folder, ["users_lost"], 110)
    assert "The inputs are the same: one digest." in text
    (row,) = [line for line in text.splitlines() if line.startswith("Users lost")]
    assert row.split()[-1] == "0"


def test_other_horizons_are_warned_of_and_lone_strategies_named(one: Study, place: Path) -> None:
    studied(place / "longer", 200, settings=["clock.horizon=90 d"], more=STRATEGIES)
    text = beside(one.folder, place / "longer", (), 110)
    assert "They look ahead 60 d and 90 d" in text
    assert "Only in the second: asks_more." in text


def test_without_a_strategy_in_common_there_is_nothing_to_compare(place: Path) -> None:
    studied(place / "two", 200, more=STRATEGIES)
    studied(place / "renamed", 200, more=STRATEGIES.replace("as_is", "now").replace("asks_more", "later"))
    text = beside(place / "two", place / "renamed", (), 110)
    assert "They have no strategy of one name in common." in text
    assert "Only in the first: as_is, asks_more." in text


def test_an_unknown_measure_gets_the_nearest_name(one: Study, quicker: Study) -> None:
    with pytest.raises(UsageError, match=r"Did you mean `users_lost`"):
        beside(one.folder, quicker.folder, ["user_lost"], 110)
