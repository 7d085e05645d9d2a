"""`new` writes a scenario that passes the checks, from six answers, defaults, or a table of suppliers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sim.errors import UsageError
from sim.scenario import load_scenario
from sim.views import cli
from sim.views.drafting import draft
from sim.views.interview import Answers, answers_from, is_host, is_store
from sim.views.supplier_table import SupplierRow, identifier, read_suppliers

SHEET = """Supplier;Kind;Needed for;Notice;Alternatives;Time to replace;Monthly cost;Owner
Big Cloud;cloud host;;45 d;5;20-60 d;120000,50;ann

App Store;app store;;;;;;
Twilio;SMS;sign_up, phone check;14 d;Vonage, Plivo;7 d;2000;
Stripe;payments;payments;60 d;none;10 d - 30 d;500;
Twilio;SMS;;;;;;
;x;;;;;;
Okta;identity;sign_in;soon;2;;;
Read;x;read;;;;9;
"""


def offered(question: str, usual: str, reader: Callable[[str], Any]) -> Any:
    """Take every answer as offered."""
    assert question
    return reader(usual)


def sheet(folder: Path, text: str = SHEET, encoding: str = "utf-8") -> Path:
    path = folder / "suppliers.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "answers",
    [
        Answers("usual"),
        Answers("no_stores", stores=()),
        Answers("three_stores", stores=("A", "B", "C"), others=("Okta", "42", "Read", "host")),
        Answers("odd", host='A "quoted": host # really', stores=("Größe & Söhne",), notice="0 h"),
        Answers("long_notice", notice="400 d", users="2.3 million", data="70 TB"),
    ],
    ids=lambda answers: answers.name,
)
def test_whatever_is_answered_the_draft_passes_the_checks(answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / f"{answers.name}.yaml"
    path.write_text(draft(answers, path, today=date(2026, 5, 5)), encoding="utf-8")
    scenario = load_scenario(path).scenario()
    assert scenario.name == answers.name
    assert scenario.suppliers["host"].name == answers.host
    assert len(scenario.suppliers) == 1 + len(answers.stores) + len(answers.others)
    assert sum(segment.share for segment in scenario.users.segments.values()) == pytest.approx(1, abs=1e-12)
    assert len(scenario.events) == 1
    assert scenario.events[0].at - scenario.events[0].notice >= 0
    assert scenario.clock.start.year == 2027


def test_the_rest_of_the_events_may_be_taken_in_by_taking_the_sign_away(tmp_path: Path) -> None:
    rows, _ = read_suppliers(sheet(tmp_path))
    answers = answers_from("all", tuple(rows), offered)
    path = tmp_path / "all.yaml"
    path.write_text(draft(answers, path).replace("  # - {", "  - {"), encoding="utf-8")
    events = load_scenario(path).scenario().events
    assert [event.of for event in events] == ["host", "app_store", "twilio", "stripe", "read_service"]


def test_a_table_gives_suppliers_needs_notices_and_replacements(tmp_path: Path) -> None:
    rows, complaints = read_suppliers(sheet(tmp_path))
    assert [row.role for row in rows] == ["big_cloud", "app_store", "twilio", "stripe", "read"]
    assert rows[0] == SupplierRow(
        "big_cloud", "Big Cloud", "cloud host", (), "45 d", 5, ("20 d", "60 d"), "120000.5"
    )
    assert rows[2].needed_for == ("sign_up", "phone_check")
    assert (rows[2].alternatives, rows[3].alternatives) == (2, 0)
    assert rows[3].time_to_replace == ("10 d", "30 d")
    assert complaints[0] == "Column `owner` is not used."
    assert [complaint.split(" is not used")[0] for complaint in complaints[1:]] == [
        "Row 7 (Twilio)", "Row 8 (no name)", "Row 9 (Okta)",
    ]  # fmt: skip
    assert "notice: `soon` is not a duration" in complaints[3]


def test_the_scenario_of_a_table_holds_what_the_table_says(tmp_path: Path) -> None:
    rows, _ = read_suppliers(sheet(tmp_path))
    path = tmp_path / "ours.yaml"
    path.write_text(draft(answers_from("ours", tuple(rows), offered), path), encoding="utf-8")
    scenario = load_scenario(path).scenario()
    assert scenario.suppliers["host"].monthly_cost == 120000.5
    assert scenario.events[0].notice == 45 * 24
    assert set(scenario.response.replace) == {"host", "twilio", "stripe"}
    assert {"phone_check", "payments", "install_app_store"} <= set(scenario.capabilities)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_is_read_as_any_spreadsheet_writes_it(tmp_path: Path, separator: str, encoding: str) -> None:
    text = f"SUPPLIER{separator}Monthly Cost\r\nMüller GmbH{separator}12.5\r\n"
    (row,), complaints = read_suppliers(sheet(tmp_path, text, encoding))
    assert (row.name, row.role, row.monthly_cost) == ("Müller GmbH", "m_ller_gmbh", "12.5")
    assert not complaints


@pytest.mark.parametrize(
    ("cell", "column", "message"),
    [
        ("3 parsecs", "notice", "notice: "),
        ("-5", "monthly_cost", "is negative"),
        ("1.200,50", "monthly_cost", "monthly_cost: "),
        ("60 d - 20 d", "time_to_replace", "begins with the longer time"),
        ("some", "time_to_replace", "time_to_replace: "),
        ("2.5", "alternatives", "neither a number nor a list of names"),
    ],
)
def test_a_cell_that_cannot_be_read_costs_its_row_and_is_named(
    tmp_path: Path, cell: str, column: str, message: str
) -> None:
    rows, complaints = read_suppliers(sheet(tmp_path, f"supplier;{column}\nA;{cell}\nB;\n"))
    assert [row.role for row in rows] == ["b"]
    assert complaints[0].startswith("Row 2 (A) is not used: ")
    assert message in complaints[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "nothing in it"),
        (b"\n;;\n", "nothing in it"),
        (b"name,kind\nA,b\n", "no column is called `supplier`"),
        (b"suppliers,kind\nA,b\n", "Did you mean `suppliers`?"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        (b"a" * 1_000_001, "more than 1 MB"),
    ],
)
def test_what_is_no_table_of_suppliers_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "suppliers.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        read_suppliers(path)


@pytest.mark.parametrize(
    ("kind", "host", "store"),
    [("cloud host", True, False), ("Hosting", True, False), ("app store", False, True), ("", False, False)],
)
def test_hosts_and_stores_are_known_by_their_kind(kind: str, host: bool, store: bool) -> None:
    row = SupplierRow("a", "A", kind, (), None, None, None, None)
    assert (is_host(row), is_store(row)) == (host, store)


def test_names_become_identifiers() -> None:
    assert identifier("Google Play") == "google_play"
    assert identifier("42 Ltd.") == "s_42_ltd"


def test_six_questions_are_asked_and_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    answers = ["many", "2 million", "Hosty", "none", "Okta", "3 parsecs", "12 h", "5 TB", ""]
    done = CliRunner().invoke(cli.hostfall, ["new", "mine", "--output", str(path)], input="\n".join(answers))
    assert done.exit_code == 0, done.output
    assert done.output.count("?") >= 6
    scenario = load_scenario(path).scenario()
    assert scenario.users.start == 2e6
    assert scenario.suppliers["host"].name == "Hosty"
    assert scenario.events[0].notice == 12
    assert "okta" in scenario.suppliers


def test_yes_asks_nothing_and_says_what_to_type_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", "My Network", "--yes", "--suppliers", str(sheet(tmp_path))]) == 0
    captured = capsys.readouterr()
    assert "Written: my_network.yaml" in captured.out
    assert "Row 9 (Okta) is not used" in captured.err
    assert "5 suppliers taken from" in captured.err
    assert cli.main(["check", "my_network.yaml"]) == 0


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("mine", encoding="utf-8")
    assert cli.main(["new", "mine", "--yes", "--output", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert "is there already" in capsys.readouterr().err
