"""Set events: what takes a supplier away, for how long, and what the operator sees of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.supplies import causes, downtime, platform, played, record, told

WORK = {"tasks": {"rebuild": {"takes": "10 h"}}}


def respond(**replace: object) -> dict[str, object]:
    return {"detection": "2 h", "replace": replace}


def test_nothing_happens_without_events() -> None:
    timeline = played(platform(response=respond(host=WORK)))
    assert timeline.levels["use"].values == (1.0,)
    assert not timeline.records
    assert not timeline.happenings
    assert not timeline.causes
    assert timeline.event_count == 0
    assert timeline.suppliers == {"host": ((0.0, "up"),)}


def test_a_suspension_without_a_response_lasts_until_the_horizon() -> None:
    timeline = played(platform(events=[{"suspend": "host", "at": "100 h"}], horizon="300 h"))
    assert timeline.levels["use"].down() == ((100.0, 300.0),)
    assert causes(timeline) == [("host", "supplier", 200.0)]
    assert timeline.causes[0].censored
    assert not record(timeline, "host", "host", "supplier").finished


def test_a_reinstatement_ends_it() -> None:
    events = [{"delist": "host", "at": "100 h"}, {"restore": "host", "at": "150 h"}]
    timeline = played(platform(events=events))
    assert timeline.levels["use"].down() == ((100.0, 150.0),)
    assert causes(timeline) == [("host", "supplier", 50.0)]
    assert not timeline.causes[0].censored
    assert timeline.suppliers["host"] == ((0.0, "up"), (100.0, "suspended"), (150.0, "up"))


def test_an_unannounced_loss_is_worked_on_from_its_detection() -> None:
    timeline = played(platform(events=[{"suspend": "host", "at": "100 h"}], response=respond(host=WORK)))
    assert timeline.levels["use"].down() == ((100.0, 112.0),)
    assert causes(timeline) == [("host.detection", "wait", 2.0), ("host.rebuild", "task", 10.0)]
    assert timeline.suppliers["host"] == ((0.0, "up"), (100.0, "suspended"), (112.0, "replaced"))


def test_an_announced_loss_is_worked_on_from_the_announcement() -> None:
    events = [{"suspend": "host", "at": "100 h", "notice": "4 h"}]
    timeline = played(platform(events=events, response=respond(host=WORK)))
    assert timeline.levels["use"].down() == ((100.0, 106.0),)
    assert causes(timeline) == [("host.rebuild", "task", 6.0)]
    assert record(timeline, "host", "rebuild").start == 96.0
    assert timeline.suppliers["host"][1] == (96.0, "notice")


def test_a_replacement_that_is_ready_before_the_loss_stands_in_at_once() -> None:
    events = [{"suspend": "host", "at": "100 h", "notice": "40 h"}]
    timeline = played(platform(events=events, response=respond(host=WORK)))
    assert timeline.levels["use"].values == (1.0,)
    assert not timeline.causes
    assert timeline.suppliers["host"] == ((0.0, "up"), (60.0, "notice"), (70.0, "replaced"))
    assert told(timeline, "without effect") == [(100.0, "host", "without effect")]


def test_a_replacement_that_is_ready_at_the_very_moment_leaves_no_downtime() -> None:
    events = [{"suspend": "host", "at": "100 h", "notice": "10 h"}]
    timeline = played(platform(events=events, response=respond(host=WORK)))
    assert downtime(timeline) == 0.0
    assert not timeline.causes


def test_a_letter_from_before_the_start_is_answered_at_the_start() -> None:
    events = [{"suspend": "host", "at": "6 h", "notice": "6 h"}]
    timeline = played(platform(events=events, response=respond(host=WORK)))
    assert record(timeline, "host", "rebuild").start == 0.0
    assert timeline.levels["use"].down() == ((6.0, 10.0),)


def test_an_outage_ends_by_itself() -> None:
    timeline = played(platform(events=[{"outage": "host", "at": "100 h", "lasts": "7 h"}]))
    assert timeline.levels["use"].down() == ((100.0, 107.0),)
    assert told(timeline) == [(100.0, "host", "outage"), (107.0, "host", "outage over")]


def test_an_outage_of_random_length_differs_between_replications() -> None:
    scenario = platform(events=[{"outage": "host", "at": "100 h", "lasts": {"mean": "7 h"}}])
    assert len({downtime(played(scenario, k)) for k in range(5)}) == 5


def test_overlapping_outages_end_with_the_last() -> None:
    events = [
        {"outage": "host", "at": "100 h", "lasts": "10 h"},
        {"outage": "host", "at": "105 h", "lasts": "20 h"},
        {"outage": "host", "at": "107 h", "lasts": "2 h"},
    ]
    timeline = played(platform(events=events))
    assert timeline.levels["use"].down() == ((100.0, 125.0),)
    assert causes(timeline) == [("host", "supplier", 25.0)]


def test_an_outage_inside_a_suspension_ends_nothing() -> None:
    events = [
        {"suspend": "host", "at": "100 h"},
        {"outage": "host", "at": "105 h", "lasts": "5 h"},
        {"restore": "host", "at": "200 h"},
    ]
    assert played(platform(events=events)).levels["use"].down() == ((100.0, 200.0),)


def test_a_reinstatement_ends_an_outage_too() -> None:
    events = [{"outage": "host", "at": "100 h", "lasts": "50 h"}, {"restore": "host", "at": "120 h"}]
    assert played(platform(events=events)).levels["use"].down() == ((100.0, 120.0),)


def test_a_reinstatement_of_who_serves_changes_nothing() -> None:
    timeline = played(platform(events=[{"restore": "host", "at": "120 h"}]))
    assert timeline.levels["use"].values == (1.0,)
    assert not timeline.happenings


def test_what_is_restored_and_suspended_at_one_instant_is_suspended() -> None:
    """A reinstatement comes before what suppliers do, whatever the order of the file."""
    events = [
        {"suspend": "host", "at": "50 h"},
        {"suspend": "host", "at": "100 h", "id": "again"},
        {"restore": "host", "at": "100 h"},
    ]
    timeline = played(platform(events=events, horizon="300 h"))
    assert timeline.levels["use"].down() == ((50.0, 300.0),)
    assert [h[2] for h in told(timeline)] == ["suspended", "restored", "suspended"]


def test_work_that_ends_when_the_supplier_returns_is_abandoned() -> None:
    """At one instant: restore, then suppliers, then the operator."""
    events = [{"suspend": "host", "at": "100 h"}, {"restore": "host", "at": "112 h"}]
    timeline = played(platform(events=events, response=respond(host=WORK)))
    assert causes(timeline) == [("host", "supplier", 12.0)]
    assert told(timeline, "abandoned") == [(112.0, "host", "abandoned")]
    assert timeline.suppliers["host"][-1] == (112.0, "up")


def test_an_outage_shorter_than_its_detection_sets_nothing_off() -> None:
    events = [{"outage": "host", "at": "100 h", "lasts": "1 h"}]
    timeline = played(platform(events=events, response=respond(host=WORK)))
    assert not told(timeline, "started")
    assert record(timeline, "host", "detection", "detection").end == 101.0
    assert causes(timeline) == [("host", "supplier", 1.0)]


def test_an_announcement_ends_the_detection() -> None:
    events = [
        {"outage": "host", "at": "100 h", "lasts": "1000 h"},
        {"suspend": "host", "at": "130 h", "notice": "29 h"},
    ]
    timeline = played(platform(events=events, response=respond(host=WORK)))
    assert causes(timeline) == [("host.detection", "wait", 1.0), ("host.rebuild", "task", 10.0)]


def test_the_horizon_cuts_what_is_under_way() -> None:
    timeline = played(
        platform(events=[{"suspend": "host", "at": "95 h"}], response=respond(host=WORK), horizon="100 h")
    )
    assert timeline.levels["use"].down() == ((95.0, 100.0),)
    assert [(c.cause, c.hours, c.censored) for c in timeline.causes] == [
        ("host.detection", 2.0, False), ("host.rebuild", 3.0, True),
    ]  # fmt: skip
    assert not record(timeline, "host", "rebuild").finished


def test_the_horizon_cuts_a_detection() -> None:
    timeline = played(
        platform(events=[{"suspend": "host", "at": "99 h"}], response=respond(host=WORK), horizon="100 h")
    )
    assert [(c.cause, c.hours, c.censored) for c in timeline.causes] == [("host.detection", 1.0, True)]


def test_what_would_end_at_the_horizon_is_cut_by_it() -> None:
    """Intervals are half-open: what happens at the horizon no longer happens."""
    timeline = played(
        platform(events=[{"suspend": "host", "at": "88 h"}], response=respond(host=WORK), horizon="100 h")
    )
    assert timeline.levels["use"].down() == ((88.0, 100.0),)
    assert timeline.causes[-1].censored


def test_set_instants_are_exact() -> None:
    """Not sums of steps: ten times 0.1 h is not 1 h."""
    events = [{"outage": "host", "at": f"{n / 10} h", "lasts": "0.05 h"} for n in range(1, 11)]
    down = played(platform(events=events)).levels["use"].down()
    assert [start for start, _ in down] == [n / 10 for n in range(1, 11)]


@pytest.mark.parametrize(
    ("backups", "notice", "verb", "lost"),
    [
        (None, "0 h", "suspend", ("all", 100.0)),
        (None, "1 h", "suspend", ("none", 0.0)),
        ("24 h", "0 h", "suspend", ("part", 4.0)),
        ("24 h", "1 h", "suspend", ("none", 0.0)),
        ("25 h", "0 h", "suspend", ("none", 0.0)),
        ("0.1 h", "0 h", "suspend", ("none", 0.0)),
        ("24 h", "0 h", "outage", ("none", 0.0)),
    ],
)
def test_data_younger_than_the_last_backup_is_lost(
    backups: str | None, notice: str, verb: str, lost: tuple[str, float]
) -> None:
    event = {verb: "host", "at": "100 h", "notice": notice, **({"lasts": "2 h"} if verb == "outage" else {})}
    more: dict[str, Any] = {"backups": {"every": backups}} if backups else {}
    scenario = platform(suppliers={"host": {"kind": "host", "holds_data": True}}, events=[event], **more)
    timeline = played(scenario)
    assert (timeline.data_lost, timeline.data_loss_window) == lost


def test_an_outage_costs_data_when_somebody_else_takes_over() -> None:
    scenario = platform(
        suppliers={"host": {"kind": "host", "holds_data": True}},
        events=[{"outage": "host", "at": "100 h", "lasts": "900 h"}],
        response=respond(host=WORK),
        backups={"every": "24 h"},
    )
    timeline = played(scenario)
    assert (timeline.data_lost, timeline.data_loss_window) == ("part", 4.0)


def test_only_the_first_loss_of_data_counts() -> None:
    roles = {name: {"kind": "host", "holds_data": True} for name in ("a", "b")}
    events = [{"suspend": "b", "at": "100 h"}, {"suspend": "a", "at": "119 h"}]
    timeline = played(platform(suppliers=roles, events=events, backups={"every": "24 h"}))
    assert timeline.data_loss_window == 4.0
