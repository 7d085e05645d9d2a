"""What one run followed person by person shows, in sentences: who left by themselves, who followed whom.

In: an `Unravelled`. Out: sentences in reading order; the words are in `templates/unravel_sentences.toml`.
Whether the loosely bound leave first is told only where their ranks are further apart than chance puts them.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from sim.demand.network.moves import FRIENDS, RETURNED
from sim.views import wording
from sim.views.saying import Sentence, fill
from sim.views.unravelling import AWAY, GONE, PRESENT, Array, Unravelled, classes

SURE = 1.96
"""Standard errors beyond which a rank correlation is not put down to chance (19 of 20)."""

_say = partial(fill, "unravel_sentences")


def findings(found: Unravelled) -> tuple[Sentence, ...]:
    """All that is to be said of one run."""
    said = [left(found), why(found), *chains(found), returned(found), bound(found), groups(found), end(found)]
    return tuple(one for one in said if one is not None)


def left(found: Unravelled) -> Sentence:
    """How many left at some time, and what the first departure of each followed."""
    alike = next(classes(found, np.zeros(found.people, dtype=np.int32)))
    fields = {
        "people": f"{found.people:,}",
        "left": f"{alike.left:,}",
        "own": f"{alike.left - alike.followed:,}",
        "followed": f"{alike.followed:,}",
    }
    return _say("left", "none" if not alike.left else "both" if alike.followed else "own", **fields)


def why(found: Unravelled) -> Sentence | None:
    """In which way friends mattered."""
    made = found.departures
    if not made.followed.any():
        return None
    cause = found.moves.cause[made.move[made.followed]]
    pulled = int((cause == FRIENDS).sum())
    tipped = cause.size - pulled
    variant = "both" if pulled and tipped else "pulled" if pulled else "tipped"
    return _say("why", variant, pulled=f"{pulled:,}", tipped=f"{tipped:,}")


def chains(found: Unravelled) -> list[Sentence]:
    """The longest chain of people who follow one another, and the departure that most others follow."""
    made = found.departures
    if not made.followed.any():
        return []
    deepest = int(np.argmax(made.depth))
    first = made.chain(deepest)[0]
    fields = {
        "links": f"{int(made.depth[deepest]) + 1:,}",
        "first": wording.date(found.start, float(made.time[first])),
        "last": wording.date(found.start, float(made.time[deepest])),
    }
    said = [_say("chain", "one", **fields)] if made.depth[deepest] else []
    most = int(np.argmax(made.after))
    if made.after[most]:
        date = wording.date(found.start, float(made.time[most]))
        fields = {"person": f"{made.person[most]}", "date": date, "after": f"{made.after[most]:,}"}
        said.append(_say("chain", "most", **fields))
    return said


def returned(found: Unravelled) -> Sentence | None:
    """How many came back, and left once more."""
    made = found.departures
    if not len(made):
        return None
    back = np.unique(found.moves.person[found.moves.what == RETURNED])
    if not back.size:
        return _say("returned", "none")
    times = np.bincount(made.person, minlength=found.people)
    return _say("returned", "some", returned=f"{back.size:,}", again=f"{int((times[back] > 1).sum()):,}")


def bound(found: Unravelled) -> Sentence | None:
    """Whether those with few friends leave earlier than those with many.

    Spearman's rank correlation of the number of friends and the hour of first leaving, those who never leave
    last; without any relation its variance is 1 / (people - 1), ties or not (Kendall 1948, Rank Correlation
    Methods, chapter 4).

    Checked by: tests/unit/test_views_unravel.py
    """
    if not np.isfinite(found.first_left).any():
        return None
    friends = found.ties.degree.astype(float)
    if np.ptp(friends) == 0:
        return _say("bound", "same", friends=f"{int(friends[0]):,}")
    middle = float(np.median(friends))
    if not (friends < middle).any():
        middle = float(friends[friends > middle].min())
    few, many = (_half_left(found, some) for some in (friends < middle, friends >= middle))
    correlation = rank_correlation(friends, found.first_left)
    fields = {
        "people": f"{found.people:,}",
        "middle": wording.number(math.ceil(middle)),
        "few": few,
        "many": many,
        "correlation": wording.number(correlation, 2),
    }
    sure = abs(correlation) * math.sqrt(found.people - 1) > SURE
    return _say("bound", "undecided" if not sure else "few" if correlation > 0 else "many", **fields)


def _half_left(found: Unravelled, some: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
    ordered = np.sort(found.first_left[some])
    half = float(ordered[(ordered.size + 1) // 2 - 1])
    return f"by {wording.date(found.start, half)}" if math.isfinite(half) else "not by the end"


def rank_correlation(one: Array, other: Array) -> float:
    """Spearman's rank correlation, equal values sharing their mean rank; 0 where all are equal."""
    ranks = [_ranks(values) for values in (one, other)]
    if any(np.ptp(rank) == 0 for rank in ranks):
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: Array) -> Array:
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[which], dtype=float)


def groups(found: Unravelled) -> Sentence | None:
    """How far the communities are apart."""
    if not found.ties.group.any():
        return None
    shares = [1.0 - one.present / one.people for one in classes(found, found.ties.group)]
    return _say(
        "groups", "apart", groups=len(shares), most=wording.percent(max(shares), 2),
        least=wording.percent(min(shares), 2),
    )  # fmt: skip


def end(found: Unravelled) -> Sentence:
    """Where everybody is at the end."""
    states = found.states(found.horizon)
    counts = {"present": PRESENT, "away": AWAY, "gone": GONE}
    fields = {name: f"{int((states == state).sum()):,}" for name, state in counts.items()}
    return _say("end", "there", **fields)
