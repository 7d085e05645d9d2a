"""The same users by differential equations, written down word by word and solved by scipy.

Slow and plain: one replication, no splitting of steps, no moments, no extrapolation. Laws of patience must
have a finite hazard. Two kinds (settled, unsettled), what is used beside, ways back, places, impulses left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from sim.scenario import Scenario
from sim.supply.timeline import Timeline

Floats = NDArray[np.float64]
MOST = 14


@dataclass
class Reference:
    """Users of one replication. All segments that stand at the door are served by the same capability."""

    scenario: Scenario
    timeline: Timeline
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = list(self.scenario.users.segments)
        self.segments = [self.scenario.users.segments[name] for name in self.names]
        self.rivals = list(self.scenario.users.rivals.items())
        self.horizon = self.scenario.clock.horizon
        self.door = self.scenario.users.reopening
        self.queueing = False
        uses, places, size = 1 + len(self.rivals), 1 + len(self.rivals), MOST + 1
        self.shapes = {
            "here": (len(self.names), 2, uses),
            "door": (len(self.names), 2, uses),
            "away": (len(self.names), 2, places, size),
            "gone": (len(self.names),),
            "joined": (len(self.names),),
            "served": (len(self.names),),
            "left": (len(self.names), places),
            "returned": (len(self.names),),
            "moved": (len(self.names),),
        }

    # -- what the timeline says ------------------------------------------------------------------------

    def capacity(self, name: str | None, t: float) -> float:
        return 1.0 if name is None else self.timeline.levels[name].at(t)

    def is_up(self, name: str | None, t: float) -> bool:
        """Right after t; a capacity that rises from 0 is up."""
        if name is None:
            return True
        level = self.timeline.levels[name]
        i = max(k for k, start in enumerate(level.times) if start <= t)
        return level.values[i] > 0.0 or level.slopes[i] > 0.0

    def outages(self, name: str) -> list[tuple[float, float]]:
        return list(self.timeline.levels[name].down())

    def clock(self, name: str, t: float) -> tuple[float, int]:
        """Patience clock at t (down), and earlier outages that are not forgotten."""
        reading, earlier, last_end = 0.0, 0, -np.inf
        for start, end in self.outages(name):
            if start - last_end >= self.scenario.users.forgotten_after:
                reading, earlier = 0.0, 0
            if start <= t < end:
                return reading + t - start, earlier
            reading, earlier, last_end = reading + end - start, earlier + 1, end
        raise AssertionError("it is up")

    def announced(self, s: int, t: float) -> float:
        said = [e for e in self.scenario.events if e.verb == "announce" and e.of in ("users", self.names[s])]
        said = [e for e in sorted(said, key=lambda e: e.at) if e.at <= t]
        if not said:
            return 1.0
        last = said[-1]
        back = [end for _, end in self.outages(self.segments[s].served_by) if last.at < end < self.horizon]
        if back and min(back) <= t:
            return 1.0
        assert last.back_within is not None
        return last.holds if t < last.at + last.back_within else last.missed

    def edges(self) -> list[float]:
        found = {0.0, self.horizon}
        for level in self.timeline.levels.values():
            found |= set(level.times)
        for event in self.scenario.events:
            found.add(event.at)
            if event.back_within is not None:
                found.add(event.at + event.back_within)
        for segment in self.segments:
            for start, end in self.outages(segment.served_by):
                for knot in segment.patience.knots():
                    reading, _ = self.clock(segment.served_by, start)
                    if start < start + knot - reading < end:
                        found.add(start + knot - reading)
        return sorted(edge for edge in found if 0.0 <= edge <= self.horizon)

    # -- people ----------------------------------------------------------------------------------------

    def begin(self) -> dict[str, Floats]:
        state = {name: np.zeros(shape) for name, shape in self.shapes.items()}
        for s, segment in enumerate(self.segments):
            everyone = self.scenario.users.start * segment.share
            new = 0.0 if segment.newcomers is None else segment.newcomers.at_start
            state["here"][s, :, 0] = everyone * (1.0 - new), everyone * new
        return state

    def fresh(self, s: int, place: int) -> Floats:
        """Chances of the numbers of impulses of one who has just left."""
        returns = self.segments[s].returns
        result = np.zeros(MOST + 1)
        if returns.fades_over is None:
            result[1] = 1.0
            return result
        mean = returns.rate * returns.fades_over * self.shy(s, place)
        result[0] = np.exp(-mean)
        for k in range(1, MOST + 1):
            result[k] = result[k - 1] * mean / k
        return np.asarray(result / result.sum())

    def shy(self, s: int, place: int) -> float:
        sticky = 0.0 if place == 0 else self.rivals[place - 1][1].stickiness
        return self.segments[s].stigma.returning * (1.0 - sticky)

    def share_away(self, state: dict[str, Floats]) -> float:
        away, here = state["away"].sum(), state["here"].sum() + state["door"].sum()
        return float(away / (away + here)) if away + here > 0 else 0.0

    def attraction(self, state: dict[str, Floats], r: int) -> float:
        rival = self.rivals[r][1]
        if not rival.grows or not rival.users:
            return 1.0
        there = state["here"] + state["door"]
        theirs = (rival.users + state["away"][:, :, r + 1].sum() + there[:, :, r + 1].sum()) / rival.users
        ours = there.sum() / self.scenario.users.start
        return float(min(rival.at_most, (theirs / ours) ** rival.grows)) if ours > 0 else rival.at_most

    def opened(self, r: int, t: float) -> bool:
        name = self.rivals[r][0]
        at = [e.at for e in self.scenario.events if e.verb == "open" and e.of == name]
        return not at or t >= min(at)

    def flow(self, t: float, middle: float, state: dict[str, Floats]) -> dict[str, Floats]:
        """Rates of change; `middle` is a time in the same stretch, for what is constant in it."""
        change = {name: np.zeros(shape) for name, shape in self.shapes.items()}
        x = self.share_away(state)
        for s, segment in enumerate(self.segments):
            here, away = state["here"][s], state["away"][s]
            up, joinable = self.is_up(segment.served_by, middle), self.is_up(segment.join_by, middle)
            self._everywhere(s, change, here, away)
            self._present(s, change, "here", here)
            self._present(s, change, "door", state["door"][s])
            if up:
                self._while_up(s, t, middle, x, joinable, change, here)
            else:
                self._while_down(s, t, middle, x, state, change, here)
            self._returning(s, x, up, joinable, change, away)
        if self.queueing:
            self._let_in(t, middle, state, change)
        return change

    def _let_in(self, t: float, middle: float, state: dict[str, Floats], change: Any) -> None:
        """Who comes in stands at the door, and those who stand there are let in."""
        door = self.door
        assert door is not None
        capacity, standing = self.capacity(self.segments[0].served_by, t), state["door"].sum()
        admits = door.admits * capacity
        let_in = admits / (1.0 + door.retries * standing / admits) if admits > 0 else 0.0
        moved = let_in * state["door"] / standing
        change["door"] -= moved
        change["here"] += moved
        for s in range(len(self.names)):
            leaves = door.abandons * state["door"][s]
            change["door"][s] -= leaves
            change["here"][s] += leaves  # taken out again below
            self._leaves(s, change, leaves, 0)
            change["left"][s, 0] -= leaves.sum()

    def _everywhere(self, s: int, change: Any, here: Floats, away: Floats) -> None:
        segment = self.segments[s]
        change["away"][s] -= (segment.churn + segment.gives_up) * away
        change["gone"][s] += (segment.churn + segment.gives_up) * away.sum()

    def _present(self, s: int, change: Any, where: str, here: Floats) -> None:
        segment = self.segments[s]
        change[where][s] -= segment.churn * here
        change["gone"][s] += segment.churn * here.sum()
        if segment.newcomers is not None:
            settles = here[1] / segment.newcomers.settle_over
            change[where][s, 0] += settles
            change[where][s, 1] -= settles + segment.newcomers.churn * here[1]
            change["gone"][s] += segment.newcomers.churn * here[1].sum()

    def _while_up(
        self, s: int, t: float, middle: float, x: float, joinable: bool, change: Any, here: Floats
    ) -> None:
        segment = self.segments[s]
        change["served"][s] += here.sum() * self.capacity(segment.served_by, t)
        self._leaves(s, change, segment.friends.active * x * here, 0)
        wanting = self.scenario.users.joins * segment.join_share
        for event in self.scenario.events:
            if event.verb == "surge" and event.of in ("users", self.names[s]) and middle >= event.at:
                assert event.times is not None
                assert event.fades_over is not None
                wanting *= 1.0 + event.times * np.exp(-(t - event.at) / event.fades_over)
        if joinable:
            self._joins(s, change, wanting)
            return
        self._loses_app(s, change, segment.app_decay * here)
        if segment.moves is not None:
            to = self.names.index(segment.moves.to)
            other = self.segments[to]
            if self.is_up(other.served_by, middle) and self.is_up(other.join_by, middle):
                self._joins(to, change, segment.moves.share * wanting)

    def _joins(self, s: int, change: Any, flow: float) -> None:
        kind = 0 if self.segments[s].newcomers is None else 1
        change["door" if self.queueing else "here"][s, kind, 0] += flow
        change["joined"][s] += flow

    def _while_down(
        self, s: int, t: float, middle: float, x: float, state: Any, change: Any, here: Floats
    ) -> None:
        segment = self.segments[s]
        start, _ = next(span for span in self.outages(segment.served_by) if span[0] <= middle < span[1])
        reading, earlier = self.clock(segment.served_by, start)
        tau = reading + t - start
        hazard = float(segment.patience.density(tau) / segment.patience.survival(tau))
        m = segment.stigma.leaving * segment.again**earlier * self.announced(s, middle)
        kinds = np.array([1.0, 1.0 if segment.newcomers is None else segment.newcomers.leaving])[:, None]
        self._leaves(s, change, m * kinds * (hazard + segment.friends.waiting * x) * here, 0)
        for r, (_, rival) in enumerate(self.rivals):
            pull = segment.drawn * self.attraction(state, r) * self.opened(r, middle)
            drawn = m * kinds * pull * rival.pull * here
            if rival.tries is not None:
                trying = pull * rival.tries * here[:, 0]
                change["here"][s, :, 0] -= trying
                change["here"][s, :, r + 1] += trying
                drawn[:, [use for use in range(here.shape[1]) if use != r + 1]] = 0.0
            self._leaves(s, change, drawn, r + 1)

    def _leaves(self, s: int, change: Any, flow: Floats, place: int) -> None:
        needs = self.segments[s].uninstalls
        fresh = self.fresh(s, place) * flow.sum()
        change["here"][s] -= flow
        change["away"][s, 0, place] += (1.0 - needs) * fresh
        change["away"][s, 1, place] += needs * fresh
        change["left"][s, place] += flow.sum()

    def _loses_app(self, s: int, change: Any, flow: Floats) -> None:
        segment = self.segments[s]
        change["here"][s] -= flow
        if segment.moves is not None:
            to = self.names.index(segment.moves.to)
            movers = segment.moves.share * flow
            flow = flow - movers
            change["door" if self.queueing else "here"][to, 0] += movers.sum(axis=0)
            change["moved"][s] -= movers.sum()
            change["moved"][to] += movers.sum()
        change["away"][s, 1, 0] += self.fresh(s, 0) * flow.sum()
        change["left"][s, 0] += flow.sum()

    def _returning(self, s: int, x: float, up: bool, joinable: bool, change: Any, away: Floats) -> None:
        segment = self.segments[s]
        works = 1.0 - segment.friends.returning * x
        for way in (0, 1):
            open_ = up and (joinable or way == 0)
            for place in range(away.shape[1]):
                users = away[way, place]
                if segment.returns.fades_over is None:
                    back = segment.returns.rate * self.shy(s, place) * works * users * open_
                    change["away"][s, way, place] -= back
                else:
                    fired = np.arange(MOST + 1) / segment.returns.fades_over * users
                    back = fired * works * open_
                    change["away"][s, way, place] -= fired
                    change["away"][s, way, place, :-1] += (fired - back)[1:]
                change["door" if self.queueing else "here"][s, 0, 0] += back.sum()
                change["returned"][s] += back.sum()

    def _at_once(self, t: float, state: dict[str, Floats]) -> None:
        """What happens at the very instant t."""
        x = self.share_away(state)
        if self.door is not None:
            name = self.segments[0].served_by
            if any(end == t for _, end in self.outages(name)):
                state["door"], state["here"] = state["here"], np.zeros_like(state["here"])
                self.queueing = True
            elif any(start == t for start, _ in self.outages(name)):
                state["here"], state["door"] = state["here"] + state["door"], np.zeros_like(state["here"])
                self.queueing = False
        for s, segment in enumerate(self.segments):
            ended = [end - start for start, end in self.outages(segment.served_by) if end == t]
            if ended and t < self.horizon:
                fades = segment.returns.outage_fades
                for way in (0, 1):
                    open_ = way == 0 or self.is_up(segment.join_by, t)
                    for place in range(1 + len(self.rivals)):
                        chance = segment.returns.on_reopening * self.shy(s, place) * open_
                        chance *= 1.0 if fades is None else np.exp(-ended[0] / fades)
                        back = chance * (1.0 - segment.friends.returning * x) * state["away"][s, way, place]
                        state["away"][s, way, place] -= back
                        state["door" if self.queueing else "here"][s, 0, 0] += back.sum()
                        state["returned"][s] += back.sum()
        for event in self.scenario.events:
            if event.verb == "require" and event.at == t:
                for s, segment in enumerate(self.segments):
                    if event.of in ("users", self.names[s]) and not self.is_up(segment.join_by, t):
                        assert event.affects is not None
                        change = {name: np.zeros(shape) for name, shape in self.shapes.items()}
                        self._loses_app(s, change, event.affects * state["here"][s])
                        for name, value in change.items():
                            state[name] += value

    def solve(self, times: Floats, rtol: float = 1e-10) -> list[dict[str, Floats]]:
        """The state right after what happens at each of `times`, which include 0 and the horizon."""
        found: list[dict[str, Floats]] = []
        state, everyone = self.begin(), self.scenario.users.start
        for start, end in pairwise(self.edges()):
            self._at_once(start, state)
            while start < end:
                wanted = times[(times >= start) & (times < end)]
                solution = solve_ivp(
                    lambda t, y, m=0.5 * (start + end): self._flat(self.flow(t, m, self._whole(y))),
                    (start, end), self._flat(state), t_eval=np.unique([*wanted, end]), method="DOP853",
                    rtol=rtol, atol=1e-11 * everyone, events=self._nobody_stands if self.queueing else None,
                )  # fmt: skip
                assert solution.success
                when, what = solution.t_events, solution.y_events
                emptied = when is not None and when[0].size > 0
                inside = len(solution.t) - (0 if emptied else 1)
                found += [self._whole(solution.y[:, k]) for k in range(inside)]
                if when is not None and what is not None and when[0].size:
                    start, state = float(when[0][0]), self._whole(what[0][0])
                    state["here"] += state["door"]
                    state["door"][...] = 0.0
                    self.queueing = False
                else:
                    start, state = end, self._whole(solution.y[:, -1])
        return [*found, state]

    def _nobody_stands(self, _: float, y: Floats) -> float:
        """Falls to 0 when a hundredth of a person stands at the door."""
        return float(self._whole(y)["door"].sum() - 0.01)

    _nobody_stands.terminal = True  # type: ignore[attr-defined]
    _nobody_stands.direction = -1.0  # type: ignore[attr-defined]

    def _flat(self, state: dict[str, Floats]) -> Floats:
        return np.concatenate([state[name].ravel() for name in self.shapes])

    def _whole(self, y: Floats) -> dict[str, Floats]:
        result, at = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            result[name] = y[at : at + size].reshape(shape).copy()
            at += size
        return result
