"""Users who act on each other, said twice: as a scenario for the simulator, as a setting for the twin.

Every case has one mechanism, the last one all. Both sides read the same down times; all other numbers are
written down a second time, so that a number misread on one side is found out.
"""

from __future__ import annotations

from tests.theory.twin_user_case import DELISTED, OUTAGE, RAMP, THREE, TWO, Track, UserCase
from tests.theory.twin_user_coming import (
    ALL_EVENTS,
    BEFRIENDED,
    CLIFFS,
    CUT_OFF,
    EVERYTHING,
    FRESH,
    FRESH_EVENTS,
    MOVING,
    QUEUED,
    REOPENED,
    befriended,
    cut_off,
    everything,
    fresh,
    moving,
    queued,
    reopened,
)
from tests.theory.twin_user_leaving import (
    ANNOUNCED,
    ANNOUNCEMENTS,
    EDGE_EVENTS,
    GROWN,
    ON_EDGES,
    PULLED,
    REPEATED,
    STIGMATISED,
    TRIED,
    UNLIKE,
    VISITING,
    announced,
    grown,
    on_edges,
    pulled,
    repeated,
    stigmatised,
    tried,
    unlike,
    visiting,
)

CASES = {
    "rivals pull on all who wait, one of them from its opening on": UserCase(
        PULLED, pulled, "{open: far, at: 2025-01-15T00:00Z}", use=TWO
    ),
    "rivals are tried first, and who uses one beside goes on to": UserCase(
        TRIED, tried, use=TWO, install=Track(((8.0, 45.0),))
    ),
    "rivals attract more as they grow and we shrink": UserCase(GROWN, grown, use=TWO, interacting=True),
    "promises hold, are missed, replaced, and end with the outage": UserCase(
        ANNOUNCED, announced, ANNOUNCEMENTS, use=TWO
    ),
    "stigma makes leaving likelier and returning less likely": UserCase(
        STIGMATISED, stigmatised, install=Track(((8.0, 45.0),))
    ),
    "a second outage counts more, unless the first is forgotten": UserCase(REPEATED, repeated, use=THREE),
    "patience starts at the first failed visit": UserCase(VISITING, visiting, start=240, use=THREE),
    "outages at the start and the end, and events at the instant of others": UserCase(
        ON_EDGES, on_edges, EDGE_EVENTS, use=Track(((0.0, 6.0), (15.0, 25.0), (50.0, 60.0))),
        install=Track(((10.0, 15.0), (25.0, 40.0))),
    ),
    "a mixture and a frailty, drawn for each user": UserCase(UNLIKE, unlike, use=THREE),
    "newcomers churn and leave more until they settle": UserCase(
        FRESH, fresh, FRESH_EVENTS, use=THREE, install=Track(((18.0, 30.0),)), worlds=10
    ),
    "some come back at the reopening, less after a long outage": UserCase(
        REOPENED, reopened, use=TWO, install=Track(((25.0, 45.0),))
    ),
    "friends pull friends away and keep them away": UserCase(
        BEFRIENDED, befriended, use=TWO, visit=Track(((10.0, 24.0),)), interacting=True
    ),
    "who loses the app, or cannot install it, moves to another segment": UserCase(
        MOVING, moving, use=OUTAGE, install=DELISTED, visit=Track(((14.0, 18.0), (30.0, 35.0)))
    ),
    "old versions stop working, while all is up and while it is down": UserCase(
        CUT_OFF, cut_off, CLIFFS, install=DELISTED
    ),
    "a queue stands at the door, shares it, tries again and shrinks away": UserCase(
        QUEUED, queued, start=600, worlds=7, use=RAMP, visit=Track(((8.0, 21.0),)),
        install=Track(((15.0, 26.0),)), interacting=True,
    ),
    "all of this together": UserCase(
        EVERYTHING, everything, ALL_EVENTS, start=600, worlds=5, use=RAMP, visit=Track(((8.0, 21.0),)),
        install=Track(((15.0, 36.0),)), interacting=True,
    ),
}  # fmt: skip
