"""A scenario run from Python: what is there, and that it is made from the study and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario import load_text
from sim.views.api import Result
from sim.views.comparison import FIGURES as BESIDE
from sim.views.figures import NAMES
from sim.views.gather import gather
from sim.views.story import story
from tests.studies import small

TEXT = """
name: one_host
title: One host or two
clock: {start: 2025-03-01T00:00Z, horizon: 90 d}
suppliers: {host: {kind: cloud host, monthly_cost: 1000}, second: {kind: cloud host, monthly_cost: 800}}
capabilities: {use: {label: Read and write, needs: [host]}}
users: {start: 50000, served_by: use}
targets: {rto: 7 d, users_lost: 10 %}
expect: [{measure: downtime, at_most: 7 d, in_share_of_runs: 90 %}]
observed:
  - {measure: downtime, value: 5 d, low: 4 d, high: 6 d, label: Back after five days, source: made up}
  - {quantity: active, at: 2025-04-01T00:00Z, of: 50000, value: 0.5, of_label: users before}
events: [{suspend: host, at: 2025-03-10T08:00Z, notice: 30 h}]
response:
  replace:
    host:
      search: {candidates: 8, acceptance: 20 %, reply: {mean: 36 h}}
      tasks: {set_up: {after: [host_found], takes: {low: 1 d, likely: 2 d, high: 7 d}}}
strategies:
  one_host: {label: One host}
  two_hosts: {label: Two hosts, capabilities: {use: {needs: null, needs_any: [host, second]}}}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return sim.run(load_text(TEXT), replications=200, output=tmp_path_factory.mktemp("api") / "results")


def test_run_leaves_report_and_figures_beside_the_tables(result: Result) -> None:
    folder = result.study.folder
    assert (folder / "report.html").read_text(encoding="utf-8") == result.report.html
    assert {path.name for path in (folder / "figures").iterdir()} == {
        f"{name}.{kind}" for name in (*NAMES, *BESIDE) for kind in ("png", "svg")
    }
    assert not list(folder.rglob("*.part"))


@pytest.mark.slow
def test_what_moves_users_lost_is_a_figure_too_where_anything_does(tmp_path: Path) -> None:
    unsure = "unknowns:\n  users.segments.slow.patience.mean: {low: 2 d, high: 80 d, law: uniform}\n"
    moved = sim.run(small(unsure), replications=200)
    assert moved.tornado is not None
    page = moved.save(tmp_path).read_text(encoding="utf-8")
    assert (tmp_path / "figures" / "tornado.png").is_file()
    assert (tmp_path / "figures" / "tornado.svg").is_file()
    assert 'id="figure-tornado"' in page


def test_a_result_shows_itself(result: Result) -> None:
    html = result._repr_html_()
    assert "<table>" in html
    assert "<svg" in html
    assert "In half of the 200 runs nobody can read and write" in str(result)
    assert repr(result) == "Result(one_host, 200 runs)"


def test_cases_hold_the_numbers_of_the_study(result: Result) -> None:
    first, second = result.cases
    assert (first.label, second.label) == ("One host", "Two hosts")
    assert np.array_equal(first.column("downtime"), result.study.outcomes("one_host")["downtime"])
    assert not second.column("downtime").any()
    assert sum(share.hours for share in first.shares) == pytest.approx(float(first.column("downtime").mean()))
    assert first.typical.replication == result.study.typical("one_host")
    assert first.typical.outcome["users_lost"] == pytest.approx(
        first.typical.counterfactual[-1] - first.typical.active[-1], rel=1e-9
    )


def test_the_layers_of_a_case_are_the_states_of_the_study_and_make_everybody(result: Result) -> None:
    for case in result.cases:
        assert [layer.name for layer in case.layers] == ["active", "waiting", "elsewhere", "gone"]
        assert np.array_equal(case.layers[0].mean, case.active.mean)
        everybody = sum(layer.mean for layer in case.layers)
        joined = case.scenario.users.joins * case.active.times
        if case.label == "Two hosts":  # nobody is kept from joining
            assert everybody == pytest.approx(50_000 + joined, rel=1e-6)


def test_observations_stand_beside_the_runs(result: Result) -> None:
    downtime, share = result.case.observed
    assert downtime.simulated.shape == share.simulated.shape == (200,)
    assert downtime.open.sum() == (~result.study.finished("downtime")).sum()
    assert share.of == 50_000
    assert 0 <= share.simulated.min() <= share.simulated.max() <= 1.1


def test_targets_and_claims_have_their_limits_in_words(result: Result) -> None:
    texts = [check.text for check in result.case.checks]
    assert texts[0].endswith("at most 7 d")
    assert texts[1].endswith("at most 5,000")
    assert texts[2] == "Downtime: at most 7 d"
    assert [check.verdict for check in result.case.checks] == ["", "", "fail"]


def test_stories_of_typical_worst_and_numbered_runs_differ(result: Result) -> None:
    typical, worst = result.story(), result.story("worst")
    assert typical.text == story(result.study).text
    assert worst.text != typical.text
    assert result.story(result.study.typical()).text == typical.text
    assert "Two hosts" in result.story(strategy="two_hosts").title


def test_a_run_beyond_the_study_can_be_told(result: Result) -> None:
    assert result.story(1234).title.startswith("One host or two: run 1,234")


def test_the_same_study_gives_the_same_page(result: Result) -> None:
    again = Result(result.study)
    assert again.report.html == result.report.html


def test_gather_takes_the_baseline_unless_told(result: Result) -> None:
    assert gather(result.study).provenance.strategy == "one_host"
    assert gather(result.study, "two_hosts").provenance.strategy == "two_hosts"


def test_without_figures_the_page_is_still_whole(result: Result, tmp_path: Path) -> None:
    path = result.save(tmp_path, figures=False)
    text = path.read_text(encoding="utf-8")
    assert "<svg" not in text
    assert 'id="summary"' in text
    assert not (tmp_path / "figures").exists()
