"""The Parquet tables open in pandas, polars and R: flat, of plain types, one row a thing.

Read here by DuckDB, as none of the three is a library of this program. What keeps them out is known: nested
columns, types of one program's own, a codec that is an extra elsewhere, a column that is named twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.study import Study
from sim.study.parquet import fetch, quoted
from tests.studies import STRATEGIES, UNSURE, studied

KEYS = {
    "outcomes": ("strategy", "replication"),
    "segments": ("strategy", "replication", "segment"),
    "attribution": ("strategy", "replication", "capability", "outage", "cause", "kind"),
    "trajectories": ("strategy", "time", "quantity", "segment"),
}
"""What names a row of each table; a happening may happen twice at one instant."""

TABLES = (*KEYS, "events")

PLAIN = {("BOOLEAN", ""), ("INT64", ""), ("INT64", "INT_64"), ("DOUBLE", ""), ("BYTE_ARRAY", "UTF8")}
"""Physical and converted types that every reader has had since the format's first version."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return studied(tmp_path_factory.mktemp("elsewhere") / "one", 400, more=STRATEGIES + UNSURE)


def place(study: Study, table: str) -> str:
    return quoted(Path(study.folder) / f"{table}.parquet")


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_flat_of_plain_types_and_of_one_name_each(study: Study, table: str) -> None:
    found = fetch(
        "SELECT name, coalesce(type, '') AS type, coalesce(converted_type, '') AS converted, "
        f"coalesce(num_children, 0) AS children FROM parquet_schema({place(study, table)})"
    )
    root, *columns = zip(*(found[key].tolist() for key in found), strict=True)
    assert root[3] == len(columns)
    assert {(kind, converted) for _, kind, converted, _ in columns} <= PLAIN
    assert {children for *_, children in columns} == {0}
    assert len({name.lower() for name, *_ in columns}) == len(columns)
    codec = fetch(f"SELECT DISTINCT compression FROM parquet_metadata({place(study, table)})")
    assert codec["compression"].tolist() == ["SNAPPY"]


@pytest.mark.parametrize("table", KEYS)
def test_a_row_is_one_thing_and_its_names_are_never_missing(study: Study, table: str) -> None:
    names = ", ".join(KEYS[table])
    missing = " OR ".join(f"{name} IS NULL" for name in KEYS[table])
    rows, things, nameless = (
        int(fetch(f"SELECT count(*) AS n FROM {source}")["n"][0])
        for source in (
            f"read_parquet({place(study, table)})",
            f"(SELECT DISTINCT {names} FROM read_parquet({place(study, table)}))",
            f"read_parquet({place(study, table)}) WHERE {missing}",
        )
    )
    assert rows == things > 0
    assert nameless == 0
