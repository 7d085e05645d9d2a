"""The summary table: exactly its five columns, and no number where there is none."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.views.case import Line
from sim.views.summary import HEADER, capabilities, measure_name, row, shown, summary
from tests.unit.cases import changed, parler_like

CASE = parler_like(200)
TIME = Line("time_to_recover", "h", "time", "", 456.0, 120.0, math.inf, 600.0, 12.0, 0.03)


def test_the_columns_are_these_five() -> None:
    assert HEADER == (
        "Measure",
        "Half of the runs exceed",
        "9 runs in 10 lie between",
        "Average ± simulation error",
        "Unfinished at the end",
    )
    assert summary(CASE).header == HEADER


def test_no_average_of_a_time_when_any_run_is_unfinished() -> None:
    assert row(CASE, TIME) == ("Time to recover", "19 d", "5 d to > 270 d", "–", "3 of 100")
    assert row(CASE, replace(TIME, unfinished=0.0, p95=600.0)) == (
        "Time to recover",
        "19 d",
        "5 d to 25 d",
        "25 d ± 12 h",
        "none",
    )


def test_quantiles_beyond_the_horizon_are_never_a_number() -> None:
    line = replace(TIME, median=math.inf, p05=math.inf, unfinished=1.0)
    assert row(CASE, line)[1:] == ("> 270 d", "> 270 d", "–", "all")


def test_a_count_that_nothing_can_cut_has_its_average_and_error() -> None:
    line = Line("users_lost", "users", "count", "", 687_000, -1_000, 1.68e6, 743_000, 31_000, math.nan)
    assert row(CASE, line) == ("Users lost", "687,000", "−1,000 to 1.68 million", "743,000 ± 31,000", "–")
    assert row(CASE, replace(line, error=math.inf))[3] == "743,000"


def test_money_names_its_currency_and_shares_are_percent() -> None:
    assert shown(CASE.scenario, "money", 1.5e6) == "1.5 million USD"
    assert shown(CASE.scenario, "share", 0.926) == "92.6 %"


def test_measures_have_words_and_capabilities_their_label() -> None:
    assert measure_name(CASE.scenario, "users_lost") == "Users lost"
    assert measure_name(CASE.scenario, "downtime.sign_in") == "Downtime: sign in"
    assert measure_name(CASE.scenario, "something_new") == "Something new"


def test_capabilities_have_a_table_of_their_own() -> None:
    case = changed(CASE, lines=(TIME, replace(TIME, measure="downtime.read")))
    assert [cells[0] for cells in summary(case).rows] == ["Time to recover"]
    assert [cells[0] for cells in capabilities(case).rows] == ["Downtime: read"]


def test_money_that_no_run_costs_is_left_out() -> None:
    idle = changed(CASE, outcomes={**CASE.outcomes, "cost": np.zeros(200)})
    assert "Cost in all" in {cells[0] for cells in summary(CASE).rows}
    assert "Cost in all" not in {cells[0] for cells in summary(idle).rows}


def test_a_table_is_text_in_a_terminal_and_html_in_a_notebook() -> None:
    table = summary(CASE)
    assert str(table).splitlines()[0].startswith("Measure")
    html = table._repr_html_()
    assert html.count("<tr>") == len(table.rows) + 1
    assert "&gt; 270 d" in html or "270" not in html
