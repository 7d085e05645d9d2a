"""Tables for other programs: every value, every unit, every instant; nothing is overwritten."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import ArchiveError, UsageError
from sim.study import Study
from sim.study import export as module
from sim.study.export import export
from sim.study.origin import INPUTS, inputs_csv
from tests.studies import STRATEGIES, studied, table

TABLES = (
    "outcomes", "segments", "attribution", "events", "trajectories", "summary", "comparison", "criticality",
)  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    made = studied(tmp_path_factory.mktemp("export") / "one", 200, more=STRATEGIES)
    (made.folder / INPUTS).write_bytes(inputs_csv(made.file.evidence))
    return made


@pytest.fixture(scope="module")
def written(study: Study) -> Path:
    return export(study.folder, "csv")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_goes_into_the_study_under_its_own_name(study: Study, written: Path) -> None:
    assert written == study.folder / "export" / f"small_{study.manifest['digest']}"
    names = {path.stem for path in written.iterdir()}
    assert names == {*TABLES, "inputs", "columns", "study"}


def test_every_value_comes_through_with_every_digit(study: Study, written: Path) -> None:
    kept, told = table(study.folder, "outcomes.parquet"), rows(written / "outcomes.csv")
    assert [float(row["users_lost"]) for row in told] == list(kept["users_lost"])
    assert [row["recovered"] == "true" for row in told] == list(kept["recovered"])
    assert (written / "summary.csv").read_bytes() == (study.folder / "summary.csv").read_bytes()


def test_instants_stand_beside_hours(study: Study, written: Path) -> None:
    start = study.file.scenario().clock.start
    for name in ("events", "trajectories"):
        told = rows(written / f"{name}.csv")
        assert list(told[0])[list(told[0]).index("time") + 1] == "instant"
        for row in told[:: max(len(told) // 50, 1)]:
            moment = datetime.fromisoformat(row["instant"])
            assert abs((moment - start).total_seconds() - 3600 * float(row["time"])) <= 0.5 + 1e-6


def test_every_column_has_its_meaning_and_numbers_their_unit(study: Study, written: Path) -> None:
    told = {(row["table"], row["column"]): row for row in rows(written / "columns.csv")}
    for path in written.iterdir():
        if path.stem not in {"columns", "study"}:
            with path.open(encoding="utf-8", newline="") as file:
                header = next(csv.reader(file))
            assert [column for name, column in told if name == path.stem] == header
    assert not [key for key, row in told.items() if not row["meaning"]]
    assert told["outcomes", "downtime"]["unit"] == "h"
    assert told["outcomes", "users_lost"]["unit"] == "active users"
    assert told["segments", "users_lost"]["unit"] == "active users"
    assert told["outcomes", "cost"]["unit"] == "USD"
    assert told["outcomes", "downtime.install"]["unit"] == "h"


def test_nothing_is_overwritten(study: Study, written: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in written.iterdir()}
    with pytest.raises(ArchiveError, match=r"is there already and is not overwritten; name another"):
        export(study.folder, "csv")
    assert {path: path.read_bytes() for path in written.iterdir()} == before
    mine = tmp_path / "mine.xlsx"
    mine.write_text("my own")
    with pytest.raises(ArchiveError, match=r"is there already"):
        export(study.folder, "xlsx", mine)
    assert mine.read_text() == "my own"
    with pytest.raises(ArchiveError, match=r"is there already"):
        export(study.folder, "csv", tmp_path)


def test_a_place_that_cannot_be_written_is_told_in_one_line(study: Study, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match=r"cannot be written") as caught:
        export(study.folder, "csv", tmp_path / "file" / "below")
    assert "\n" not in str(caught.value)


def test_what_fails_half_way_leaves_nothing(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise UsageError("half way")

    monkeypatch.setattr(module, "_write_rows", fail)
    with pytest.raises(UsageError, match="half way"):
        export(study.folder, "csv", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_study_that_was_exported_can_still_be_extended(tmp_path: Path) -> None:
    studied(tmp_path / "one", 100)
    export(tmp_path / "one", "csv")
    studied(tmp_path / "one", 200)
    with pytest.raises(ArchiveError, match=r"is there already"):
        export(tmp_path / "one", "csv")


def test_without_the_library_a_workbook_is_refused_in_one_line(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r"pip install 'hostfall\[xlsx\]'") as caught:
        export(study.folder, "xlsx", tmp_path / "book.xlsx")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_holds_the_same(tmp_path: Path) -> None:
    openpyxl: Any = pytest.importorskip("openpyxl")
    study = studied(tmp_path / "one", 20)  # a workbook of hundreds of runs takes seconds to write
    (study.folder / INPUTS).write_bytes(inputs_csv(study.file.evidence))
    place = export(study.folder, "xlsx", tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(place)
    assert book.sheetnames == ["study", "columns", *TABLES, "inputs"]
    kept = table(study.folder, "outcomes.parquet")
    sheet: Sequence[Sequence[Any]] = list(book["outcomes"].values)
    column = list(sheet[0]).index("users_lost")
    told = np.array([row[column] for row in sheet[1:]], dtype=float)
    np.testing.assert_allclose(told, kept["users_lost"], rtol=1e-12)  # a workbook keeps 16 digits
    summary: Sequence[Sequence[Any]] = list(book["summary"].values)
    p95 = summary[0].index("p95")
    assert {type(row[p95]) for row in summary[1:]} <= {int, float, str, type(None)}
    assert "inf" in {row[p95] for row in summary[1:]}
    digest = dict(list(book["study"].values)[1:])["digest"]
    assert digest == study.manifest["digest"]


def test_a_text_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    openpyxl: Any = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    module._sheet(book, "one", ["word"], [["=1+1"], ["a\x07b"], [float("nan")], [float("inf")]])
    book.save(tmp_path / "book.xlsx")
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "book.xlsx")["one"].rows][1:]
    assert [cell.value for cell in cells if cell.value is not None] == ["=1+1", "a?b", "inf"]
    assert cells[0].data_type == "s"


def test_a_table_longer_than_a_worksheet_is_refused(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openpyxl")
    monkeypatch.setattr(module, "WORKSHEET_ROWS", 100)
    with pytest.raises(UsageError, match=r"outcomes has 400 rows, and a worksheet holds 100; take --to csv"):
        export(study.folder, "xlsx", tmp_path / "book.xlsx")
