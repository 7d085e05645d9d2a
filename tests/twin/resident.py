"""One user in a world with others: what can happen to this user now, and which of it comes first.

Whenever something changes for all, or has happened to this user, all that could happen is drawn anew. Where a
hazard depends on what others do, the instant is drawn for the highest hazard it can have, and at that instant
a second draw settles whether the hazard was really so high (thinning; P. A. W. Lewis and G. S. Shedler, Naval
Research Logistics Quarterly 26 (1979) 403). Nothing is approximated, but at the door, which is looked at
every `tests.twin.world.TICK` hours.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from tests.twin.doors import Doors
from tests.twin.manners import ELSEWHERE, EVERYBODY, Member
from tests.twin.patience import leaves_at_clock
from tests.twin.people import NEVER, exponential, returns_after

if TYPE_CHECKING:
    from tests.twin.world import World

What = tuple[str, str]


class Resident:
    """One user from the start, or from joining, to the horizon."""

    def __init__(self, world: World, segment: str, *, unsettled: bool) -> None:
        self.world, self.rng = world, world.rng
        self.segment, self.unsettled = segment, unsettled
        self.state, self.place = "active", ""
        self.beside: str | None = None
        self.needs_app = self.at_the_door = False
        self.left_at = NEVER
        self.called: simpy.Event = world.env.event()
        world.count[segment, "active"] += 1

    @property
    def member(self) -> Member:
        return self.world.setting.segments[self.segment].member

    @property
    def doors(self) -> Doors:
        return self.world.setting.segments[self.segment].doors

    def way_is_open(self, now: float) -> bool:
        """Whether one who is away could come in."""
        return self.doors.served(now) and (self.doors.joinable(now) or not self.needs_app)

    # -- life ----------------------------------------------------------------------------------------

    def live(self, now: float) -> Generator[simpy.Event, Any, None]:
        """Wait for the first thing that happens, or changes for all; then look again."""
        env, horizon = self.world.env, self.world.setting.horizon
        if now > 0.0:
            self.comes_in(now)
        while now < horizon and self.state != "gone":
            self.feel(now)
            what, when = self.first_of(now)
            end = min(when, self.world.next_change(self.segment, now), horizon)
            before, doors = self.state, self.doors
            self.called = env.event()
            passed = env.timeout(max(end - env.now, 0.0))
            yield (passed | self.called) if before == "waiting" else passed
            called = self.called.triggered
            then = min(env.now, end) if called else end
            if before == "active":
                self.world.served_hours[self.segment] += doors.capacity_hours(now, then)
            now = then
            if not called and when == end < horizon:
                self.become(what, now)

    def feel(self, now: float) -> None:
        """What happens to everybody at this instant: the service goes or comes back, old apps stop."""
        served = self.doors.served(now)
        if now in self.doors.reopenings and self.state == "away" and self.way_is_open(now):
            if self.rng.random() < self.chance_on_reopening(now):
                self.world.flows["returned", self.segment] += 1
                self.comes_in(now)
        elif self.state == "active" and not served:
            self.go("waiting")
        elif self.state == "waiting":
            self.comes_in(now)
        for cliff in self.world.setting.cliffs:
            hit = cliff.at == now and cliff.of in {EVERYBODY, self.segment} and not self.doors.joinable(now)
            if hit and self.state in {"active", "waiting"} and self.rng.random() < cliff.affects:
                self.lose_the_app(now)
                return

    def chance_on_reopening(self, now: float) -> float:
        member = self.member
        fades = 0.0 if member.outage_fades is None else self.doors.outage_until(now) / member.outage_fades
        wants = member.on_reopening * member.stigma_returning * self.not_held() * math.exp(-fades)
        return wants * (1.0 - member.friends_returning * self.world.share_away_before(now))

    def not_held(self) -> float:
        """1 - stickiness of the place where one is."""
        rivals = self.world.setting.rivals
        return 1.0 if self.place == ELSEWHERE else 1.0 - rivals[self.place].stickiness

    # -- what could happen ---------------------------------------------------------------------------

    def first_of(self, now: float) -> tuple[What, float]:
        """What would happen first if nothing changed for all, and when."""
        could = {("churns", ""): exponential(self.member.churn, self.rng)}
        could |= self.newcomer_could()
        if self.state == "active":
            could |= self.active_could(now)
        elif self.state == "away":
            could |= self.away_could(now)
        elif self.doors.served(now):
            entrance = self.world.setting.entrance
            assert entrance is not None
            could["abandons", ELSEWHERE] = exponential(entrance.abandons, self.rng)
        else:
            could |= self.waiting_could(now)
        what = min(could, key=lambda name: could[name])
        return what, now + could[what]

    def newcomer_could(self) -> dict[What, float]:
        newcomers = self.member.newcomers
        if not self.unsettled or newcomers is None:
            return {}
        return {
            ("churns", "new"): exponential(newcomers.churn, self.rng),
            ("settles", ""): exponential(1.0 / newcomers.settle_over, self.rng),
        }

    def active_could(self, now: float) -> dict[What, float]:
        could = {("follows", ELSEWHERE): exponential(self.member.friends_active, self.rng)}
        if not self.doors.joinable(now):
            could["loses the app", ""] = exponential(self.member.app_decay, self.rng)
        return could

    def waiting_could(self, now: float) -> dict[What, float]:
        """While the service is down: everything but churn and trying is multiplied by the pressure."""
        member, pressure, clock = self.member, self.pressure(now), self.doors.patience_clock(now)
        could = {
            ("loses patience", ELSEWHERE): leaves_at_clock(member.patience, clock, self.rng, pressure)
            - clock,
            ("follows", ELSEWHERE): exponential(pressure * member.friends_waiting, self.rng),
        }
        for name, rival in self.world.setting.rivals.items():
            if now < rival.opens_at:
                continue
            if rival.tries is None or self.beside == name:
                hazard = pressure * member.drawn * rival.pull
                could["leaves for", name] = exponential(hazard * rival.most, self.rng)
            elif self.beside is None:
                could["tries", name] = exponential(member.drawn * rival.tries * rival.most, self.rng)
        return could

    def pressure(self, now: float) -> float:
        """What multiplies every hazard of leaving while one waits for the service."""
        member = self.member
        pressure = member.stigma_leaving * self.world.promise(self.segment, now)
        pressure *= member.again ** self.doors.earlier_outages(now)
        if self.unsettled and member.newcomers is not None:
            pressure *= member.newcomers.leaving
        return float(pressure)

    def away_could(self, now: float) -> dict[What, float]:
        member = self.member
        could = {("gives up", ""): exponential(member.gives_up, self.rng)}
        if self.way_is_open(now):
            rate = member.return_rate * member.stigma_returning * self.not_held()
            could["returns", ""] = returns_after(rate, member.return_fades_over, now - self.left_at, self.rng)
        return could

    # -- what does happen ----------------------------------------------------------------------------

    def become(self, what: What, now: float) -> None:
        verb, name = what
        if verb in {"churns", "gives up"}:
            self.world.flows["churned" if verb == "churns" else "gave_up", self.segment] += 1
            self.go("gone")
        elif verb == "settles":
            self.unsettled = False
        elif verb == "loses the app":
            self.lose_the_app(now)
        elif self.is_thinned_out(what):
            return
        elif verb == "returns":
            self.world.flows["returned", self.segment] += 1
            self.comes_in(now)
        elif verb == "tries":
            self.world.flows[f"tried.{name}", self.segment] += 1
            self.uses_beside(name)
        else:
            how = "abandoned" if verb == "abandons" else f"left.{name}"
            self.leaves(name, now, how, needs_app=self.rng.random() < self.member.uninstalls)

    def is_thinned_out(self, what: What) -> bool:
        """Whether the hazard now is too low for what was drawn with the highest hazard."""
        verb, name = what
        share = 1.0
        if verb == "follows":
            share = self.world.share_away()
        elif verb == "returns":
            share = 1.0 - self.member.friends_returning * self.world.share_away()
        elif verb in {"leaves for", "tries"}:
            rival = self.world.setting.rivals[name]
            share = self.world.attraction(name, rival) / rival.most
        return self.rng.random() >= share

    def lose_the_app(self, now: float) -> None:
        moves = self.member.moves
        if moves is not None and self.rng.random() < moves.share:
            self.moves_to(moves.to, now)
        else:
            self.leaves(ELSEWHERE, now, f"left.{ELSEWHERE}", needs_app=True)

    def moves_to(self, segment: str, now: float) -> None:
        self.world.flows["moved_out", self.segment] += 1
        self.world.flows["moved_in", segment] += 1
        self.go("waiting", segment=segment)
        self.unsettled = False
        self.comes_in(now)

    def leaves(self, place: str, now: float, how: str, *, needs_app: bool) -> None:
        self.world.flows[how, self.segment] += 1
        self.go("away", place)
        self.left_at, self.needs_app, self.unsettled = now, needs_app, False

    def comes_in(self, now: float) -> None:
        """Become active, or stand at the door, or wait for the service."""
        if not self.doors.served(now):
            self.go("waiting")
        elif self.world.setting.entrance is None:
            self.go("active")
        elif not self.at_the_door:
            self.go("waiting")
            self.at_the_door = True
            self.world.stands(self)

    def let_in(self) -> None:
        """The doorkeeper calls."""
        self.go("active")
        self.called.succeed()

    def uses_beside(self, rival: str | None) -> None:
        if self.beside is not None:
            self.world.beside[self.beside] -= 1
        if rival is not None:
            self.world.beside[rival] += 1
        self.beside = rival

    def go(self, state: str, place: str = "", segment: str | None = None) -> None:
        """Change the state (and the segment), and the totals with it."""
        world = self.world
        world.count[self.segment, self.state] -= 1
        if self.state == "away":
            world.away_at[self.segment, self.place] -= 1
        if self.at_the_door:
            self.at_the_door = False
            world.standing.remove(self)
        if state in {"away", "gone"}:
            self.uses_beside(None)
        self.state, self.place, self.segment = state, place, segment or self.segment
        world.count[self.segment, state] += 1
        if state == "away":
            world.away_at[self.segment, place] += 1
