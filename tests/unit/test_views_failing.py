"""`results fails`: where a strategy fails, in values of its unknowns; and what is refused."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.study.failing import failing
from sim.views import cli, saying
from sim.views.failing import Failures, read_condition, where_it_fails
from tests.studies import studied

pytest.importorskip("sklearn", reason="the library scikit-learn (extra `rules`) is not installed")

ACCEPTANCE = "response.replace.host.search.acceptance"
UNKNOWN = f"""
unknowns:
  {ACCEPTANCE}: {{low: 5 %, high: 95 %, law: uniform}}
  users.segments.slow.churn: {{low: 0.01 % per day, high: 0.02 % per day, law: uniform}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return studied(tmp_path_factory.mktemp("failing") / "one", 600, more=UNKNOWN).folder


@pytest.fixture(scope="module")
def found(folder: Path) -> Failures:
    return where_it_fails(folder, "downtime > 12 d")


def test_the_unknown_that_decides_is_found_and_told_in_its_own_unit(found: Failures) -> None:
    worst = found.found.boxes[0]
    assert set(worst.bounds) == {ACCEPTANCE}
    assert worst.bounds[ACCEPTANCE][0] == 0.0
    assert 0.1 < worst.bounds[ACCEPTANCE][1] < 0.6
    texts = [each.text for each in found.sentences]
    assert texts[0].startswith("“as is”: downtime > 12 d in ")
    assert texts[1].startswith("Most often where “")
    assert " % of the runs there (95 % interval " in texts[1]
    assert f"{100 * worst.covers:.3g} % of all that fail" in texts[1]
    assert "300, of which it knew nothing" in texts[-1]


def test_the_table_has_a_row_a_box_and_counts_the_runs_held_back(found: Failures) -> None:
    (table,) = found.tables
    assert len(table.rows) == len(found.found.boxes)
    assert sum(int(row[1]) for row in table.rows) == 300
    assert "“downtime > 12 d” holds" in table.caption


def test_every_sentence_is_reached_and_none_has_a_field_left(folder: Path, found: Failures) -> None:
    rng = np.random.default_rng(1)
    nothing = replace(found, found=failing({"users.churn": rng.random(400)}, rng.random(400) < 0.3))
    alike = tuple(replace(box, share=found.found.share) for box in found.found.boxes)
    unsure = replace(found, found=replace(found.found, boxes=alike))
    ends = [where_it_fails(folder, "downtime < 0 h"), where_it_fails(folder, "downtime >= 0 h")]
    said = [each for one in (found, nothing, unsure, *ends) for each in one.sentences]
    wanted = {
        (topic, name) for topic, names in saying.templates("failing_sentences").items() for name in names
    }
    assert {(each.topic, each.variant) for each in said} == wanted
    assert not [each for each in said if "{" in each.text or "nan" in each.text]
    assert not nothing.tables


@pytest.mark.parametrize(
    ("typed", "limit"),
    [("downtime>12d", 288.0), ("users_lost >= 5 thousand", 5000.0), ("cost <= 1e3", 1000.0)],
)
def test_what_counts_as_failing_is_read_with_its_unit(found: Failures, typed: str, limit: float) -> None:
    condition = read_condition(typed, found.arm)
    assert condition.limit == limit
    assert condition.sign in typed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--when", "users_lost"], "write a measure, a sign and an amount"),
        (["--when", "downtime > 7"], "--when downtime > 7"),
        (["--when", "users_lots > 7"], "Did you mean `users_lost`"),
        (["--when", "users_lost > 7", "--strategy", "as_si"], "Did you mean `as_is`"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_status_2(
    folder: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["results", "fails", str(folder), *arguments]) == 2
    text = capsys.readouterr().err
    assert message in text
    assert text.count("\n") == 1


def test_the_verb_says_it_and_tables_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["results", "fails", str(folder), "--when", "downtime > 12 d"]) == 0
    text = capsys.readouterr().out
    assert "Most often where" in text
    assert "Of all that fail" in text


def test_without_the_library_the_verb_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    assert cli.main(["results", "fails", str(folder), "--when", "downtime > 12 d"]) == 2
    assert "hostfall[rules]" in capsys.readouterr().err
