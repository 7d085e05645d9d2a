"""Strategies that come with the package: read like any file, used by name, combined in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_text
from sim.scenario.library import FOLDER, ORDER, entries, entry
from sim.scenario.patches import merge
from sim.scenario.reader import read_text

BASE = """
name: base
title: A platform
clock: {start: 2025-03-01T00:00Z, horizon: 180 d}
suppliers: {ROLE: {monthly_cost: 1000, holds_data: true}}
capabilities: {use: {needs: [ROLE]}}
users: {start: 1000, served_by: use}
events: [{suspend: ROLE, at: 9 d, notice: 30 h}]
response:
  replace:
    ROLE:
      search: {candidates: 8}
      tasks: {set_up: {after: [ROLE_found], takes: 2 d}}
"""


def platform(strategies: str, role: str = "host") -> str:
    """A scenario with the strategies."""
    return f"{BASE.replace('ROLE', role)}strategies:\n{strategies}"


def problems(text: str) -> list[str]:
    """What is wrong with a scenario, one line a problem."""
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    return [str(problem) for problem in caught.value.problems]


def test_every_file_of_the_library_is_listed_and_there() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(ORDER)
    assert [each.name for each in entries()] == list(ORDER)


@pytest.mark.parametrize("name", ORDER)
@pytest.mark.parametrize("role", ["host", "web_servers"])
def test_every_entry_fits_a_plain_platform_whatever_the_role_is_called(name: str, role: str) -> None:
    about = "" if role == "host" else f", role: {role}"
    file = load_text(platform(f"  plain: {{}}\n  ready: {{use: {name}{about}}}\n", role))
    changed = file.strategies["ready"] != replace_label(file.strategies["plain"], file.labels["ready"])
    assert changed == (name != "single_host")
    assert file.labels["ready"] == entry(name).label


def replace_label(scenario: object, label: str) -> object:
    """The scenario under another strategy's label."""
    return scenario.model_copy(update={"label": label})  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ORDER)
def test_every_number_of_an_entry_says_where_it_comes_from(name: str) -> None:
    file = load_text(platform(f"  plain: {{}}\n  ready: {{use: {name}}}\n"))
    plain = {row.path for row in file.evidence["plain"]}
    added = [row for row in file.evidence["ready"] if row.path not in plain]
    assert all(row.note for row in added)
    assert added or name == "single_host"


def test_a_second_host_is_the_same_vendor_with_the_same_draws_in_every_strategy() -> None:
    """Otherwise one strategy would meet a willing vendor where another meets a reluctant one."""
    names = set()
    for name in ("pilot_light", "warm_standby", "two_hosts"):
        search = load_text(platform(f"  ready: {{use: {name}}}\n")).scenario().response.replace["host"].search
        assert search is not None
        names |= {candidate.name for candidate in search.standby}
    assert names == {"second_host"}


def test_entries_are_combined_in_order_and_the_strategy_has_the_last_word() -> None:
    use = "use: [offsite_backups, warm_standby], backups: {every: 2 h}"
    scenario = load_text(platform(f"  ready: {{{use}}}\n")).scenario("ready")
    assert scenario.backups is not None
    assert scenario.backups.every == 2.0
    assert scenario.backups.kept_at == "host_backup"
    search = scenario.response.replace["host"].search
    assert search is not None
    assert [candidate.name for candidate in search.standby] == ["second_host"]


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ("{use: warm_stanby}", "did you mean `warm_standby`?"),
        ("{use: [pilot_light, 7]}", "there is no strategy"),
        ("{use: pilot_light, role: hots}", "there is no supplier `hots`"),
        ("{role: host}", "is unused without `use`"),
    ],
)
def test_what_the_library_does_not_have_is_said_with_the_likely_fix(strategy: str, said: str) -> None:
    assert any(said in line for line in problems(platform(f"  ready: {strategy}\n")))


def test_a_mapping_over_a_list_of_events_changes_them_by_their_ids() -> None:
    text = platform(
        "  later: {events: {suspend_host: {at: 20 d}}}\n  never: {events: {suspend_host: null}}\n"
    )
    file = load_text(text)
    assert [event.at for event in file.scenario("later").events] == [480.0]
    assert file.scenario("later").events[0].notice == 30.0
    assert file.scenario("never").events == ()


def test_an_event_that_is_not_there_cannot_be_changed() -> None:
    found = problems(platform("  odd: {events: {suspend_hots: {at: 20 d}}}\n"))
    assert any("did you mean `suspend_host`?" in line for line in found)


def test_items_that_are_no_events_are_changed_by_their_place() -> None:
    base, patch = read_text("of: [{a: 1}, {a: 2}]"), read_text("of: {2: {b: 3}}")
    assert merge(base, patch, "here", []).plain() == {"of": ({"a": 1}, {"a": 2, "b": 3})}


def test_the_shipped_strategies_of_the_real_case_are_the_library(request: pytest.FixtureRequest) -> None:
    from sim.scenario import load_scenario

    scenarios = Path(request.config.rootpath) / "scenarios"
    file = load_scenario(scenarios / "hosting_strategies.yaml")
    assert list(file.strategies) == list(ORDER)
    case = load_scenario(scenarios / "parler_2021.yaml").scenario()
    same = file.scenario("single_host")
    assert same.capabilities == case.capabilities
    assert same.response == case.response
    assert [replace_chance(event) for event in same.events] == list(case.events)


def replace_chance(event: object) -> object:
    """An event as the case has it, which says nothing of chances."""
    return event.model_copy(update={"chance": None})  # type: ignore[attr-defined]
