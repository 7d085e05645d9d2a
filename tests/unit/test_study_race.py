"""Strategies raced: who is chosen, who is run no further, and that a stop changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.study.kim_nelson import Race
from sim.study.race import run_race
from sim.study.until import STOPPED_BY
from tests.pipeline import written
from tests.studies import STRATEGIES, TEXT, small, studied

THREE = """
strategies:
  as_is: {label: As it is}
  asks_more: {label: Asks two at once, response: {replace: {host: {search: {at_once: 2}}}}}
  slow:
    label: Slow
    response: {replace: {host: {tasks: {move: {takes: {low: 20 d, likely: 22 d, high: 25 d}}}}}}
baseline: as_is
"""


def test_the_best_is_chosen_and_what_drops_out_is_run_no_further(tmp_path: Path) -> None:
    found = run_race(small(THREE), "downtime", 6.0, replications=4000, output=tmp_path)
    assert found.best == "asks_more"
    runs = {part.strategy: part.replications for part in found.study.parts}
    assert runs["slow"] == 400
    assert max(runs.values()) >= found.choice.runs
    assert dict(found.dropped)["slow"] <= 400
    means = {name: float(np.mean(found.study.outcomes(name)["downtime"])) for name in runs}
    assert min(means, key=lambda name: means[name]) == "asks_more"
    assert found.study.manifest[STOPPED_BY] == "selection"


@pytest.mark.slow
def test_it_chooses_as_the_procedure_does_on_the_same_runs(tmp_path: Path) -> None:
    found = run_race(small(THREE), "downtime", 6.0, replications=4000, output=tmp_path)
    whole = studied(None, max(part.replications for part in found.study.parts), more=THREE)
    race = Race(3, 6.0)
    columns = [whole.outcomes(name)["downtime"] for name in found.strategies]
    assert race.take(np.column_stack(columns)) == found.choice


@pytest.mark.slow
def test_a_race_goes_on_where_it_stopped(tmp_path: Path) -> None:
    short = run_race(small(STRATEGIES), "users_lost", 1.0, replications=600, output=tmp_path)
    assert short.best is None
    assert short.left == ("as_is", "asks_more")
    on = run_race(small(STRATEGIES), "users_lost", 1.0, replications=800, output=tmp_path)
    fresh = run_race(small(STRATEGIES), "users_lost", 1.0, replications=800)
    assert on.choice == fresh.choice
    assert {part.replications for part in on.study.parts} == {800}


def test_too_few_runs_choose_nobody() -> None:
    found = run_race(small(STRATEGIES), "downtime", 6.0, replications=200)
    assert (found.best, found.choice.runs) == (None, 200)
    assert found.study.outcomes("as_is")["replication"].size == 200


def test_a_time_that_the_horizon_cut_is_refused() -> None:
    cut = written(TEXT.replace("horizon: 60 d", "horizon: 12 d") + STRATEGIES)
    with pytest.raises(UsageError, match="no mean to choose by"):
        run_race(cut, "time_to_recover", 6.0, replications=400)


@pytest.mark.parametrize(
    ("measure", "indifference", "names"),
    [("downtimes", 1.0, None), ("downtime", 0.0, None), ("downtime", 1.0, ["as_is"])],
)
def test_what_cannot_be_raced_is_refused(measure: str, indifference: float, names: list[str] | None) -> None:
    with pytest.raises(UsageError):
        run_race(small(STRATEGIES), measure, indifference, replications=200, strategies=names)
