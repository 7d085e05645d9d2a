"""One run person by person: the tree of who followed whom, the words, the tables, the picture."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from scipy.stats import spearmanr

from sim.demand.network import Ties, ties_of
from sim.demand.network.moves import CHURNED, FRIENDS, GAVE_UP, LEFT, RETURNED, TOO_FEW, Moves
from sim.demand.network.unravel import Unravelling
from sim.views.figures import unravel as figure
from sim.views.saying import Sentence, templates
from sim.views.unravel_sentences import (
    bound,
    chains,
    end,
    findings,
    groups,
    left,
    rank_correlation,
    returned,
    why,
)
from sim.views.unravel_tables import files
from sim.views.unravelling import AWAY, GONE, PRESENT, Unravelled, classes

DAY = 24.0
Move = tuple[float, int, int, int, int, int]
"""Day, person, what, place, cause, because."""


def followed(ties: Ties, moves: list[Move], *, days: float = 30.0) -> Unravelled:
    """People by hand; it is down from the 5th day to the 20th."""
    columns = np.array(moves, dtype=float).reshape(-1, 6).T
    kinds = (np.float64, np.int32, np.int8, np.int8, np.int8, np.int32)
    told = [column.astype(kind) for column, kind in zip(columns, kinds, strict=True)]
    told[0] = told[0] * DAY
    segment = np.zeros(ties.people, dtype=np.int32)
    told_of = Unravelling(
        ties, Moves(*told), ("everyone",), segment, ("elsewhere", "gab"), ("patience",),
        np.full(ties.people, 1000.0), (((5 * DAY, 20 * DAY),),),
    )  # fmt: skip
    start = datetime(2025, 3, 1, tzinfo=UTC)
    places = ("elsewhere", "at Gab")
    return Unravelled("A test", start, days * DAY, "Scenario test", told_of, ("out of patience",), places)


PATH = ties_of([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)], 7)
"""A line of six people, and one without friends."""

STORY: list[Move] = [
    (6.0, 0, LEFT, 0, 0, -1),  # of their own accord
    (7.0, 1, LEFT, 1, FRIENDS, 0),
    (8.0, 2, LEFT, 0, TOO_FEW, 1),
    (9.0, 6, LEFT, 0, 0, -1),
    (21.0, 0, RETURNED, 0, 0, -1),
    (22.0, 0, LEFT, 0, FRIENDS, 1),
    (23.0, 1, GAVE_UP, 1, 0, -1),
    (24.0, 5, CHURNED, -1, 0, -1),
    (25.0, 4, LEFT, 0, TOO_FEW, 5),
]
FOUND = followed(PATH, STORY)


def test_states_are_those_right_after_what_happens() -> None:
    before = FOUND.states(6.0 * DAY - 1e-6)
    assert (before == PRESENT).all()
    assert FOUND.states(6.0 * DAY)[0] == AWAY
    at_the_end = [PRESENT] * 7
    for person in (0, 2, 4, 6):
        at_the_end[person] = AWAY
    for person in (1, 5):
        at_the_end[person] = GONE
    assert FOUND.states(30 * DAY).tolist() == at_the_end


def test_who_follows_follows_the_last_departure_of_the_friend_named() -> None:
    made = FOUND.departures
    assert made.person.tolist() == [0, 1, 2, 6, 0, 4]
    assert made.parent.tolist() == [-1, 0, 1, -1, 1, -1]
    assert made.depth.tolist() == [0, 1, 2, 0, 2, 1]
    assert made.followed.tolist() == [False, True, True, False, True, True]
    assert made.chain(2) == [0, 1, 2]
    assert made.after.tolist() == [3, 2, 0, 0, 0, 0]


def test_how_one_left_last_is_what_is_shown() -> None:
    assert FOUND.followers(10 * DAY).tolist() == [False, True, True, False, False, False, False]
    assert FOUND.followers(30 * DAY)[0]


def test_people_alike_are_counted_once_each_by_their_first_departure() -> None:
    (everyone,) = classes(FOUND, np.zeros(7, dtype=np.int32))
    assert (everyone.people, everyone.left, everyone.followed, everyone.returned) == (7, 5, 3, 1)
    assert everyone.present == 1
    assert everyone.half_left == 9.0 * DAY
    by_friends = {one.number: one for one in classes(FOUND, FOUND.ties.degree)}
    assert sorted(by_friends) == [0, 1, 2]
    assert sum(one.left for one in by_friends.values()) == everyone.left
    assert by_friends[1].half_left == 6.0 * DAY


# -- words -----------------------------------------------------------------------------------------------


def test_what_is_said_of_the_run_by_hand() -> None:
    assert [str(one) for one in findings(FOUND)] == [
        "Of 7 people 5 left at some time: 2 the first time of their own accord, 3 because friends had.",
        "Those who followed friends did so because friends were away (2 times) or because too few were there "
        "(2 times).",
        "The longest chain of people who followed one another is 3 departures long, from 7 March 2025 to "
        "9 March 2025.",
        "The departure that most others followed, directly or one after another, was that of person 0 on "
        "7 March 2025: 3 did.",
        "Of those who left 1 came back at least once, and 1 of these left again.",
        str(bound(FOUND)),
        "People when the simulation ends: 1 there, 4 away, 2 gone for good.",
    ]


def star(leaves: int, *, first: bool) -> Unravelled:
    """A hub with many friends that leaves first or last, its friends on the days between, in order."""
    ties = ties_of([(0, person) for person in range(1, leaves + 1)] + [(1, 2), (2, 3), (3, 4)], leaves + 1)
    ordered = sorted(range(leaves + 1), key=lambda person: ties.degree[person] * (-1 if first else 1))
    moves = [(6.0 + 0.1 * i, person, LEFT, 0, 0, -1) for i, person in enumerate(ordered)]
    return followed(ties, moves)


RING = ties_of([(i, (i + 1) % 20) for i in range(20)], 20)


def wheel() -> Unravelled:
    """Two halves of a ring as communities; the first leaves."""
    parts = replace(RING, group=np.repeat([0, 1], 10).astype(np.int32))
    return followed(parts, [(6.0 + 0.1 * i, i, LEFT, 0, FRIENDS if i else 0, i - 1) for i in range(10)])


SAID: dict[tuple[str, str], Sentence | None] = {
    ("left", "both"): left(FOUND),
    ("left", "own"): left(star(8, first=True)),
    ("left", "none"): left(followed(PATH, [])),
    ("why", "both"): why(FOUND),
    ("why", "pulled"): why(followed(PATH, STORY[:2])),
    ("why", "tipped"): why(followed(PATH, [STORY[0], (7.0, 1, LEFT, 0, TOO_FEW, 0)])),
    ("chain", "one"): chains(FOUND)[0],
    ("chain", "most"): chains(FOUND)[1],
    ("returned", "some"): returned(FOUND),
    ("returned", "none"): returned(followed(PATH, STORY[:2])),
    ("bound", "few"): bound(star(30, first=False)),
    ("bound", "many"): bound(star(30, first=True)),
    ("bound", "undecided"): bound(FOUND),
    ("bound", "same"): bound(wheel()),
    ("groups", "apart"): groups(wheel()),
    ("end", "there"): end(FOUND),
}


@pytest.mark.parametrize("key", SAID, ids="/".join)
def test_the_variant_is_the_true_one(key: tuple[str, str]) -> None:
    said = SAID[key]
    assert said is not None
    assert (said.topic, said.variant) == key
    assert said.text.endswith(".")
    assert not {"{", "}", "nan", "inf"} & set(said.text.replace(",", " ").split())


def test_every_variant_in_the_template_file_is_reached() -> None:
    book = templates("unravel_sentences")
    assert {(topic, name) for topic, variants in book.items() for name in variants} == set(SAID)


def test_nobody_who_leaves_needs_few_words() -> None:
    assert [one.topic for one in findings(followed(PATH, []))] == ["left", "end"]


def test_communities_are_told_by_what_they_lose() -> None:
    assert str(groups(wheel())) == (
        "Of the 2 communities the one that lost the largest share lost 100 % of it, the one that lost the "
        "smallest 0 %."
    )


def test_the_rank_correlation_is_spearman_s_with_ties_and_those_who_never_leave_last() -> None:
    rng = np.random.default_rng(4)
    friends = rng.integers(0, 6, 60).astype(float)
    hours = np.where(rng.random(60) < 0.3, np.inf, np.round(10.0 * rng.random(60) + friends))
    known = np.where(np.isinf(hours), 1e9, hours)
    assert rank_correlation(friends, hours) == pytest.approx(
        float(spearmanr(friends, known).statistic), rel=1e-12
    )
    assert rank_correlation(np.ones(5), np.arange(5.0)) == 0.0


def test_no_relation_is_called_one_in_about_a_twentieth_of_all_runs() -> None:
    """400 runs of 40 people who leave in random order: 5 % of them, one standard error 1.1 points."""
    rng = np.random.default_rng(5)
    ties = ties_of(sorted(nx.gnm_random_graph(40, 120, seed=1).edges), 40)
    sure = 0
    for _ in range(400):
        order = rng.permutation(40)
        moves = [(6.0 + 0.01 * i, int(person), LEFT, 0, 0, -1) for i, person in enumerate(order)]
        said = bound(followed(ties, moves))
        assert said is not None
        sure += said.variant != "undecided"
    assert 0.05 * 400 - 4 * 4.4 <= sure <= 0.05 * 400 + 4 * 4.4


# -- tables ----------------------------------------------------------------------------------------------


def rows(name: str, found: Unravelled = FOUND) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files(found)[name].decode())))


def test_every_move_is_a_row() -> None:
    told = rows("moves.csv")
    assert len(told) == len(STORY)
    assert told[1] == {
        "move": "1", "hours": "168.0", "instant": "2025-03-08T00:00Z", "person": "1", "segment": "everyone",
        "what": "left", "where": "at Gab", "why": "friends are away", "because_of": "0",
    }  # fmt: skip
    assert told[0]["why"] == "out of patience"
    assert told[0]["because_of"] == told[4]["why"] == told[7]["where"] == ""


def test_the_cascade_is_a_forest_whose_depths_and_sizes_agree() -> None:
    told = rows("cascade.csv")
    depth = {row["departure"]: int(row["depth"]) for row in told}
    below = dict.fromkeys(depth, 0)
    for row in reversed(told):
        parent = row["followed_departure"]
        if parent:
            assert int(row["depth"]) == depth[parent] + 1
            below[parent] += 1 + below[row["departure"]]
    assert {row["departure"]: int(row["followed_by"]) for row in told} == below
    assert told[5]["followed"] == "5"  # a friend who left for good: followed, but no departure of the tree


@pytest.mark.parametrize(
    ("name", "column"), [("by_degree.csv", "friends"), ("by_community.csv", "community")]
)
def test_people_by_class_add_up(name: str, column: str) -> None:
    told = rows(name, wheel())
    assert len({row[column] for row in told}) == len(told)
    assert sum(int(row["people"]) for row in told) == 20
    assert all(int(row["left"]) == int(row["followed_friends"]) + int(row["of_own_accord"]) for row in told)
    assert sum(int(row["left"]) for row in told) == 10


# -- the picture -----------------------------------------------------------------------------------------


def test_the_days_shown_begin_before_the_fall_end_with_the_run_and_are_where_most_happens() -> None:
    hours = figure.instants(FOUND)
    assert hours[0] == 4 * DAY
    assert hours[-1] == 30 * DAY
    assert hours == sorted(set(hours))
    assert len(hours) <= figure.PANELS
    busy = followed(RING, [(10.0 + 0.2 * i, i, LEFT, 0, 0, -1) for i in range(20)], days=100.0)
    shown = np.array(figure.instants(busy)) / DAY
    assert len(shown) == figure.PANELS
    assert ((shown >= 10) & (shown <= 15)).sum() >= 4


def test_a_run_in_which_nobody_moves_has_two_pictures() -> None:
    assert figure.instants(followed(PATH, [])) == [4 * DAY, 30 * DAY]


def test_every_picture_counts_everybody_once() -> None:
    for hours in figure.instants(FOUND):
        shown = figure.panel(FOUND, hours)
        assert len(shown.looks) == 7
        assert shown.count(*figure.LOOKS) == 7
        states = FOUND.states(hours)
        assert shown.count("present", "waiting") == (states == PRESENT).sum()
        assert shown.count("own", "followed") == (states == AWAY).sum()
        assert shown.count("gone") == (states == GONE).sum()
    assert figure.panel(FOUND, 6 * DAY).count("waiting") == 6
    assert figure.panel(FOUND, 20 * DAY).count("waiting") == 0


def test_the_marks_drawn_are_the_people_at_their_places() -> None:
    drawn = figure.picture(FOUND)
    where = figure.places(FOUND)
    for axes, hours in zip(drawn.figure.axes[1:], figure.instants(FOUND), strict=False):
        shown = figure.panel(FOUND, hours)
        for marks in axes.collections:
            name = str(marks.get_label())
            if name in figure.LOOKS:
                wanted = where[[look == name for look in shown.looks]]
                assert np.asarray(marks.get_offsets()) == pytest.approx(wanted)
        heading = " ".join(text.get_text() for text in axes.texts)
        assert f"{shown.count('present', 'waiting')} there" in heading


def test_the_places_are_the_same_every_time_within_the_frame_and_apart() -> None:
    ties = ties_of(sorted(nx.gnm_random_graph(60, 120, seed=1).edges), 60)
    where = figure.places(followed(ties, []))
    assert np.array_equal(where, figure.places(followed(ties, [])))
    assert where.min() >= 0.0
    assert where.max() <= 1.0
    gaps = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1)) + np.eye(60)
    assert gaps.min() > 0.005


def test_friends_stand_nearer_to_each_other_than_strangers() -> None:
    graph = nx.planted_partition_graph(4, 20, 0.4, 0.01, seed=2)
    where = figure.places(followed(ties_of(sorted(graph.edges), 80), []))
    gap = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    tied = nx.to_numpy_array(graph).astype(bool)
    assert gap[tied].mean() < 0.6 * gap[~tied].mean()


def test_states_of_people_differ_without_colour() -> None:
    for (_, one), (_, other) in combinations(figure.LOOKS.items(), 2):
        light = [np.dot(to_rgb(look[1]), (0.299, 0.587, 0.114)) for look in (one, other)]
        assert one[0] != other[0] or abs(light[0] - light[1]) > 0.2


def test_titles_of_the_pictures_do_not_touch_each_other_or_a_network() -> None:
    drawn = figure.picture(wheel())
    canvas = drawn.figure
    canvas.draw_without_rendering()
    headings = [axes.texts[0].get_window_extent() for axes in canvas.axes[1:-1]]
    assert len(headings) >= 3
    assert not any(one.overlaps(other) for one, other in combinations(headings, 2))
    for heading in headings:
        assert not any(heading.overlaps(axes.get_window_extent()) for axes in canvas.axes[1:])


def test_the_picture_says_its_finding_and_counts_in_words_and_in_a_table() -> None:
    drawn = figure.picture(FOUND)
    assert drawn.title == "5 of 7 people left, 3 of them following friends"
    assert drawn.alternative.startswith(drawn.title)
    assert len(drawn.table.rows) == len(figure.instants(FOUND))
    assert drawn.table.rows[-1][1:] == ("1", "0", "1", "3", "2")
