"""`new` takes whatever a platform and its suppliers are called."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.scenario import load_text
from sim.views.drafting import draft
from sim.views.interview import Answers
from sim.views.supplier_table import read_suppliers

NAMES = st.text(min_size=1, max_size=12).filter(str.strip)
MANY = st.lists(NAMES, max_size=3, unique=True).map(tuple)


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(host=NAMES, stores=MANY, others=MANY)
@example(host="\x1b[31m", stores=("WEB", "none"), others=("TRUE", "null", "value"))
@example(host="a: b # c\n- d", stores=("Größe & Söhne", "42"), others=("users", "host", "read"))
def test_a_draft_passes_the_checks_whatever_the_names(
    host: str, stores: tuple[str, ...], others: tuple[str, ...]
) -> None:
    answers = Answers("odd", host=host, stores=stores, others=others)
    file = load_text(draft(answers, Path("odd.yaml"), today=date(2026, 1, 1)))
    assert "host" in file.scenario().suppliers


@pytest.mark.parametrize("name", ["true", "No", "null", "on"])
def test_a_platform_may_be_called_by_a_word_of_yaml(name: str) -> None:
    file = load_text(draft(Answers(name), Path("odd.yaml"), today=date(2026, 1, 1)))
    assert file.scenario().name == name


def test_suppliers_whose_names_shorten_to_the_same_word_get_roles_of_their_own(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("supplier,kind\nPay+,payments\nPay!,payments\nPay+,payments\n", encoding="utf-8")
    rows, complaints = read_suppliers(table)
    assert [row.role for row in rows] == ["pay", "pay_2"]
    assert len(complaints) == 1
