"""Tables and paragraphs fit the terminal, and lose nothing where it is narrow or is none."""

from __future__ import annotations

import io

import pytest

from sim.views import terminal


def test_a_pipe_gets_a_fixed_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "7")
    assert terminal.width(io.StringIO()) == terminal.WIDTH_WITHOUT_TERMINAL


@pytest.mark.parametrize(("columns", "expected"), [("7", 60), ("100", 100), ("500", 140)])
def test_a_terminal_is_filled_within_reason(
    monkeypatch: pytest.MonkeyPatch, columns: str, expected: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", columns)
    assert terminal.width(Terminal()) == expected


def test_no_cell_is_cut() -> None:
    long = "a measure with a name that does not fit into the column"
    text = terminal.table(("measure", "value"), [(long, "1,234 d"), ("x", "> 6480 h")], 40, right=[1])
    assert all(len(line) <= 40 for line in text.splitlines())
    assert set(long.split()) <= set(text.split())
    assert "> 6480 h" in text


def test_numbers_stand_to_the_right_and_headings_above_their_columns() -> None:
    text = terminal.table(("measure", "half of the runs exceed"), [("a", "1"), ("b", "1,000")], 24, right=[1])
    assert text.splitlines() == [
        "             half of the",
        "measure      runs exceed",
        "────────────────────────",
        "a                      1",
        "b                  1,000",
    ]


def test_a_dotted_path_breaks_after_a_dot() -> None:
    path = "unknowns.users.segments.core_android.patience.scale.median"
    text = terminal.table(("input", "where from"), [(path, "a note that is long enough to wrap " * 3)], 60)
    first = [line.split("   ")[0] for line in text.splitlines()[2:] if not line.startswith(" ")]
    assert "".join(first) == path
    assert len(first) > 1
    assert all(part.endswith(".") for part in first[:-1])


@pytest.mark.parametrize("columns", [60, 80, 110, 140])
def test_every_column_is_there_at_any_width(columns: int) -> None:
    header = ("Measure", "Half of the runs exceed", "9 runs in 10 lie between", "Average", "Unfinished")
    row = ("Most users that had given up", "1.45 billion", "599 million to 4.1 billion", "–", "16 of 100")
    text = terminal.table(header, [row], columns, right=range(1, 5))
    assert all(len(line) <= columns for line in text.splitlines())
    assert {word for cell in (*header, *row) for word in cell.split()} <= set(text.split())


def test_paragraphs_keep_addresses_whole() -> None:
    address = "https://example.org/" + "x" * 60
    text = terminal.paragraphs(["- Read " + address, "Short."], 30, hang=2)
    assert text.splitlines() == ["- Read", f"  {address}", "Short."]
