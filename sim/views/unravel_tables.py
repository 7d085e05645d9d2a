"""The files of `unravel`: every move, people by number of friends and by community, and who followed whom."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.moves import LEFT, MOVES, NOBODY
from sim.views import wording
from sim.views.unravelling import Unravelled, classes

Row = tuple[object, ...]

MOVE = ("move", "hours", "instant", "person", "segment", "what", "where", "why", "because_of")
CASCADE = ("departure", "move", "hours", "person", "followed", "followed_departure", "depth", "followed_by")
CLASS = (
    "people", "left", "followed_friends", "of_own_accord", "returned", "hours_until_half_left",
    "present_at_end",
)  # fmt: skip


def files(found: Unravelled) -> dict[str, bytes]:
    """Name to content of every table."""
    return {
        "moves.csv": _csv(MOVE, _moves(found)),
        "by_degree.csv": _csv(("friends", *CLASS), _classes(found, found.ties.degree)),
        "by_community.csv": _csv(("community", *CLASS), _classes(found, found.ties.group)),
        "cascade.csv": _csv(CASCADE, _cascade(found)),
    }


def _csv(header: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _person(number: int) -> object:
    return "" if number == NOBODY else number


def _moves(found: Unravelled) -> Iterator[Row]:
    moves = found.moves
    for i in range(len(moves)):
        place = int(moves.place[i])
        yield (
            i,
            float(moves.time[i]),
            f"{wording.instant(found.start, float(moves.time[i])):%Y-%m-%dT%H:%MZ}",
            int(moves.person[i]),
            found.told.segments[found.told.segment[moves.person[i]]],
            MOVES[moves.what[i]],
            found.places[place] if place >= 0 else "",
            found.why(i),
            _person(int(moves.because[i]) if moves.what[i] == LEFT else NOBODY),
        )


def _cascade(found: Unravelled) -> Iterator[Row]:
    made = found.departures
    for i in range(len(made)):
        parent = int(made.parent[i])
        because = int(found.moves.because[made.move[i]]) if made.followed[i] else NOBODY
        yield (
            i,
            int(made.move[i]),
            float(made.time[i]),
            int(made.person[i]),
            _person(because),
            parent if parent >= 0 else "",
            int(made.depth[i]),
            int(made.after[i]),
        )


def _classes(found: Unravelled, of: NDArray[np.int32]) -> Iterator[Row]:
    for one in classes(found, of):
        half = one.half_left if math.isfinite(one.half_left) else ""
        own = one.left - one.followed
        yield one.number, one.people, one.left, one.followed, own, one.returned, half, one.present
