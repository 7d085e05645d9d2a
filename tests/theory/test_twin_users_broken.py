"""The comparison of tests.theory.test_twin_users notices a twin that is broken on purpose.

Each test breaks one rule, or one number, of the twin, and expects a count that is off by more than four
standard errors. A rule that could be wrong unnoticed would not be tested by the comparison.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from tests.theory.twin_scores import scores, worst
from tests.theory.twin_user_case import DAY
from tests.theory.twin_user_cases import CASES
from tests.twin.manners import ELSEWHERE
from tests.twin.people import exponential
from tests.twin.resident import Resident, What


class TriesUnderPressure(Resident):
    """Stigma makes one try rivals sooner, not only leave for them."""

    def waiting_could(self, now: float) -> dict[What, float]:
        could, pressure = super().waiting_could(now), self.pressure(now)
        return {what: hours / pressure if what[0] == "tries" else hours for what, hours in could.items()}


class LeavesUntried(Resident):
    """Leaves for a rival that was never tried."""

    def waiting_could(self, now: float) -> dict[What, float]:
        could, pressure = super().waiting_could(now), self.pressure(now)
        for name, rival in self.world.setting.rivals.items():
            hazard = pressure * self.member.drawn * rival.pull * rival.most
            could["leaves for", name] = exponential(hazard, self.rng)
        return could


class DropsTheRival(Resident):
    """Uses no rival beside any more once the service is back."""

    def comes_in(self, now: float) -> None:
        super().comes_in(now)
        if self.state == "active":
            self.uses_beside(None)


class LooksAtTheRivalAlone(Resident):
    """Is attracted by a rival's growth, whatever becomes of us."""

    def is_thinned_out(self, what: What) -> bool:
        present, self.world.present = self.world.present, lambda: self.world.start  # type: ignore[method-assign]
        found = super().is_thinned_out(what)
        self.world.present = present  # type: ignore[method-assign]
        return found


class BelievesForEver(Resident):
    """What was announced before an outage ended is believed in the next one."""

    def pressure(self, now: float) -> float:
        made = [
            a for a in self.world.setting.announcements if a.of in {"users", self.segment} and a.at <= now
        ]
        last = max(made, key=lambda a: a.at)
        said = last.holds if now < last.at + last.back_within else last.missed
        return super().pressure(now) / self.world.promise(self.segment, now) * said


class ForgetsNoOutage(Resident):
    """Counts all earlier outages."""

    def pressure(self, now: float) -> float:
        earlier = sum(start < now for start, _ in self.doors.service_down) - 1
        return float(super().pressure(now) * self.member.again ** (earlier - self.doors.earlier_outages(now)))


class StaysNew(Resident):
    """Is no less of a newcomer for having been away."""

    def leaves(self, place: str, now: float, how: str, *, needs_app: bool) -> None:
        unsettled = self.unsettled
        super().leaves(place, now, how, needs_app=needs_app)
        self.unsettled = unsettled


class MovesUnsettled(Resident):
    """Is as new in another segment as if just joined."""

    def moves_to(self, segment: str, now: float) -> None:
        super().moves_to(segment, now)
        self.unsettled = True


class FollowsUnpressed(Resident):
    """Follows friends while waiting no sooner in a second outage."""

    def waiting_could(self, now: float) -> dict[What, float]:
        could, pressure = super().waiting_could(now), self.pressure(now)
        return {what: hours * pressure if what[0] == "follows" else hours for what, hours in could.items()}


class NeedsNoApp(Resident):
    """Comes back whether or not the app can be had."""

    def way_is_open(self, now: float) -> bool:
        return self.doors.served(now)


class FollowsWhileWaiting(Resident):
    """Follows friends by the hazard of those who are active while waiting, too."""

    def waiting_could(self, now: float) -> dict[What, float]:
        could = super().waiting_could(now)
        more = exponential(self.member.friends_active, self.rng)
        return could | {("follows", ELSEWHERE): min(could["follows", ELSEWHERE], more)}


class DecaysWhileWaiting(Resident):
    """Loses the app while the service is down."""

    def waiting_could(self, now: float) -> dict[What, float]:
        could = super().waiting_could(now)
        if not self.doors.joinable(now):
            could["loses the app", ""] = exponential(self.member.app_decay, self.rng)
        return could


class WaitsOutTheCliff(Resident):
    """Loses no app while waiting."""

    def lose_the_app(self, now: float) -> None:
        if self.state != "waiting":
            super().lose_the_app(now)


class LosesPatienceAtTheDoor(Resident):
    """Goes on losing patience in the queue."""

    def first_of(self, now: float) -> tuple[What, float]:
        what, when = super().first_of(now)
        if self.at_the_door:
            leaves = now + exponential(1.0 / (20 * DAY), self.rng)
            return (("abandons", ELSEWHERE), leaves) if leaves < when else (what, when)
        return what, when


class JumpsTheQueue(Resident):
    """Needs not stand at the door after having been away."""

    def become(self, what: What, now: float) -> None:
        super().become(what, now)
        if what[0] == "returns" and self.at_the_door:
            self.go("active")


RIVALS, TRIED, GROWN, PROMISES, STIGMA, AGAIN, _, _, UNLIKE, NEW, REOPENED, FRIENDS, MOVES, CLIFF, DOOR, _ = (
    CASES
)
WRONG_RULES = {
    TriesUnderPressure: TRIED,
    LeavesUntried: TRIED,
    DropsTheRival: TRIED,
    LooksAtTheRivalAlone: GROWN,
    BelievesForEver: PROMISES,
    ForgetsNoOutage: AGAIN,
    StaysNew: NEW,
    MovesUnsettled: MOVES,
    FollowsUnpressed: FRIENDS,
    NeedsNoApp: REOPENED,
    FollowsWhileWaiting: FRIENDS,
    DecaysWhileWaiting: MOVES,
    WaitsOutTheCliff: CLIFF,
    LosesPatienceAtTheDoor: DOOR,
    JumpsTheQueue: DOOR,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", WRONG_RULES, ids=lambda kind: kind.__name__)
def test_a_wrong_rule_is_noticed(kind: type[Resident]) -> None:
    name = WRONG_RULES[kind]
    worlds = 1500 // CASES[name].start + 1
    assert worst(scores(name, seed=21, worlds=worlds, kind=kind)) > (4.0, "")


WRONG_NUMBERS: dict[str, tuple[tuple[str, object], ...]] = {
    RIVALS: (("stickiness", 0.0), ("drawn", 1.0), ("opens_at", 0.0)),
    TRIED: (("tries", None), ("stigma_leaving", 1.0)),
    GROWN: (("grows", 0.0), ("at_most", 1.2)),
    PROMISES: (("holds", 1.0), ("missed", 1.0), ("of", "users"), ("back_within", 3 * DAY)),
    STIGMA: (("stigma_leaving", 1.0), ("stigma_returning", 1.0)),
    AGAIN: (("again", 1.0),),
    UNLIKE: (("variance", 0.1),),
    NEW: (("newcomers", None), ("leaving", 1.0), ("at_start", 0.0), ("settle_over", 1000 * DAY)),
    REOPENED: (("on_reopening", 0.0), ("outage_fades", None), ("stickiness", 0.0), ("stigma_returning", 1.0)),
    FRIENDS: (("friends_waiting", 0.0), ("friends_active", 0.0), ("friends_returning", 0.0)),
    MOVES: (("moves", None), ("app_decay", 0.0)),
    CLIFF: (("affects", 0.2), ("moves", None)),
    DOOR: (("retries", 0.0), ("abandons", 0.0), ("admits", 25.0)),
}


def changed(whole: Any, name: str, value: object) -> Any:
    """The same setting with another value of this field, wherever it is."""
    if isinstance(whole, dict):
        return {key: changed(part, name, value) for key, part in whole.items()}
    if isinstance(whole, tuple):
        return tuple(changed(part, name, value) for part in whole)
    if not dataclasses.is_dataclass(whole) or isinstance(whole, type):
        return whole
    fields = {field.name: getattr(whole, field.name) for field in dataclasses.fields(whole)}
    return dataclasses.replace(
        whole, **{key: value if key == name else changed(part, name, value) for key, part in fields.items()}
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "field", "value"),
    [(name, *change) for name, changes in WRONG_NUMBERS.items() for change in changes],
    ids=[f"{field} of {name.split(',')[0]}" for name, found in WRONG_NUMBERS.items() for field, _ in found],
)
def test_a_wrong_number_is_noticed(name: str, field: str, value: object) -> None:
    setting = changed(CASES[name].twin(), field, value)
    assert setting != CASES[name].twin()
    assert worst(scores(name, seed=21, setting=setting)) > (4.0, "")
