"""The record of what was measured, and the guard: what is worse than before by more than noise is said."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import events, history, run
from benchmarks.history import Record, regressions
from benchmarks.timing import Ratio

COST = Ratio("ours / a yardstick", 1.0, (1.0, 1.0), at_most=2.0)
GAIN = Ratio("theirs / ours", 100.0, (1.0, 1.0), at_least=50.0)
COUNT = Ratio("events", 1_754.0, (0.0, 0.0), exact=True)
TOLD = Ratio("only told", 1.0, (1.0, 1.0))
ALL = (COST, GAIN, COUNT, TOLD)


def before(**changes: str) -> list[Record]:
    return [replace(record, **changes) for record in history.records(ALL)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ratio", "worse"),
    [
        (replace(COST, value=1.2), False),
        (replace(COST, value=1.3), True),
        (replace(COST, value=0.1), False),
        (replace(GAIN, value=85.0), False),
        (replace(GAIN, value=75.0), True),
        (replace(GAIN, value=900.0), False),
        (replace(COUNT, value=1_755.0), True),
        (replace(COUNT, value=1_753.0), True),
        (COUNT, False),
        (replace(TOLD, value=9.0), False),
    ],
)
def test_times_may_wander_and_counts_may_not(ratio: Ratio, worse: bool) -> None:
    found = regressions([ratio], before())
    assert bool(found) == worse
    assert not worse or found[0].startswith(f"{ratio.name}: ")


def test_times_are_held_against_the_same_kind_of_machine_and_counts_against_the_same_model() -> None:
    slower, other = replace(COST, value=9.0), replace(COUNT, value=9.0)
    assert not regressions([slower], before(machine="another"))
    assert regressions([other], before(machine="another"))
    assert not regressions([other], before(model="another"))


def test_it_is_the_last_record_that_counts() -> None:
    old, new = before(), [replace(record, value=2.0 * record.value) for record in before()]
    assert not regressions([replace(COST, value=2.1)], [*old, *new])
    assert regressions([replace(COST, value=2.1)], [*new, *old])


def test_rows_come_back_as_they_were_written_and_say_no_name_and_no_commit(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    rows = history.records([*ALL, Ratio("not installed", math.nan, (0.0, 0.0))])
    history.add(rows[:2], path)
    history.add(rows[2:], path)
    assert history.read(path) == rows
    assert [row.kind for row in rows] == ["ratio", "ratio", "count", "told"]
    assert len({row.program for row in rows}) == 1
    int(rows[0].program, 16)


def test_what_looks_worse_is_measured_again_and_the_better_one_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    values = iter([1.9, 1.05, 1.0])
    module = SimpleNamespace(measure=lambda: [replace(COST, value=next(values))])
    monkeypatch.setattr(run, "import_module", lambda _: module)
    assert run.measured("anything", before()) == [replace(COST, value=1.05)]
    assert run.measured("anything", before()) == [COST]
    assert run.better(GAIN, replace(GAIN, value=200.0)).value == 200.0


def test_a_run_that_is_worse_ends_with_1_and_is_recorded_only_if_it_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "history.csv"
    history.add(before(), path)
    module = SimpleNamespace(measure=lambda: [replace(COUNT, value=9.0)])
    monkeypatch.setattr(run, "import_module", lambda _: module)
    monkeypatch.setattr(history, "HISTORY", path)
    monkeypatch.setattr(history.read, "__defaults__", (path,))
    monkeypatch.setattr(history.add, "__defaults__", (path,))
    assert run.main(["events"]) == 1
    assert "WORSE: events: 9, and was 1,754" in capsys.readouterr().err
    assert len(history.read(path)) == 4
    assert run.main(["--accept", "events"]) == 0
    assert history.read(path)[-1].value == 9.0
    assert run.main(["events"]) == 0


def test_the_suppliers_take_as_many_events_as_were_recorded() -> None:
    """Where that is meant to change: ``python -m benchmarks --accept events``."""
    known = history.read()
    measured = events.measure()
    assert {ratio.name for ratio in measured} <= {record.name for record in known}
    assert regressions(measured, known) == []
