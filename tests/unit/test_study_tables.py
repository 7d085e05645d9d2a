"""The files of a study hold what the runs had."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from sim.outcomes import measures_of
from sim.scenario import load_scenario
from sim.streams import BLOCK
from sim.study import BlockResult, Study, run_study, simulate
from sim.study import encode as encoding
from sim.study.parquet import fetch, quoted
from sim.study.world import Failure
from tests.pipeline import written
from tests.studies import TEXT, UNSURE, same, small, studied, table

RUNS = 250


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """One block and a part of one, with a counterfactual that differs between runs."""
    return studied(tmp_path_factory.mktemp("tables") / "results", RUNS, more=UNSURE, command="as typed")


@pytest.fixture(scope="module")
def blocks() -> list[BlockResult]:
    """The same blocks, computed here."""
    scenario = small(UNSURE).scenario()
    return [simulate(scenario, block) for block in range(2)]


def test_all_files_of_the_folder_are_there(study: Study) -> None:
    files = sorted(
        path.relative_to(study.folder).as_posix() for path in study.folder.rglob("*") if path.is_file()
    )
    assert files == [
        "attribution.parquet",
        "blocks/as_is/000000.parquet",
        "blocks/as_is/000001.parquet",
        "blocks/as_is/trajectories/000000.parquet",
        "blocks/as_is/trajectories/000001.parquet",
        "comparison.csv",
        "criticality.csv",
        "events.parquet",
        "inputs.csv",
        "manifest.json",
        "outcomes.parquet",
        "scenario.yaml",
        "segments.parquet",
        "summary.csv",
        "trajectories.parquet",
    ]


def test_the_manifest_says_what_ran(study: Study) -> None:
    said = json.loads((study.folder / "manifest.json").read_text(encoding="utf-8"))
    assert said["digest"] == small(UNSURE).digest
    assert said["seed"] == 1
    assert said["replications"] == RUNS
    assert said["strategies"] == {"as_is": RUNS}
    assert said["block"] == BLOCK
    assert said["command"] == "as typed"
    assert said["complete"] is True
    assert {"python", "numpy", "scipy", "simpy", "duckdb", "hostfall"} <= set(said["versions"])
    assert said["machine"]["instructions"]
    assert said["duration_seconds"] > 0.0


@pytest.mark.parametrize("name", ["outcomes", "segments", "attribution", "events", "trajectories"])
def test_every_table_says_whose_it_is_wherever_it_is_taken(study: Study, name: str) -> None:
    file = quoted(study.folder / f"{name}.parquet")
    found = fetch(f"SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata({file})")
    said = dict(zip(found["key"].tolist(), found["value"].tolist(), strict=True))
    manifest = study.manifest
    wanted = {key: str(manifest[key]) for key in ("name", "digest", "seed", "users")}
    assert {key: said[key] for key in wanted} == wanted
    assert said["hostfall"] == manifest["versions"]["hostfall"]


def test_the_resolved_scenario_loads_to_the_same_study(study: Study) -> None:
    assert load_scenario(study.folder / "scenario.yaml").digest == study.manifest["digest"]


def test_outcomes_have_a_column_a_measure(study: Study, blocks: list[BlockResult]) -> None:
    rows = table(study.folder, "outcomes.parquet")
    measures = measures_of(small(UNSURE).scenario())
    assert list(rows) == ["strategy", "replication", *measures, "failed_stage", "failed_reason"]
    assert list(rows["replication"]) == list(range(RUNS))
    assert set(rows["strategy"]) == {"as_is"}
    for name in measures:
        both = np.concatenate([block.outcome.columns[name] for block in blocks if block.outcome])[:RUNS]
        assert np.array_equal(rows[name], both), name


def test_the_summary_has_a_line_a_measure(study: Study) -> None:
    with open(study.folder / "summary.csv", encoding="utf-8", newline="") as file:
        rows = {row["measure"]: row for row in csv.DictReader(file)}
    assert list(rows) == list(measures_of(small(UNSURE).scenario()))
    lost = np.sort(study.outcomes()["users_lost"])
    assert float(rows["users_lost"]["median"]) == lost[124]
    assert float(rows["users_lost"]["p05"]) == lost[12]
    assert float(rows["users_lost"]["p95"]) == lost[237]
    assert float(rows["users_lost"]["mean"]) == pytest.approx(lost.mean(), rel=1e-12)
    assert rows["users_lost"]["unit"] == "active users"
    assert rows["users_lost"]["unfinished"] == ""
    assert rows["time_to_recover_users"]["p95"] == "inf"


def test_segments_add_up_to_the_outcomes(study: Study) -> None:
    rows = table(study.folder, "segments.parquet")
    assert list(rows) == ["strategy", "replication", "segment", "users_lost", "user_hours_lost"]
    assert len(rows["segment"]) == 2 * RUNS
    for name in ("users_lost", "user_hours_lost"):
        total = np.bincount(rows["replication"], rows[name])
        assert total == pytest.approx(study.outcomes()[name], rel=1e-9)


def test_a_study_reads_the_same_rows_as_anybody(study: Study) -> None:
    for name in ("segments", "attribution", "trajectories"):
        assert same(dict(getattr(study, name)), table(study.folder, f"{name}.parquet"))


def test_attribution_adds_up_to_the_downtime_of_every_capability(study: Study) -> None:
    rows = table(study.folder, "attribution.parquet")
    assert list(rows) == [
        "strategy", "replication", "capability", "outage", "cause", "kind", "hours", "censored",
    ]  # fmt: skip
    for capability in ("use", "install"):
        mine = rows["capability"] == capability
        total = np.bincount(rows["replication"][mine], rows["hours"][mine], RUNS)
        assert total == pytest.approx(study.outcomes()[f"downtime.{capability}"], abs=1e-6)


def test_what_downtime_was_spent_on_adds_up_to_its_mean(study: Study) -> None:
    spent = study.spent()
    assert sum(one.hours for one in spent) == pytest.approx(study.outcomes()["downtime"].mean(), rel=1e-9)
    assert [one.hours for one in spent] == sorted((one.hours for one in spent), reverse=True)
    assert all(0.0 < one.runs <= 1.0 for one in spent)


def test_shares_of_mean_and_variance_are_those_of_the_hours_and_add_up_to_one(study: Study) -> None:
    rows = table(study.folder, "attribution.parquet")
    mine = rows["capability"] == "use"
    down = np.bincount(rows["replication"][mine], rows["hours"][mine], RUNS)
    spent = study.spent(capability="use")
    for one in spent:
        here = mine & (rows["cause"] == one.cause) & (rows["kind"] == one.kind)
        hours = np.bincount(rows["replication"][here], rows["hours"][here], RUNS)
        covariance = np.cov(hours, down)[0, 1]
        assert one.variance == pytest.approx(covariance / np.var(down, ddof=1), abs=1e-9)
        assert one.runs == np.mean(hours > 0.0)
    assert sum(one.variance for one in spent) == pytest.approx(1.0, abs=1e-9)
    assert sum(one.downtime for one in spent) == pytest.approx(1.0, abs=1e-9)
    with (study.folder / "criticality.csv").open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if row["capability"] == "use"]
    assert [(row["cause"], float(row["variance"])) for row in kept] == [(o.cause, o.variance) for o in spent]


def test_events_are_the_happenings_in_their_order(study: Study, blocks: list[BlockResult]) -> None:
    rows = table(study.folder, "events.parquet")
    assert list(rows) == ["strategy", "replication", "time", "entity", "event", "cause"]
    for k in (0, 137, 249):
        happened = blocks[k // BLOCK].happened
        assert happened is not None
        mine = rows["replication"] == k
        told = zip(*(rows[column][mine] for column in ("time", "entity", "event", "cause")), strict=True)
        assert list(told) == [tuple(one) for one in happened.timelines[k % BLOCK].happenings]


def test_events_of_a_typical_run_beyond_those_kept_are_played_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, study: Study
) -> None:
    for module in ("encode", "tables"):
        monkeypatch.setattr(f"sim.study.{module}.HAPPENINGS_OF_FIRST", 1)
    bare = studied(tmp_path / "results", RUNS, more=UNSURE)
    rows, full = table(bare.folder, "events.parquet"), table(study.folder, "events.parquet")
    assert set(rows["replication"]) == {0, bare.typical(), bare.worst()}
    for k in (bare.typical(), bare.worst()):
        for column in ("time", "entity", "event", "cause"):
            assert list(rows[column][rows["replication"] == k]) == list(
                full[column][full["replication"] == k]
            )


@pytest.mark.parametrize("state", ["active", "waiting", "away", "gone"])
def test_fans_are_means_and_order_statistics_of_the_runs(
    study: Study, blocks: list[BlockResult], state: str
) -> None:
    worlds = [block.happened for block in blocks]
    runs = np.concatenate([world.history.states[state] for world in worlds if world])[:RUNS]
    for segment, values in {"fast": runs[:, 0], "slow": runs[:, 1], "all": runs.sum(axis=1)}.items():
        fan = study.fan(state, segment)
        ordered = np.sort(values, axis=0)
        assert np.array_equal(fan["time"], worlds[0].history.times if worlds[0] else [])
        assert fan["mean"] == pytest.approx(values.mean(axis=0), rel=1e-6, abs=1e-3)
        for label, row in {"p05": 12, "p25": 62, "p50": 124, "p75": 187, "p95": 237}.items():
            assert fan[label] == pytest.approx(ordered[row], rel=1e-6, abs=1e-3)


def test_the_counterfactual_is_the_mean_over_the_runs_shown(study: Study, blocks: list[BlockResult]) -> None:
    """Of the second block only fifty runs are shown: their own mean counts, not the block's."""
    spared = np.concatenate([block.spared.history.states["active"] for block in blocks if block.spared])
    for segment, column in (("fast", 0), ("slow", 1)):
        expected = spared[:RUNS, column].mean(axis=0)
        assert study.fan("active", segment)["counterfactual"] == pytest.approx(expected, rel=1e-6)
    whole_blocks = spared[:, 1].mean(axis=0)
    assert study.fan("active", "slow")["counterfactual"][-1] != pytest.approx(whole_blocks[-1], rel=1e-6)


def test_capabilities_have_their_share_of_runs_up(study: Study, blocks: list[BlockResult]) -> None:
    fan = study.fan("capability.use")
    timelines = [one for block in blocks if block.happened for one in block.happened.timelines][:RUNS]
    expected = [np.mean([one.levels["use"].at(t) for one in timelines]) for t in fan["time"]]
    assert fan["mean"] == pytest.approx(expected, rel=1e-6)
    assert set(fan["counterfactual"]) == {1.0}


def test_users_at_an_instant_are_read_between_report_times(study: Study, blocks: list[BlockResult]) -> None:
    happened = blocks[0].happened
    assert happened is not None
    times, active = happened.history.times, happened.history.states["active"].sum(axis=1)
    found = study.users_at("active", 1000.0)
    assert found.shape == (RUNS,)
    assert found[3] == pytest.approx(np.interp(1000.0, times, active[3]), rel=1e-6)
    assert study.users_at("active", float(times[-1]))[3] == pytest.approx(active[3, -1], rel=1e-6)


def test_trajectories_of_later_blocks_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("encode", "tables"):
        monkeypatch.setattr(f"sim.study.{module}.TRAJECTORIES_OF_FIRST", BLOCK)
    short = studied(tmp_path / "results", 400)
    assert [path.name for path in short.folder.rglob("trajectories/*")] == ["000000.parquet"]
    first = studied(tmp_path / "first", 200)
    assert np.array_equal(short.fan()["mean"], first.fan()["mean"])


def test_a_block_of_failures_alone_is_still_a_block() -> None:
    lost = BlockResult(3, None, None, None, dict.fromkeys(range(BLOCK), Failure("demand", "ValueError: no")))
    encoded = encoding.encode(lost)
    assert encoded.trajectories is None
    assert encoded.rows[:4] == b"PAR1"


def test_no_event_makes_tables_of_nothing_lost(tmp_path: Path) -> None:
    quiet = written(TEXT.replace("  - {suspend: host, at: 2025-01-08T00:00Z}\n", "").replace("events:\n", ""))
    calm = run_study(quiet, replications=3, output=tmp_path / "results")
    assert set(calm.outcomes()["users_lost"]) == {0.0}
    assert len(table(calm.folder, "attribution.parquet")["hours"]) == 0
    assert len(table(calm.folder, "events.parquet")["time"]) == 0
    assert calm.fan()["mean"] == pytest.approx(calm.fan()["counterfactual"], rel=1e-7)
    assert calm.spent() == []
