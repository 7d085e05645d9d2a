"""SQL over all studies: what it finds is what the studies hold, and nothing but results can be reached."""

from __future__ import annotations

import csv
import io
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.errors import UsageError
from sim.study import Study
from sim.study.shelf import find_studies
from sim.study.sql import CSV, PARQUET, Answer, ask
from sim.views.answering import MOST_ROWS, answered
from tests.studies import STRATEGIES, studied


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two studies; one has a strategy and a capability less."""
    place = tmp_path_factory.mktemp("query")
    studied(place / "one", 200, more=STRATEGIES)
    studied(place / "two", 200, settings=["users.start=50000"])
    return place


@pytest.fixture(scope="module")
def one(shelf: Path) -> Study:
    return studied(shelf / "one", 200, more=STRATEGIES)


def found(shelf: Path, query: str) -> Answer:
    """What a query finds on the shelf."""
    return ask(query, list(find_studies(shelf)))


def test_numbers_are_those_of_the_studies(shelf: Path, one: Study) -> None:
    answer = found(
        shelf, "SELECT digest, strategy, count(*), avg(users_lost) FROM outcomes GROUP BY ALL ORDER BY ALL"
    )
    rows = {row[:2]: row[2:] for row in answer.rows}
    assert len(rows) == 3
    for strategy in one.strategies:
        count, mean = rows[one.manifest["digest"], strategy]
        assert count == 200
        assert mean == pytest.approx(float(np.mean(one.outcomes(strategy)["users_lost"])), rel=1e-12)


@pytest.mark.parametrize("view", [*PARQUET, *CSV])
def test_every_view_begins_with_scenario_and_digest(shelf: Path, view: str) -> None:
    answer = found(shelf, f"SELECT * FROM {view} LIMIT 1")
    assert answer.columns[:2] == ("scenario", "digest")
    assert answer.skipped == ()


def test_tables_kept_as_text_have_numbers(shelf: Path) -> None:
    query = "SELECT typeof(mean), typeof(runs), typeof(restricted), typeof(unit) FROM summary LIMIT 1"
    assert found(shelf, query).rows == (("DOUBLE", "BIGINT", "BOOLEAN", "VARCHAR"),)
    infinite = found(shelf, "SELECT count(*) FROM summary WHERE isinf(p95)").rows
    assert infinite[0][0] > 0


@pytest.mark.parametrize(
    "query",
    [
        "COPY (SELECT 1) TO '{target}'",
        "COPY outcomes TO '{target}'",
        "ATTACH '{target}' AS other",
        "EXPORT DATABASE '{target}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "CREATE TABLE mine AS SELECT 1",
        "DROP TABLE outcomes",
        "DELETE FROM outcomes",
        "UPDATE outcomes SET downtime = 0",
        "SELECT 1; SELECT 2",
        "",
    ],
)
def test_nothing_but_one_select_is_run(shelf: Path, tmp_path: Path, query: str) -> None:
    target = tmp_path / "target"
    with pytest.raises(UsageError, match=r"^A query is one SELECT|^SQL: "):
        found(shelf, query.format(target=target))
    assert not target.exists()


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('{file}')",
        "read_text('{file}')",
        "read_blob('{file}')",
        "read_parquet('{study}/outcomes.parquet')",
        "'{study}/outcomes.parquet'",
        "'{file}'",
        "glob('{study}/*')",
        "parquet_metadata('{study}/outcomes.parquet')",
        "sniff_csv('{file}')",
        "query('COPY (SELECT 1) TO ''{target}''')",
    ],
)
def test_no_file_can_be_read_or_written(shelf: Path, tmp_path: Path, source: str) -> None:
    file, target = tmp_path / "secret.csv", tmp_path / "target"
    file.write_text("word\nhidden\n", encoding="utf-8")
    place = source.format(file=file, study=shelf / "one", target=target)
    with pytest.raises(UsageError, match=r"^SQL: "):
        found(shelf, f"SELECT * FROM {place}")
    assert not target.exists()


def test_no_variable_of_the_program_is_a_table(shelf: Path) -> None:
    answer = {"a": np.arange(3)}
    with pytest.raises(UsageError, match="answer"):
        found(shelf, "SELECT * FROM answer")
    assert answer


def test_the_rest_of_the_program_still_reads_files_afterwards(shelf: Path, one: Study) -> None:
    found(shelf, "SELECT 1")
    assert len(one.segments["users_lost"]) == 800


def test_an_error_is_one_line(shelf: Path) -> None:
    for query in ("SELEC", "SELECT nothing_like_it FROM outcomes", "SELECT * FROM outcome"):
        with pytest.raises(UsageError, match=r"^SQL: ") as caught:
            found(shelf, query)
        assert "\n" not in str(caught.value)


def test_a_copy_of_a_study_counts_once_and_that_is_said(shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf, tmp_path / "all")
    studied(tmp_path / "all" / "one", 400, more=STRATEGIES)
    shutil.copytree(shelf / "one", tmp_path / "all" / "again")
    answer = ask("SELECT count(*) FROM outcomes", list(find_studies(tmp_path / "all")))
    assert answer.rows == ((1000,),)  # twice 400 of the larger copy, 200 of the other study
    assert answer.skipped == (
        f"{tmp_path / 'all' / 'again'} holds the same study as {tmp_path / 'all' / 'one'} and is left out",
    )


def test_a_damaged_table_is_left_out_and_that_is_said(shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf, tmp_path / "all")
    (tmp_path / "all" / "one" / "events.parquet").write_bytes(b"PAR1")
    (tmp_path / "all" / "two" / "criticality.csv").unlink()
    answer = ask("SELECT DISTINCT digest FROM events", list(find_studies(tmp_path / "all")))
    assert len(answer.rows) == 1
    assert answer.skipped == (
        f"{tmp_path / 'all' / 'one' / 'events.parquet'} cannot be read and is left out",
    )
    more = ask("SELECT DISTINCT digest FROM criticality", list(find_studies(tmp_path / "all")))
    assert more.skipped == (f"{tmp_path / 'all' / 'two' / 'criticality.csv'} is not there and is left out",)


def test_a_study_older_than_a_column_is_read_without_it(shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf, tmp_path / "all")
    file = tmp_path / "all" / "one" / "comparison.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [{key: row[key] for key in list(row)[:11]} for row in csv.DictReader(lines)]
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    answer = found(tmp_path / "all", "SELECT count(*), count(difference), count(verdict) FROM comparison")
    assert answer.rows == ((len(rows), len(rows), 0),)
    assert answer.skipped == ()
    file.write_text("not,a\ntable,of ours\n", encoding="utf-8")
    again = found(tmp_path / "all", "SELECT count(*) FROM comparison")
    assert again.skipped == (f"{file} cannot be read and is left out",)


def test_a_folder_whose_name_holds_a_quote_is_no_trouble(shelf: Path, tmp_path: Path) -> None:
    shutil.copytree(shelf / "two", tmp_path / "it's; DROP TABLE outcomes")
    assert ask("SELECT count(*) FROM outcomes", list(find_studies(tmp_path))).rows == ((200,),)


def test_without_studies_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished studies"):
        found(tmp_path, "SELECT 1")


def test_for_machines_every_digit_is_kept(shelf: Path, one: Study) -> None:
    text, _ = answered(
        "SELECT users_lost, recovered, failed_stage FROM outcomes WHERE strategy = 'asks_more' "
        "ORDER BY replication",
        shelf, 80, machine=True,
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["users_lost"]) for row in rows] == list(one.outcomes("asks_more")["users_lost"])
    assert {row["recovered"] for row in rows} <= {"true", "false"}
    assert {row["failed_stage"] for row in rows} == {""}


def test_for_people_a_wide_row_becomes_a_block_and_a_long_answer_is_cut(shelf: Path) -> None:
    wide, _ = answered("SELECT * FROM outcomes LIMIT 1", shelf, 80, machine=False)
    assert wide.splitlines()[0].split() == ["scenario", "small"]
    long, _ = answered("SELECT replication FROM outcomes", shelf, 80, machine=False)
    assert long.endswith(f"\n\n{600 - MOST_ROWS:,} more rows; --csv prints all.")
    none, _ = answered("SELECT 1 FROM outcomes WHERE false", shelf, 80, machine=False)
    assert none == "No rows."


def test_nothing_is_left_in_the_working_folder(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found(shelf, "SELECT * FROM outcomes ORDER BY users_lost")
    assert os.listdir(tmp_path) == []
