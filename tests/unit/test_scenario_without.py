"""Taking events out: what goes with them, what stays, how they are named on a command line."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError, UsageError
from sim.scenario import load_text
from sim.scenario.without import Blow, file_without, read_blows, same_yardstick, taken_out, together, without
from tests.unit.scenarios import SMALL, changed, small

EVENTS = (
    "  - {suspend: host, at: 10 d, notice: 30 h}",
    """  - {suspend: host, at: 10 d, notice: 30 h}
  - {delist: store, at: 11 d, because: suspend_host}
  - {restore: store, at: 20 d, because: delist_store}
  - {surge: users, at: 12 d, times: 2, fades_over: 3 d, because: suspend_host, counterfactual: kept}
  - {outage: host, at: 100 d, lasts: 5 h}""",
)


def test_what_is_because_of_an_event_goes_with_it_unless_it_is_kept() -> None:
    scenario = small(EVENTS)
    gone = taken_out(scenario.events, Blow(("suspend_host",)))
    assert gone == {"suspend_host", "delist_store", "restore_store"}
    left = without(scenario, Blow(("suspend_host",)))
    assert [event.id for event in left.events] == ["surge_users", "outage_host"]
    assert left.events[0].because is None
    assert [event.id for event in left.spared().events] == [event.id for event in scenario.spared().events]


def test_a_blow_that_the_strategy_does_not_have_changes_nothing() -> None:
    scenario = small(EVENTS)
    assert without(scenario, Blow(("of_another_strategy",))) is scenario


def test_the_file_without_an_event_is_another_study_and_can_be_read_again() -> None:
    file = changed(EVENTS)
    digests = {file.digest}
    for blow in (Blow(("suspend_host",)), Blow(("outage_host",)), Blow(("suspend_host", "outage_host"))):
        spared = file_without(file, blow)
        digests.add(spared.digest)
        assert load_text(spared.resolved_yaml()).digest == spared.digest
    assert len(digests) == 4


def test_unknowns_of_events_that_are_gone_go_too() -> None:
    more = (
        "unknowns: {events.surge_users.times: {low: 2, high: 3}, "
        "users.churn: {low: 0.1 % per day, high: 0.2 % per day}}\n"
    )
    file = changed(EVENTS, more=more)
    spared = file_without(file, Blow(("surge_users",)))
    assert list(spared.scenario().unknowns) == ["users.churn"]
    assert load_text(spared.resolved_yaml()).digest == spared.digest


def test_only_an_event_that_the_counterfactual_keeps_moves_the_yardstick() -> None:
    scenario = small(EVENTS)
    assert same_yardstick(scenario, Blow(("suspend_host",)))
    assert same_yardstick(scenario, Blow(("delist_store", "outage_host")))
    assert not same_yardstick(scenario, Blow(("surge_users",)))


def test_a_blow_is_one_event_or_several_joined_in_the_order_of_the_file() -> None:
    file = changed(EVENTS)
    blows = read_blows(file, ["suspend_host", "outage_host+delist_store"], list(file.strategies))
    assert [blow.name for blow in blows] == ["suspend_host", "delist_store+outage_host"]
    assert together(file, blows, list(file.strategies)).name == "suspend_host+delist_store+outage_host"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["suspnd_host"], "small has no event `suspnd_host`; did you mean `suspend_host`"),
        (["store"], "did you mean `delist_store` or `restore_store`?"),
        (["xyz"], "there are suspend_host, delist_store, restore_store, surge_users, outage_host"),
        (["suspend_host,outage_host"], "join events that are taken out together with `+`"),
        (["suspend_host", "suspend_host"], "--without suspend_host is said twice"),
        (["suspend_host+"], "small has no event ``"),
    ],
)
def test_a_wrong_event_gets_one_message_with_the_fix(typed: list[str], said: str) -> None:
    file = changed(EVENTS)
    with pytest.raises(UsageError) as caught:
        read_blows(file, typed, list(file.strategies))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


# -- chance -------------------------------------------------------------------------------------------------


def chance(text: str) -> str:
    """The small scenario's event with a chance."""
    return SMALL.replace("notice: 30 h}", f"notice: 30 h, chance: {text}}}")


@pytest.mark.parametrize(
    ("text", "share"),
    [("4 % per year", 0.04), ("0.1 per year", 0.1), ("0 % per year", 0.0), ("100 % per year", 1.0)],
)
def test_a_chance_is_a_share_a_year(text: str, share: float) -> None:
    assert load_text(chance(text)).scenario().events[0].chance_a_year == pytest.approx(share, rel=1e-14)


def test_a_chance_changes_no_number_and_is_written_out_with_its_source() -> None:
    file = load_text(chance("{value: 4 % per year, source: the press}"))
    assert file.digest == changed().digest
    assert "chance: 4 % per year" in file.resolved_yaml()
    assert load_text(file.resolved_yaml()).strategies == file.strategies
    row = next(each for each in file.evidence["as_is"] if each.path == "events.suspend_host.chance")
    assert (row.mark, row.note, row.choice) == ("source", "the press", False)


EVENT = "{suspend: host, at: 10 d, notice: 30 h}"
SURGE = "{surge: users, at: 10 d, times: 2, fades_over: 1 d, chance: 4 % per year}"
CAUSED = f"{EVENT}\n  - {{delist: store, at: 11 d, because: suspend_host, chance: 4 % per year}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (chance("120 % per year"), "is 120 % per year; what happens within a year has a chance of 100 %"),
        (chance("1 per day"), "100 % per year at most"),
        (chance("4 %"), "`4 %` is not a hazard"),
        (chance("-1 % per year"), "is negative"),
        (SMALL.replace(EVENT, SURGE), "has no meaning for `surge`, only for suspend, delist, outage"),
        (
            SMALL.replace(EVENT, CAUSED),
            "is that of its cause; say it of `suspend_host` and leave it out here",
        ),
    ],
)
def test_a_chance_that_cannot_be_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    assert len(caught.value.problems) == 1
    assert said in caught.value.problems[0].message
    assert caught.value.problems[0].where.endswith("chance")
