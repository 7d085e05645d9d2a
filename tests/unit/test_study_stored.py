"""Outcomes read from the finished table are those of the blocks, however few columns are kept in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.study import Study, stored
from sim.study.archive import Archive
from sim.study.parquet import fetch, name, source
from sim.study.stored import Stored
from tests.studies import STRATEGIES, same, studied


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return studied(tmp_path_factory.mktemp("stored") / "results", 300, more=STRATEGIES)


def of(study: Study, replications: int = 300, strategy: str = "asks_more") -> Stored:
    columns = ["replication", *study.part(strategy).measures]
    return Stored(Archive(study.folder), "outcomes.parquet", strategy, columns, replications)


@pytest.mark.parametrize("together", [10, 4_000_000])
def test_columns_are_those_of_the_blocks(
    study: Study, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(stored, "_TOGETHER", together)
    found = of(study)
    blocks = sorted((study.folder / "blocks" / "asks_more").glob("*.parquet"))
    chosen = ", ".join(map(name, found))
    assert same(dict(found), fetch(f"SELECT {chosen} FROM {source(blocks)} WHERE replication < 300"))
    assert len(found) == len(dict(found))


def test_of_a_large_table_one_column_is_kept(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_TOGETHER", 10)
    found = of(study)
    assert found["downtime"] is found["downtime"]
    assert found["users_lost"].nbytes == 8 * found.runs
    assert list(found._kept) == ["users_lost"]


def test_only_the_runs_asked_for_are_shown(study: Study) -> None:
    assert of(study, 250)["replication"].tolist() == list(range(250))


def test_a_failed_run_has_no_row(tmp_path: Path) -> None:
    study = studied(tmp_path / "results", 200)
    table = tmp_path / "failed.parquet"
    whole = source([study.folder / "outcomes.parquet"])
    failed = "replication = 7 AS broken, if(broken, 'supply', NULL) AS failed_stage"
    fetch(f"COPY (SELECT * EXCLUDE (failed_stage), {failed} FROM {whole}) TO '{table}'")
    found = Stored(Archive(tmp_path), table.name, "as_is", ["replication", "downtime"], 200)
    assert np.array_equal(found["replication"], np.delete(np.arange(200), 7))


def test_outcomes_outlive_the_study_that_gave_them() -> None:
    found = studied(None, 1).outcomes()
    assert found["downtime"].shape == (1,)


def test_what_is_no_column_is_a_missing_key(study: Study) -> None:
    assert "nonsense" not in of(study)
    with pytest.raises(KeyError):
        of(study)["nonsense"]
