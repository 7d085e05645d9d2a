"""One run told in order of time, from what was recorded of it."""

from __future__ import annotations

import re
from dataclasses import replace

from sim.supply.timeline import Happening
from sim.views.case import Run
from sim.views.narration import essential
from sim.views.saying import templates
from sim.views.story import tell
from tests.unit.cases import HORIZON, parler_like, steps

CASE = parler_like(200)
RUN = CASE.typical
FALL = 248.0


def told(*happenings: tuple[float, str, str, str], levels: dict[str, object] | None = None) -> str:
    """The story of a run in which nothing but this is recorded."""
    calm = {name: steps((0.0, 1.0)) for name in RUN.timeline.levels}
    line = replace(
        RUN.timeline,
        happenings=tuple(Happening(*one) for one in happenings),
        levels={**calm, **(levels or {})},  # type: ignore[dict-item]
        records=(),
    )
    return tell(CASE, replace(RUN, timeline=line)).text


def test_a_story_goes_forward_in_time_and_ends_with_the_simulation() -> None:
    story = tell(CASE)
    hours = [moment.hours for moment in story.moments]
    assert hours == sorted(hours)
    assert hours[0] == 0.0
    assert hours[-1] == HORIZON
    assert story.moments[-1].sentences[0].startswith("The simulation ends with")


def test_a_suspension_reads_as_it_happened() -> None:
    text = tell(CASE).text
    assert "Mon 11 Jan 08:00. Amazon Web Services suspends the account." in text
    assert "No longer possible: read, sign in and post." in text
    assert re.search(r"[\d.]+ million people see an error\.", text)
    assert "in force Mon 11 Jan 08:00 (30 hours from now)" in text


def test_refusals_are_counted_until_somebody_agrees() -> None:
    asked = [(FALL + i, f"host.candidate.{i}", "asked", "host") for i in (1, 2, 3)]
    refused = [(FALL + 10 + i, f"host.candidate.{i}", "refused", "host") for i in (1, 2)]
    text = told(*asked, *refused, (FALL + 20, "host.candidate.3", "accepted", "host"))
    assert text.count("The search for a new host begins.") == 1
    assert "Candidate 3 agrees to be the new host, after 2 refusals." in text
    one = told(*asked[:2], refused[0], (FALL + 20, "host.candidate.2", "accepted", "host"))
    assert "after 1 refusal." in one
    none = told(asked[0], (FALL + 20, "host.candidate.Iron Rack", "accepted", "host"))
    assert "Iron Rack agrees to be the new host." in none


def test_an_exhausted_search_says_so() -> None:
    text = told((FALL, "host.candidate.1", "asked", "host"), (FALL + 9, "host", "no host left", "host"))
    assert "All have refused: no host left." in text


def test_a_supplier_with_a_name_is_not_called_new() -> None:
    text = told((FALL, "sms.candidate.1", "asked", "sms"), (FALL + 5, "sms", "detected", "sms"))
    assert "The search for a replacement for Text messages begins." in text
    assert "The operator notices the loss of Text messages." in text


def test_work_of_one_instant_is_one_sentence() -> None:
    text = told(*[(FALL, f"host.{task}", "started", "host") for task in ("set_up", "adapt")])
    assert "Begins: “set up” and “Adapt the software”." in text


def test_a_partial_return_says_how_much() -> None:
    text = told(levels={"sign_in": steps((0.0, 1.0), (FALL, 0.0), (500.0, 0.2))})
    assert "Possible again, at first for 20 % of the demand: sign in." in text


def test_an_end_without_effect_and_one_of_an_outage_are_told() -> None:
    text = told(
        (FALL, "host", "without effect", "suspend_host"), (FALL + 9, "host", "outage over", "suspend_host")
    )
    assert (
        "Amazon Web Services suspends the account: without effect, for somebody else serves by now." in text
    )
    assert "The host serves again." in text


def test_lost_data_are_told_when_they_are_lost() -> None:
    fall = Happening(FALL, "host", "suspended", "suspend_host")
    for lost, said in (("all", "All data are lost."), ("part", "The data of the last 14 hours are lost.")):
        line = replace(RUN.timeline, happenings=(fall,), data_lost=lost, data_loss_window=14.0)
        assert said in tell(CASE, replace(RUN, timeline=line)).text


def test_a_run_in_which_nothing_happens_says_so() -> None:
    quiet = CASE.scenario.model_copy(update={"events": ()})
    line = replace(
        RUN.timeline, happenings=(), records=(), levels={n: steps((0.0, 1.0)) for n in RUN.timeline.levels}
    )
    run: Run = replace(RUN, timeline=line)
    story = tell(replace(CASE, scenario=quiet, typical=run))
    assert len(story.moments) == 2
    assert "Nothing else happens until the simulation ends." in story.text


def test_the_short_story_leaves_out_what_only_the_operator_sees() -> None:
    story = tell(CASE)
    assert story.html().count("<li>") == len(story.moments)
    short = story.html(main_only=True)
    assert short.count("<li>") == sum(moment.main for moment in story.moments) < len(story.moments)
    assert "Apple App Store delists the app" in short
    assert '<time datetime="2021-01-11T08:00Z">' in short


def test_what_the_headline_needs_is_found_through_other_capabilities() -> None:
    assert essential(CASE.scenario) == {"sign_in", "read", "host", "identity"}


def test_nothing_in_a_story_is_markup() -> None:
    events = CASE.scenario.events
    odd = tuple(
        e.model_copy(update={"label": "<b>Cut & run</b>"}) if e.id == "suspend_host" else e for e in events
    )
    story = tell(replace(CASE, scenario=CASE.scenario.model_copy(update={"events": odd})))
    assert "<b>" not in story.html()
    assert "&lt;b&gt;Cut &amp; run" in story.html()


def test_every_phrase_of_a_story_is_a_template() -> None:
    assert all(
        text[-1] in '."' or name in {"task_done", "active", "queue", "waiting", "left"}
        for name, text in templates()["story"].items()
    )
