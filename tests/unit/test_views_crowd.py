"""Users who act on each other, as people read of it: sentences, the story, the limits, where users are."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.scenario import load_text
from sim.views import crowd_sentences, wording
from sim.views.case import Case, Layer, Run
from sim.views.crowd_acts import told_at_the_door
from sim.views.figures import draw, places
from sim.views.happenings import phrase
from sim.views.labels import place
from sim.views.limits import limits, of_others
from sim.views.saying import Sentence
from sim.views.story import tell
from sim.views.summary import capabilities, measure_name, summary
from tests.unit.cases import DAY, HORIZON, TEXT, changed, crowded, parler_like, steps

CASE = crowded(200)
PLAIN = parler_like(200)


def with_columns(**columns: np.ndarray | float) -> Case:
    wide = {name: np.broadcast_to(np.asarray(value, dtype=float), (200,)) for name, value in columns.items()}
    return changed(CASE, outcomes={**CASE.outcomes, **wide})


def at_rivals(gab: np.ndarray | float, mewe: np.ndarray | float, *, left: float, rest: float = 50.0) -> Case:
    return with_columns(**{
        "users_at.gab": gab,
        "users_at.mewe": mewe,
        "left_for.gab": left / 2,
        "left_for.mewe": left / 2,
        "users_not_returned": np.asarray(gab) + np.asarray(mewe) + rest,
    })  # fmt: skip


NOISE = np.random.default_rng(3).normal(0.0, 1000.0, 200)

PLACES = {
    "rest": at_rivals(5000.0, 3000.0, left=9000.0),
    "all": at_rivals(5000.0, 3000.0, left=9000.0, rest=0.0),
    "net": at_rivals(5000.0, -3000.0, left=9000.0),
    "none": at_rivals(0.0, 0.0, left=0.0),
    "none_stayed": at_rivals(0.0, 0.0, left=400.0),
}
MOST = {
    "more": at_rivals(5000.0 + NOISE, 4000.0, left=9000.0),
    "certain": at_rivals(5000.0, 4000.0, left=9000.0),
    "undecided": at_rivals(5000.0 + NOISE, 5000.0 + 2 * NOISE.mean(), left=9000.0),
    "same": at_rivals(5000.0, 5000.0, left=9000.0),
}
DOORS = {
    "never": with_columns(users_at_door_peak=0.0, door_hours=0.0),
    "sometimes": with_columns(users_at_door_peak=np.where(np.arange(200) < 20, 5e4, 0.0), door_hours=1e4),
    "often": with_columns(users_at_door_peak=np.linspace(1e4, 9e4, 200), door_hours=1e5),
    "certain": with_columns(users_at_door_peak=5e4, door_hours=1e5),
}


def said(of: str, case: Case) -> Sentence:
    found: Sentence | None = getattr(crowd_sentences, of)(case)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("of", "variant", "case"),
    [(of, variant, case) for of, some in (("places", PLACES), ("most", MOST), ("door", DOORS))
     for variant, case in some.items()],
)  # fmt: skip
def test_the_variant_about_the_crowd_is_the_true_one(of: str, variant: str, case: Case) -> None:
    sentence = said(of, case)
    assert (sentence.topic, sentence.variant) == (of, variant)
    assert sentence.text.endswith(".")
    assert not {"{", "}", "nan", "inf"} & set(sentence.text.replace(",", " ").split())


def test_where_they_went_reads_as_a_person_would_say_it() -> None:
    assert said("places", PLACES["rest"]).text == (
        "Of those who left because of these events and did not return, on average 5,000 are at Gab and 3,000 "
        "at MeWe when the simulation ends; the other 50 are elsewhere or gone for good. By then there have "
        "been 9,000 departures for them."
    )
    assert said("door", DOORS["often"]).text == (
        "In half of the 200 runs more than 49,800 stand at the door at once, in 1 of 10 more than 82,000; on "
        "average 100,000 user-hours are spent there."
    )


def test_which_rival_has_more_is_not_said_where_the_runs_do_not_tell() -> None:
    """The gap of the undecided case is 0.1 standard errors, that of the other fourteen."""
    assert "more at" not in said("most", MOST["undecided"]).text.replace("more are at", "")
    assert "More are at Gab than at MeWe" in said("most", MOST["more"]).text


def test_without_rivals_and_door_nothing_is_said_of_them() -> None:
    assert crowd_sentences.crowd(PLAIN) == (None, None, None)


def test_measures_of_rivals_stand_among_those_of_the_platform() -> None:
    line = replace(CASE.lines[3], measure="users_at.gab")
    case = changed(CASE, lines=(line, replace(line, measure="downtime.read")))
    assert [row[0] for row in summary(case).rows] == ["… at Gab at the end"]
    assert [row[0] for row in capabilities(case).rows] == ["Downtime: read"]
    assert measure_name(CASE.scenario, "left_for.mewe") == "Departures for MeWe"


# -- the story -------------------------------------------------------------------------------------------


def test_events_about_people_have_phrases_of_their_own() -> None:
    scenario = CASE.scenario
    told = {event.id: phrase(scenario, event) for event in scenario.events if event.of_people}
    assert told["announce_users"] == "the network announces that it will be back within 7 days"
    assert told["open_mewe"] == "MeWe opens"
    assert told["require_users"] == "versions of the app that are too old stop working (60 % of those in use)"


def of_segments() -> Case:
    """The same with a segment of its own for the app, to which things are said."""
    text = TEXT.replace(
        "users: {start: 2300000, unit: daily active users, served_by: sign_in}\nevents:",
        "users:\n  start: 2300000\n  served_by: sign_in\n  segments:\n"
        "    app: {label: people with the app, share: 50 %, join_by: install_ios}\n    web: {share: 50 %}\n"
        "events:\n  - {announce: app, at: 11 d, back_within: 10 d, holds: 0.5}\n"
        "  - {surge: web, at: 12 d, times: 2, fades_over: 5 d}\n  - {require: app, at: 140 d, affects: 20 %}",
    )
    return changed(PLAIN, scenario=load_text(text).scenario())


def test_a_segment_that_is_addressed_is_named() -> None:
    case = of_segments()
    told = {event.id: phrase(case.scenario, event) for event in case.scenario.events if event.of_people}
    assert told["announce_app"] == (
        "the network announces to people with the app that it will be back within 10 days"
    )
    assert told["surge_web"] == "more newcomers than usual among web"


def story_of(case: Case, back: float) -> str:
    """The story of a run that is down from the 11th day on until an hour."""
    fall = 10 * DAY + 8
    levels = {**case.typical.timeline.levels, "sign_in": steps((0.0, 1.0), (fall, 0.0), (back, 1.0))}
    line = replace(case.typical.timeline, levels=levels, happenings=(), records=())
    return tell(case, replace(case.typical, timeline=line)).text


MISSED = "It is not back within 7 days, as was announced."


@pytest.mark.parametrize(("back", "missed"), [(17 * DAY, False), (18 * DAY, False), (19 * DAY, True)])
def test_a_promise_is_missed_if_it_is_still_down_then(back: float, *, missed: bool) -> None:
    """Announced on the 11th day to be back within 7 days: due on the 18th."""
    text = story_of(CASE, back)
    assert "The network announces that it will be back within 7 days." in text
    assert (MISSED in text) == missed
    if missed:
        assert f"Tue 19 Jan 00:00. {MISSED}" in text


def test_a_later_promise_takes_the_place_of_the_first() -> None:
    first = next(event for event in CASE.scenario.events if event.verb == "announce")
    second = first.model_copy(update={"id": "again", "at": 13 * DAY, "back_within": 30 * DAY})
    scenario = CASE.scenario.model_copy(update={"events": (*CASE.scenario.events, second)})
    text = story_of(changed(CASE, scenario=scenario), 60 * DAY)
    assert "It is not back within 7 days" not in text
    assert "It is not back within 30 days, as was announced." in text


def test_a_version_that_is_required_of_nobody_who_cannot_update_is_without_effect() -> None:
    case = of_segments()
    down = story_of(case, 19 * DAY)
    assert "stop working among people with the app (20 % of those in use): without effect" in down
    early = case.scenario.model_copy(
        update={
            "events": tuple(
                event.model_copy(update={"at": 100 * DAY}) if event.verb == "require" else event
                for event in case.scenario.events
            )
        }
    )
    assert "without effect" not in story_of(changed(case, scenario=early), 19 * DAY)


def queue(*points: tuple[float, float]) -> Run:
    """The typical run with so many at the door, straight between the points (days, people)."""
    days, people = np.array(points).T
    return replace(CASE.typical, door=np.interp(CASE.typical.times, days * DAY, people))


def up(run: Run) -> Run:
    return replace(
        run, timeline=replace(run.timeline, levels=dict.fromkeys(run.timeline.levels, steps((0.0, 1.0))))
    )


def test_a_queue_at_the_door_is_told_when_it_forms_clogs_and_is_gone() -> None:
    """At 20,000 an hour and half an admission's work for each who tries again, a tenth is left at 360,000."""
    found = list(told_at_the_door(CASE, up(queue((39, 0), (40, 1e5), (45, 6e5), (60, 0)))))
    assert [variant for _, variant, _ in found] == ["door_forms", "door_clogs", "door_free"]
    assert [hours / DAY for hours, _, _ in found] == [40.0, 43.0, 60.0]
    assert found[0][2] == {"users": "100,000"}
    calm = list(told_at_the_door(CASE, up(queue((39, 0), (40, 1e5), (45, 3e5), (60, 0)))))
    assert [variant for _, variant, _ in calm] == ["door_forms", "door_free"]


def test_a_queue_that_ends_with_the_service_is_not_called_free() -> None:
    run = queue((39, 0), (40, 1e5), (44, 1e5), (45, 0))
    level = steps((0.0, 1.0), (45 * DAY, 0.0), (50 * DAY, 1.0))
    cut = replace(run, timeline=replace(run.timeline, levels=dict.fromkeys(run.timeline.levels, level)))
    assert [variant for _, variant, _ in told_at_the_door(CASE, cut)] == ["door_forms"]


def test_a_short_queue_is_not_worth_telling_and_a_lasting_one_ends_the_story() -> None:
    assert not list(told_at_the_door(CASE, up(queue((39, 0), (40, 1e4), (60, 0)))))
    text = tell(CASE, up(queue((39, 0), (40, 1e5), (HORIZON / DAY, 1e5)))).text
    assert "100,000 people still stand at the door." in text
    assert "Nobody has to stand at the door" not in text


# -- the limits ------------------------------------------------------------------------------------------


def test_the_limits_say_what_users_do_not_do_to_each_other() -> None:
    assert "Users do not act on each other" in " ".join(limits(PLAIN))
    said_of = " ".join(limits(CASE))
    assert "Users do not act on each other" not in said_of
    assert "Nobody leaves because friends leave and no rival grows." in said_of
    assert "The queue at the door: what people do because of others acts through averages" in said_of
    assert "of the order of 1 in 2.3 million" in said_of


def test_the_limits_name_each_approximation_where_it_is_made() -> None:
    friends = CASE.scenario.model_copy(deep=True)
    for segment in friends.users.segments.values():
        segment.__dict__["friends"] = segment.friends.model_copy(update={"waiting": 0.001})
    counted = " ".join(of_others(friends, "expected"))
    assert "Friends and the queue at the door: what people do" in counted
    assert "Everybody counts as a friend of everybody" in counted
    followed = " ".join(of_others(friends, "graph"))
    assert "1,000 individuals stand for 2.3 million users" in followed
    assert "up to 1.6 percentage points" in followed
    assert "Everybody counts as a friend" not in followed


# -- where users are -------------------------------------------------------------------------------------


def edges(case: Case) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Lower and upper edge of every area that is drawn, by its label."""
    found = {}
    for area in draw("places", case).figure.axes[0].collections:
        corners = np.asarray(area.get_paths()[0].vertices)
        size = case.active.times.size
        lower, upper = corners[1 : size + 1, 1], corners[size + 2 : 2 * size + 2, 1][::-1]
        found[str(area.get_label())] = (np.minimum(lower, upper), np.maximum(lower, upper))
    return found


@pytest.mark.parametrize("case", [PLAIN, CASE], ids=["four states", "rivals and a door"])
def test_the_areas_are_the_layers_one_on_the_other(case: Case) -> None:
    drawn, below = edges(case), np.zeros(case.active.times.size)
    assert list(drawn) == [layer.name for layer in case.layers]
    for layer in case.layers:
        low, high = drawn[layer.name]
        assert low == pytest.approx(below, abs=1e-6)
        assert high - low == pytest.approx(layer.mean, abs=1e-6)
        below = high
    assert below == pytest.approx(sum(layer.mean for layer in case.layers), abs=1e-6)


def test_the_title_says_where_a_hundred_are_and_the_table_how_many() -> None:
    picture = draw("places", CASE)
    parts = wording.of_hundred([float(layer.mean[-1]) for layer in CASE.layers])
    assert sum(parts) == 100
    assert f"{parts[0]} are active" in picture.title
    assert f"{parts[4]} at Gab" in picture.title
    assert picture.table.header == (
        "Date", "Active", "At the door", "Waiting", "Elsewhere", "At Gab", "At MeWe", "Gone for good"
    )  # fmt: skip
    assert picture.table.rows[-1][5] == wording.count(float(CASE.layers[4].mean[-1]))


def test_layers_that_touch_differ_without_colour() -> None:
    def lightness(face: str) -> float:
        red, green, blue = to_rgb(face)
        return 0.299 * red + 0.587 * green + 0.114 * blue

    many = [place for place in ("active", "door", "waiting", "elsewhere")]
    found = [*(places.LOOKS[name] for name in many), *places.RIVALS, places.LOOKS["gone"]]
    for (one, pattern), (other, hatch) in combinations(found, 2):
        assert pattern != hatch or abs(lightness(one) - lightness(other)) > 0.1


def test_of_many_rivals_the_smallest_stand_together() -> None:
    rivals = {f"rival_{i}": CASE.scenario.users.rivals["gab"] for i in range(6)}
    users = CASE.scenario.users.model_copy(update={"rivals": rivals})
    case = changed(CASE, scenario=CASE.scenario.model_copy(update={"users": users}))
    size = CASE.active.times.size
    more = [
        Layer(name, name, np.full(size, 1000.0 * (i + 1)), np.zeros(size)) for i, name in enumerate(rivals)
    ]
    case = changed(case, layers=(*CASE.layers[:4], *more, CASE.layers[-1]))
    shown = places.layers(case)
    assert [layer.name for layer in shown[4:]] == ["rival_3", "rival_4", "rival_5", "others", "gone"]
    assert shown[-2].label == "at 3 other rivals"
    assert shown[-2].mean[-1] == 6000.0
    assert len(edges(case)) == 9


def test_names_beside_the_picture_keep_apart_and_in_order() -> None:
    found = places.apart([10.0, 11.0, 12.0, 99.5], [4.0, 4.0, 8.0, 4.0], 100.0)
    assert found == [10.0, 14.0, 20.0, 98.0]
    full = places.apart([98.0, 99.0, 99.0], [4.0, 4.0, 4.0], 100.0)
    assert full == [90.0, 94.0, 98.0]


def test_a_place_has_a_name_for_people() -> None:
    names = ("active", "elsewhere", "gab")
    assert [place(CASE.scenario, name) for name in names] == ["active", "elsewhere", "at Gab"]
    assert place(PLAIN.scenario, "elsewhere") == "away"
