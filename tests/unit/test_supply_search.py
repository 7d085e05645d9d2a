"""The search: who is asked when, who accepts, and what is left when everybody refuses."""

from __future__ import annotations

from typing import Any

from tests.supplies import causes, platform, played, record, told


def searching(
    candidates: Any, *, at_once: int = 1, events: Any = None, horizon: str = "1000 h", **more: Any
) -> Any:
    """A search and nothing else after a loss that is seen at once."""
    search = {"candidates": candidates, "acceptance": "0 %", "reply": "10 h", "at_once": at_once, **more}
    return platform(
        events=events or [{"suspend": "host", "at": "100 h"}],
        response={"detection": "0 h", "replace": {"host": {"search": search}}},
        horizon=horizon,
    )


def answering(*answers: tuple[str, bool]) -> list[dict[str, str]]:
    """Candidates that say so after a while."""
    return [{"reply": reply, "acceptance": "100 %" if accepts else "0 %"} for reply, accepts in answers]


def test_candidates_are_asked_one_after_the_other_in_file_order() -> None:
    timeline = played(searching(answering(("5 h", False), ("7 h", False), ("1 h", True), ("1 h", True))))
    assert told(timeline, "asked", "refused", "accepted") == [
        (100.0, "host.candidate.1", "asked"), (105.0, "host.candidate.1", "refused"),
        (105.0, "host.candidate.2", "asked"), (112.0, "host.candidate.2", "refused"),
        (112.0, "host.candidate.3", "asked"), (113.0, "host.candidate.3", "accepted"),
    ]  # fmt: skip
    assert (timeline.contacted, timeline.refused, timeline.withdrew) == (3, 2, 0)
    assert causes(timeline) == [("host.search", "search", 13.0)]
    assert timeline.suppliers["host"][-1] == (113.0, "replaced")


def test_several_at_once_keep_a_rolling_window_open() -> None:
    slow, quick = ("50 h", False), ("4 h", False)
    timeline = played(searching(answering(slow, quick, quick, quick, ("4 h", True)), at_once=2))
    assert [t for t, _, event in told(timeline) if event == "asked"] == [100.0, 100.0, 104.0, 108.0, 112.0]
    assert causes(timeline) == [("host.search", "search", 16.0)]


def test_the_first_acceptance_wins_and_open_enquiries_are_withdrawn_not_refused() -> None:
    timeline = played(searching(answering(("50 h", True), ("4 h", True), ("60 h", False)), at_once=3))
    assert told(timeline, "accepted", "withdrawn") == [
        (104.0, "host.candidate.2", "accepted"),
        (104.0, "host.candidate.1", "withdrawn"),
        (104.0, "host.candidate.3", "withdrawn"),
    ]
    assert (timeline.contacted, timeline.refused) == (3, 0)


def test_answers_of_one_instant_come_before_the_next_enquiry() -> None:
    """A supplier acts before the operator: nobody is asked who need not be."""
    timeline = played(searching(answering(("9 h", False), ("9 h", True), ("9 h", True)), at_once=2))
    assert (timeline.contacted, timeline.refused) == (2, 1)


def test_when_all_refuse_no_host_is_left() -> None:
    timeline = played(searching(3, horizon="200 h"))
    assert told(timeline, "no host left") == [(130.0, "host", "no host left")]
    assert timeline.levels["use"].down() == ((100.0, 200.0),)
    assert [(c.cause, c.kind, c.hours, c.censored) for c in timeline.causes] == [
        ("host.search", "search", 30.0, False), ("no host left", "search", 70.0, True),
    ]  # fmt: skip


def test_without_any_candidate_nobody_is_left_at_once() -> None:
    timeline = played(searching(0, horizon="200 h"))
    assert [(c.cause, c.hours) for c in timeline.causes] == [("no host left", 100.0)]


def test_no_host_left_is_the_cause_even_while_other_work_goes_on() -> None:
    search = {"candidates": 1, "acceptance": "0 %", "reply": "10 h"}
    tasks = {"copy": {"takes": "5000 h"}, "build": {"after": ["host_found"], "takes": "1 h"}}
    response = {"detection": "0 h", "replace": {"host": {"search": search, "tasks": tasks}}}
    timeline = played(
        platform(events=[{"suspend": "host", "at": "100 h"}], response=response, horizon="200 h")
    )
    assert [c.cause for c in timeline.causes] == ["host.search", "no host left"]


def test_the_supplier_itself_can_come_back_after_everybody_refused() -> None:
    events = [{"suspend": "host", "at": "100 h"}, {"restore": "host", "at": "500 h"}]
    timeline = played(searching(2, events=events))
    assert timeline.levels["use"].down() == ((100.0, 500.0),)
    assert causes(timeline) == [("host", "supplier", 400.0)]
    assert record(timeline, "host", "none_left", "search").end == 500.0


def test_a_search_is_abandoned_when_the_supplier_returns() -> None:
    events = [{"suspend": "host", "at": "100 h"}, {"restore": "host", "at": "115 h"}]
    timeline = played(searching(answering(("10 h", False), ("10 h", True)), events=events))
    assert told(timeline, "withdrawn", "accepted") == [(115.0, "host.candidate.2", "withdrawn")]
    assert record(timeline, "host", "search", "search").end == 115.0


def test_the_next_loss_is_another_attempt_with_draws_of_its_own() -> None:
    events = [{"suspend": "host", "at": "100 h"}, {"suspend": "host", "at": "500 h", "id": "again"}]
    scenario = searching(1, acceptance="100 %", reply={"mean": "10 h"}, events=events)
    lengths = [[h for _, _, h in causes(played(scenario, k))] for k in range(3)]
    assert all(len(each) == 2 for each in lengths)
    assert all(first != second for first, second in lengths)


def test_the_same_attempt_of_a_candidate_uses_the_same_draw_whatever_came_before() -> None:
    """Candidate 2 answers after the same time whether 1 was quick or slow."""

    def second(reply: str) -> float:
        candidates = [
            {"reply": reply, "acceptance": "0 %"},
            {"reply": {"mean": "9 h"}, "acceptance": "100 %"},
        ]
        asked, accepted = (
            t for t, who, _ in told(played(searching(candidates))) if who == "host.candidate.2"
        )
        return accepted - asked

    assert abs(second("1 h") - second("77 h")) < 1e-9


def test_named_candidates_keep_their_draws_when_the_list_changes() -> None:
    def lasts(*names: str) -> float:
        known = {
            "a": {"name": "a", "acceptance": "0 %", "reply": "9 h"},
            "b": {"name": "b", "acceptance": "100 %", "reply": {"mean": "30 h"}},
        }
        candidates = [known[name] for name in names]
        times = {e: t for t, who, e in told(played(searching(candidates))) if who == "host.candidate.b"}
        return times["accepted"] - times["asked"]

    assert abs(lasts("a", "b") - lasts("b")) < 1e-9
