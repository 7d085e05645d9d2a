"""The documents agree with what they speak of."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_language_reference_is_what_the_models_say() -> None:
    program = "import sys; sys.path.insert(0, 'docs'); import language; sys.stdout.write(language.page())"
    made = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    assert page == made.stdout, "run: python docs/language.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_named_in_code_type_exists(page: Path) -> None:
    for name in re.findall(
        r"`((?:sim|tests|docs|scenarios|benchmarks)/[\w./*-]+)`", page.read_text(encoding="utf-8")
    ):
        assert list(ROOT.glob(name)), f"{page.name} names {name}"


def test_every_record_of_the_language_has_a_section_of_the_reference() -> None:
    from sim.scenario import Scenario
    from tests.properties.test_every_field_matters import fields

    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    told = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert {field.partition(".")[2] for field in fields()} <= told
    assert set(Scenario.model_fields) - {"label"} <= told
