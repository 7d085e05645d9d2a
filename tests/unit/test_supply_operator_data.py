"""What becomes of the data: copied out in time or not, and backups that go with who keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import Scenario
from tests.supplies import causes, platform, played, record, told


def exporting(event: Any, takes: str, *, after: Any = (), **more: Any) -> Scenario:
    """A host that holds the data, backed up every 30 h, lost at 100 h; its data are copied out."""
    suppliers = {"host": {"kind": "host", "holds_data": True}, "vault": {"kind": "store", "monthly_cost": 1}}
    tasks = {
        "export": {"takes": takes, "exports": "host", "after": [*after]},
        "restore": {"after": ["export"], "takes": "10 h"},
    }
    more.setdefault("backups", {"every": "30 h"})
    return platform(
        suppliers=suppliers,
        capabilities={"use": {"needs": ["host"]}},
        events=[event] if isinstance(event, dict) else event,
        response={"detection": "0 h", "replace": {"host": {"tasks": tasks}}},
        horizon="1000 h",
        **more,
    )


def lost(scenario: Scenario) -> tuple[str, Any]:
    """What is lost, and how many hours of it."""
    timeline = played(scenario)
    return timeline.data_lost, pytest.approx(timeline.data_loss_window, abs=1e-9)


NOTICE = {"suspend": "host", "at": "100 h", "notice": "40 h"}


def test_data_copied_out_within_the_notice_are_not_lost() -> None:
    assert lost(exporting(NOTICE, "39 h")) == ("none", 0.0)
    assert lost(exporting(NOTICE, "40 h")) == ("part", 10.0)  # the supplier acts first


def test_an_export_that_is_not_finished_when_access_ends_is_cut_short_and_its_time_is_not_spent() -> None:
    timeline = played(exporting(NOTICE, "500 h"))
    assert timeline.data_lost == "part"
    assert timeline.data_loss_window == pytest.approx(10.0)
    assert record(timeline, "host", "export").end == 100.0
    assert told(timeline, "cut short") == [(100.0, "host.export", "cut short")]
    assert timeline.levels["use"].down() == ((100.0, 110.0),)


def test_without_any_notice_only_the_grace_is_there_to_copy() -> None:
    assert lost(exporting({"suspend": "host", "at": "100 h"}, "20 h")) == ("part", 10.0)
    assert lost(exporting({"suspend": "host", "at": "100 h", "grace": "19 h"}, "20 h")) == ("part", 10.0)
    assert lost(exporting({"suspend": "host", "at": "100 h", "grace": "21 h"}, "20 h")) == ("none", 0.0)
    assert lost(exporting({"terminate": "host", "at": "100 h", "grace": "21 h"}, "20 h")) == ("none", 0.0)


def test_notice_and_grace_add_up() -> None:
    assert lost(exporting({**NOTICE, "grace": "30 h"}, "69 h")) == ("none", 0.0)
    assert lost(exporting({**NOTICE, "grace": "30 h"}, "71 h")) == ("part", 10.0)


def test_what_could_only_begin_after_access_has_ended_counts_as_done() -> None:
    timeline = played(exporting({"suspend": "host", "at": "100 h"}, "20 h", after=["outage"]))
    assert [who for _, who, _ in told(timeline, "started")] == ["host.restore"]
    assert timeline.levels["use"].down() == ((100.0, 110.0),)
    assert causes(timeline)[-1] == ("host.restore", "task", 10.0)


def test_a_supplier_that_comes_back_within_the_grace_leaves_access_as_it_was() -> None:
    events = [
        {"suspend": "host", "at": "100 h", "grace": "50 h"},
        {"restore": "host", "at": "120 h"},
        {"suspend": "host", "at": "200 h", "id": "again", "grace": "50 h"},
    ]
    timeline = played(exporting(events, "30 h"))
    assert record_ends(timeline, "export") == [120.0, 230.0]


def test_what_still_waits_for_another_role_counts_as_done_only_when_that_is_done() -> None:
    suppliers = {"host": {"kind": "host", "holds_data": True}, "sms": {"kind": "sms"}}
    replace = {
        "sms": {"tasks": {"other": {"takes": "50 h"}}},
        "host": {
            "tasks": {
                "export": {"after": ["sms.other"], "takes": "9 h", "exports": "host"},
                "restore": {"after": ["export"], "takes": "10 h"},
            }
        },
    }
    timeline = played(
        platform(
            suppliers=suppliers,
            capabilities={"use": {"needs": ["host"]}, "text": {"needs": ["sms"]}},
            events=[{"suspend": "host", "at": "100 h"}, {"suspend": "sms", "at": "100 h"}],
            response={"detection": "0 h", "replace": replace},
        )
    )
    assert timeline.levels["use"].down() == ((100.0, 160.0),)
    assert causes(timeline) == [("sms.other", "task", 50.0), ("host.restore", "task", 10.0)]


def record_ends(timeline: Any, name: str) -> list[float]:
    """Ends of the records of a name."""
    return [r.end for r in timeline.records if r.name == name and r.kind == "task"]


def test_an_outage_takes_no_data_away() -> None:
    event = {"outage": "host", "at": "100 h", "lasts": "5 h"}
    assert lost(exporting(event, "20 h")) == ("none", 0.0)


def test_without_exports_a_notice_saves_the_data_as_before() -> None:
    suppliers = {"host": {"kind": "host", "holds_data": True}}
    scenario = platform(suppliers=suppliers, events=[NOTICE], backups={"every": "30 h"})
    assert lost(scenario) == ("none", 0.0)


KEPT = {"backups": {"every": "30 h", "kept_at": "vault"}}
BLOW = {"suspend": "host", "at": "100 h"}


def test_backups_that_are_kept_by_somebody_who_has_gone_are_gone_too() -> None:
    before = [{"suspend": "vault", "at": "50 h"}, BLOW]
    assert lost(exporting(before, "20 h", **KEPT)) == ("all", 100.0)
    assert lost(exporting([BLOW], "20 h", **KEPT)) == ("part", 10.0)


def test_who_goes_at_the_same_instant_is_gone_whatever_the_order_of_the_file() -> None:
    also = {"suspend": "vault", "at": "100 h"}
    for events in ([BLOW, also], [also, BLOW]):
        assert lost(exporting(events, "20 h", **KEPT)) == ("all", 100.0)


def test_backups_of_somebody_who_has_an_outage_or_goes_later_are_still_there() -> None:
    for event in (
        {"outage": "vault", "at": "50 h", "lasts": "100 h"},
        {"suspend": "vault", "at": "101 h"},
    ):
        assert lost(exporting([event, BLOW], "20 h", **KEPT)) == ("part", 10.0)


def test_backups_that_go_with_the_group_of_the_host_are_gone() -> None:
    groups = {"region": {"members": ["host", "vault"]}}
    events = [{"suspend": "region", "at": "100 h"}]
    assert lost(exporting(events, "20 h", groups=groups, **KEPT)) == ("all", 100.0)


def test_data_that_were_copied_out_need_no_backups() -> None:
    events = [{"suspend": "vault", "at": "50 h"}, NOTICE]
    assert lost(exporting(events, "20 h", **KEPT)) == ("none", 0.0)
