"""What each frame of a run shows, decided once for the GIF and for the page.

In: a case, one of its runs and the story of it. Out: a `Reel`: the graph, the curves of the users, and frames
at every event and evenly between. No number is made here: states are those of the timeline, users those of
the history at that instant, sentences those of the story.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.views import wording
from sim.views.animation.graph import WORDS, Graph, changes, placed, states
from sim.views.animation.whereabouts import labels, layers
from sim.views.case import Case, Floats, Run
from sim.views.story import Moment, Story

if TYPE_CHECKING:
    from sim.demand import History

EVEN = 60
"""Frames between the start and the end beside those of events, as evenly as these leave room for."""
MOST = 240
"""Frames; beyond them changes that the story does not tell of are left to the next frame."""
CURVE = 400
"""Points of a curve that a page gets; more cannot be told apart on a screen."""

PASSING, SHORTEST, LONGEST = 0.12, 1.4, 6.0
A_WORD = 0.24
"""Seconds that a frame stays: one without an event, the least and the most of one with an event, and for
every word of its caption. Assumption: silent reading at 250 words a minute."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is seen at one instant.

    Attributes
    ----------
    hours, when
        The instant, as hours since the start and in words (UTC).
    states
        Of every box of the graph, in its order.
    users
        By layer, in the order of the reel's layers; everybody is in one of them.
    would
        Active users had these events not happened.
    caption
        What the story said last, with its date.
    moment
        Its place among the moments of the story.
    event
        Whether the story says it at this instant.
    hold
        Seconds that it stays.
    """

    hours: float
    when: str
    states: tuple[str, ...]
    users: tuple[float, ...]
    would: float
    caption: str
    moment: int
    event: bool
    hold: float


@dataclass(frozen=True, slots=True)
class Reel:
    """A run as frames, with what is the same in all of them.

    Attributes
    ----------
    title, unit, source
        Of the story; what users are; enough to make it again.
    replication, start, horizon
        Which run; seconds since 1970 (UTC); hours.
    graph
        Boxes and arrows in their places.
    layers
        Name, label and look of every layer of users, from the lowest.
    times, curve, would
        Users by layer and the counterfactual over the whole run. Shapes (T,), (layers, T), (T,).
    frames
        In order of time; the first at 0, the last at the horizon.
    story
        Date, text and whether the story needs it, of all moments: the reel in words.
    """

    title: str
    unit: str
    source: str
    replication: int
    start: float
    horizon: float
    graph: Graph
    layers: tuple[tuple[str, str, str], ...]
    times: Floats
    curve: Floats
    would: Floats
    frames: tuple[Frame, ...]
    story: tuple[tuple[str, str, bool], ...]

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return sum(frame.hold for frame in self.frames)

    def plain(self, which: str = "") -> dict[str, Any]:
        """For JSON; see the head of `replay.js`."""
        kept = _thinned(self.times, np.vstack([self.curve, self.would]))
        return {
            "title": self.title,
            "which": which,
            "replication": self.replication,
            "unit": self.unit,
            "start": self.start,
            "horizon": self.horizon,
            "source": self.source,
            "graph": _plain_graph(self.graph),
            "words": WORDS,
            "layers": [{"name": name, "label": label, "look": look} for name, label, look in self.layers],
            "curve": {
                "times": _short(self.times[kept]),
                "users": [_short(line[kept]) for line in self.curve],
                "would": _short(self.would[kept]),
            },
            "frames": [_plain_frame(frame) for frame in self.frames],
            "story": [list(moment) for moment in self.story],
        }


def reel(
    case: Case,
    run: Run,
    story: Story,
    *,
    even: int = EVEN,
    main_only: bool = False,
    history: History | None = None,
    row: int = 0,
) -> Reel:
    """A run as frames.

    Parameters
    ----------
    case, run, story
        The strategy, one of its runs, and that run told.
    even
        Frames beside those of events, spread over the whole time.
    main_only
        Hold still, and speak, only at what the story makes no sense without.
    history, row
        The history the run is of, and its place in it, to tell rivals apart.
    """
    moments = [(i, moment) for i, moment in enumerate(story.moments) if moment.main or not main_only]
    graph, users = placed(case, run), layers(run, history, row)
    told = [moment.hours for _, moment in moments]
    frames = []
    for hours in instants(told, changes(run.timeline), case.horizon, even):
        place_of, last = moments[max(bisect_right(told, hours) - 1, 0)]
        said = f"{wording.stamp(case.start, last.hours)}. {' '.join(last.sentences)}"
        event = last.hours == hours
        frames.append(
            Frame(
                hours,
                wording.stamp_with_year(case.start, hours),
                states(graph, run.timeline, hours),
                tuple(float(np.interp(hours, run.times, values)) for values in users.values()),
                run.at("counterfactual", hours),
                said,
                place_of,
                event,
                hold(said) if event else PASSING,
            )
        )
    return Reel(
        title=story.title,
        unit=case.scenario.users.unit,
        source=_source(case, run),
        replication=run.replication,
        start=case.start.timestamp(),
        horizon=case.horizon,
        graph=graph,
        layers=tuple(labels(case.scenario, list(users))),
        times=run.times,
        curve=np.array(list(users.values())),
        would=run.counterfactual,
        frames=tuple(frames),
        story=tuple((_dated(moment), " ".join(moment.sentences), moment.main) for moment in story.moments),
    )


def _source(case: Case, run: Run) -> str:
    """Where the run comes from; a run that was asked for by its number is one of no certain many."""
    many = case.provenance.replications
    made = str(case.provenance) if many else str(case.provenance).removesuffix(" · 0 replications")
    return f"{made} · run {run.replication:,}"


def instants(told: list[float], changed: set[float], horizon: float, even: int) -> list[float]:
    """Hours of the frames: all that is told, what changes untold if there is room, and evenly between."""
    found = {0.0, horizon, *told}
    untold = sorted(time for time in changed - found if 0.0 < time < horizon)
    room = max(MOST - even - len(found), 0)
    if len(untold) > room:
        untold = [untold[i] for i in np.linspace(0, len(untold) - 1, room).astype(int)] if room else []
    found |= set(untold)
    step = horizon / even
    near = sorted(found)
    for time in (step * i for i in range(1, even)):
        after = bisect_right(near, time)
        # Right beside an event it would show the same once more.
        if min(time - near[after - 1], near[min(after, len(near) - 1)] - time) > 0.25 * step:
            found.add(time)
    return sorted(found)


def hold(caption: str) -> float:
    """Seconds that a caption stays: as long as reading takes, within bounds."""
    return float(min(max(A_WORD * len(caption.split()), SHORTEST), LONGEST))


def _dated(moment: Moment) -> str:
    return f"{moment.when:%a} {moment.when.day} {moment.when:%b %Y, %H:%M}"


def _thinned(times: Floats, lines: Floats) -> Any:
    """Places of the points a page needs: evenly chosen, and both ends of every jump."""
    if len(times) <= CURVE:
        return np.arange(len(times))
    jumps = np.flatnonzero(np.diff(times) < 1e-3)
    even = np.linspace(0, len(times) - 1, CURVE).astype(int)
    most = np.maximum(lines.max(axis=1), 1.0)
    told = [i for i in jumps if (np.abs(lines[:, i + 1] - lines[:, i]) > 0.001 * most).any()]
    return np.unique([*even, *told, *(i + 1 for i in told)])


def _short(values: Floats) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def _plain_graph(graph: Graph) -> dict[str, Any]:
    return {
        "columns": graph.columns,
        "rows": graph.rows,
        "headline": graph.headline,
        "nodes": [
            {"id": box.id, "label": box.label, "supplier": box.supplier, "x": box.column, "y": box.row,
             "needs": box.needs, "single": box.single}
            for box in graph.boxes
        ],
        "edges": [
            {"from": one.of, "to": one.to, "choice": one.choice, "route": [list(at) for at in one.route]}
            for one in graph.arrows
        ],
    }  # fmt: skip


def _plain_frame(frame: Frame) -> dict[str, Any]:
    return {
        "hours": frame.hours,
        "when": frame.when,
        "states": list(frame.states),
        "users": [float(f"{value:.9g}") for value in frame.users],
        "would": float(f"{frame.would:.9g}"),
        "caption": frame.caption,
        "moment": frame.moment,
        "event": frame.event,
        "hold": round(frame.hold, 2),
    }
