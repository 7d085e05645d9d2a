"""Every number of a scenario is listed with where it comes from."""

from __future__ import annotations

from sim.scenario import Evidence, ScenarioFile
from sim.scenario.annotations import extra_of, quantity_of
from sim.scenario.model import Scenario
from tests.unit.scenarios import changed

PERT = "{low: 2 d, likely: 5 d, high: 20 d}"
TAKES = "response.replace.host.tasks.adapt.takes"


def rows(file: ScenarioFile, strategy: str = "as_is") -> dict[str, Evidence]:
    return {row.path: row for row in file.evidence[strategy]}


def test_a_value_in_a_file_without_a_mark_is_an_assumption() -> None:
    row = rows(changed())["users.start"]
    assert (row.text, row.unit, row.origin, row.mark, row.note) == ("1000", "", "file", "assumption", "")
    assert row.line == 9


def test_a_value_may_carry_its_source_or_why_it_is_assumed() -> None:
    file = changed(("start: 1000", "start: {value: 2.3 million, source: Reuters, note: of December}"))
    row = rows(file)["users.start"]
    assert (row.text, row.mark, row.note) == ("2.3 million", "source", "Reuters; of December")
    assert file.scenario().users.start == 2_300_000.0
    row = rows(changed(("start: 1000", "start: {value: 2.3 million, assumption: as in May}")))["users.start"]
    assert (row.mark, row.note) == ("assumption", "as in May")


def test_a_mark_may_stand_beside_the_parameters_of_a_law() -> None:
    file = changed((PERT, "{low: 2 d, likely: {value: 5 d, source: the plan}, high: 20 d, source: the team}"))
    found = rows(file)
    assert (found[f"{TAKES}.low"].text, found[f"{TAKES}.low"].note) == ("2 d", "the team")
    assert found[f"{TAKES}.likely"].note == "the plan"
    assert found[f"{TAKES}.high"].mark == "source"


def test_a_mark_on_a_record_is_about_all_below_it() -> None:
    found = rows(
        changed(
            (
                "{suspend: host, at: 10 d, notice: 30 h}",
                "{suspend: host, at: 10 d, notice: 30 h, source: the letter}",
            )
        )
    )
    assert found["events.suspend_host.at"].note == "the letter"
    assert found["events.suspend_host.notice"].mark == "source"


def test_a_wrapped_law_is_marked_whole() -> None:
    found = rows(changed((PERT, f"{{value: {PERT}, source: the team}}")))
    assert {found[f"{TAKES}.{name}"].note for name in ("low", "likely", "high")} == {"the team"}


def test_a_default_says_that_it_is_one_and_why() -> None:
    row = rows(changed())["users.churn"]
    assert (row.text, row.origin, row.line) == ("0.1 % per day", "default", None)
    assert "judgement" in row.note


def test_what_the_command_line_sets_says_so() -> None:
    row = rows(changed(settings=("users.start=5000",)))["users.start"]
    assert (row.text, row.origin, row.line) == ("5000", "set", None)


def test_a_patched_value_does_not_keep_the_source_of_what_it_replaces() -> None:
    file = changed(
        ("start: 1000", "start: {value: 1000, source: Reuters}"),
        (PERT, f"{{value: {PERT}, source: the team}}"),
        more="strategies: {a: {}, b: {users: {start: 7}, "
        "response: {replace: {host: {tasks: {adapt: {takes: {high: 30 d}}}}}}}}\n",
    )
    a, b = rows(file, "a"), rows(file, "b")
    assert (a["users.start"].mark, b["users.start"].mark) == ("source", "assumption")
    assert b["users.start"].line == 18
    assert (b[f"{TAKES}.low"].mark, b[f"{TAKES}.high"].mark) == ("source", "assumption")


def test_choices_of_the_author_are_told_from_facts() -> None:
    found = rows(changed())
    assert {path for path, row in found.items() if row.choice} == {
        "seed", "clock.horizon", "clock.report_every",
        "capabilities.use.recovered_at", "capabilities.use.stable_for",
        "capabilities.install.recovered_at", "capabilities.install.stable_for",
    }  # fmt: skip


def test_what_nobody_inherits_is_no_input() -> None:
    found = rows(changed())
    assert "users.patience.scale" not in found
    assert "users.segments.core.patience.scale" in found
    assert "users.segments.core.churn" not in found
    assert "users.churn" in found


def test_unknowns_shares_and_events_are_listed() -> None:
    found = rows(changed(
        ("  install:", "  part: {shares: {host: 60 %, store: 60 %}}\n  install:"),
        more="unknowns: {users.churn: {low: 0.1 % per day, high: 0.2 % per day}}\n",
    ))  # fmt: skip
    assert found["unknowns.users.churn.high"].text == "0.2 % per day"
    assert found["capabilities.part.shares.host"].text == "60 %"
    assert found["events.suspend_host.notice"].text == "30 h"


def test_every_default_with_a_number_in_it_says_why() -> None:
    """The mark of a default stands with its field; a quantity without one would be a bare number."""
    missing = []
    stack, seen = [Scenario], set()
    while stack:
        record = stack.pop()
        if record in seen:
            continue
        seen.add(record)
        for name, info in record.model_fields.items():
            if quantity_of(info) is not None and info.default is not None and not info.is_required():
                extra = extra_of(info)
                if not extra.get("assumption") and not extra.get("source"):
                    missing.append(f"{record.__name__}.{name}")
    assert not missing
