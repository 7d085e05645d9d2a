"""`results/README.md` names every file that a run, a comparison and a sensitivity study leave."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

import sim
from sim.study.columns import TOLD
from sim.study.comparison import Difference
from sim.study.sensitivity import run_sensitivity
from sim.study.summary import Line
from tests.architecture.source import ROOT
from tests.studies import STRATEGIES, UNSURE, small

README = (ROOT / "results" / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_file_and_folder_that_is_left_is_named(tmp_path: Path) -> None:
    file = small(STRATEGIES + UNSURE)
    sim.run(file, replications=200, output=tmp_path / "run")
    sim.compare(file, replications=200, output=tmp_path / "run", without=["suspend_host"])
    run_sensitivity(file, base=64, output=tmp_path / "moved")
    run_sensitivity(file, base=64, screen=True, output=tmp_path / "screened")
    left = {
        path.name
        for folder in ("run", "run/compare", "moved", "screened")
        for path in (tmp_path / folder).iterdir()
        if path.suffix not in {".png", ".svg"}
    }
    assert {"comparison.csv", "selection.csv", "sensitivity.csv", "screening.csv", "blocks"} <= left
    assert not [name for name in left if f"`{name}`" not in README and f"`{name}/`" not in README]


def test_every_column_of_the_tables_of_numbers_is_told() -> None:
    for table, record in (("summary", Line), ("comparison", Difference)):
        assert {field.name for field in fields(record)} == set(TOLD[table])
