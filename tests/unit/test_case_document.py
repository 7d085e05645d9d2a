"""The document of the real case says what the scenario says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `(?P<path>[a-z_0-9.]+)` \| (?P<value>[^|]+) \|", re.MULTILINE)
PAIR = re.compile(r"(\w+): ([^,{}]+)")


def stated() -> list[tuple[str, str]]:
    """Every input the document's table names, with the value it gives; a law one row a parameter."""
    rows: list[tuple[str, str]] = []
    for row in ROW.finditer((ROOT / "docs" / "case_parler_2021.md").read_text(encoding="utf-8")):
        path, value = row["path"], row["value"].strip()
        pairs = [(name, text) for name, text in PAIR.findall(value) if name != "law"]
        rows += [(f"{path}.{name}", text.strip()) for name, text in pairs] or [(path, value)]
    return rows


@pytest.fixture(scope="module")
def inputs() -> dict[str, str]:
    file = load_scenario(ROOT / "scenarios" / "parler_2021.yaml")
    return {row.path: row.text for row in file.evidence[file.baseline]}


def test_the_document_names_inputs() -> None:
    assert len(stated()) > 30


@pytest.mark.parametrize(("path", "value"), stated())
def test_the_document_gives_the_value_of_the_scenario(path: str, value: str, inputs: dict[str, str]) -> None:
    assert inputs[path] == value
