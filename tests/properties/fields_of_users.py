"""What users do because of others: for each field a scenario in which it is live, and another value for it.

In `IN_A_NETWORK` users are followed one by one; in `OF_USERS` as expected numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = tuple[Mapping[str, Any], Mapping[str, Any]]

SPREAD = {"law": "weibull", "shape": 0.8, "scale": "20 d"}
RETURNS = {"rate": "2 % per day", "fades_over": "30 d"}
ALONE = {"users.patience": SPREAD, "users.returns": RETURNS}
PAIR = {
    "users.segments": {
        "some": {"share": "50 %", "patience": SPREAD},
        "others": {"share": "50 %", "patience": {**SPREAD, "scale": "60 d"}, "join_by": "none"},
    }
}
SOME = "users.segments.some"
STORE_GONE = {"events": [{"delist": "store", "at": "5 d"}, {"suspend": "host", "at": "10 d"}]}
TWICE = {
    "events": [
        {"outage": "host", "at": "5 d", "lasts": "9 d"},
        {"outage": "host", "at": "16 d", "lasts": "9 d"},
    ],
    "response": {},
}
LONG = {"events": [{"outage": "host", "at": "5 d", "lasts": "20 d"}], "response": {}}
RIVAL = {"users.rivals": {"there": {"pull": "2 % per day"}}}
LARGE = {"users.rivals": {"there": {"pull": "2 % per day", "users": 900, "grows": 2}}}
NEW = {"users.newcomers": {"churn": "9 % per day", "settle_over": "8 d"}}
MOVING = {
    **PAIR,
    **STORE_GONE,
    f"{SOME}.app_decay": "3 % per day",
    f"{SOME}.moves": {"to": "others", "share": "40 %"},
}
DOOR = {**LONG, "users.reopening": {"admits": "100 per day"}}
SAID = {"announce": "users", "at": "11 d", "back_within": "9 d", "holds": 0.5, "missed": 2}
OLD = {"require": "users", "at": "12 d", "affects": "30 %"}
BELOW = {**LONG, **ALONE, "users.network": {"people": 40}, "users.friends": {"leaves_below": "60 %"}}


def announcing(**more: Any) -> dict[str, Any]:
    """The base's suspension and an announcement."""
    return {"events": [{"suspend": "host", "at": "10 d", "notice": "12 h"}, {**SAID, **more}]}


def requiring(**more: Any) -> dict[str, Any]:
    """A delisting and a forced version."""
    return {"events": [{"delist": "store", "at": "5 d"}, {"suspend": "host", "at": "20 d"}, {**OLD, **more}]}


def network(**said: Any) -> dict[str, Any]:
    """Forty people who leave once too few friends are there."""
    return {**BELOW, "users.network": {"people": 40, **said}}


OF_USERS: dict[str, Row] = {
    "Returns.on_reopening": ({**ALONE, **LONG}, {"users.returns.on_reopening": "40 %"}),
    "Returns.outage_fades": (
        {**ALONE, **LONG, "users.returns.on_reopening": "40 %"},
        {"users.returns.outage_fades": "9 d"},
    ),
    "Users.visits": (ALONE, {"users.visits": "20 % per day"}),
    "Segment.visits": (PAIR, {f"{SOME}.visits": "20 % per day"}),
    "Users.again": (TWICE, {"users.again": 3}),
    "Segment.again": ({**PAIR, **TWICE}, {f"{SOME}.again": 3}),
    "Users.stigma": ({}, {"users.stigma": {"leaving": 3}}),
    "Segment.stigma": (PAIR, {f"{SOME}.stigma": {"leaving": 3}}),
    "Stigma.leaving": ({}, {"users.stigma.leaving": 2}),
    "Stigma.returning": ({}, {"users.stigma.returning": "50 %"}),
    "Users.drawn": (RIVAL, {"users.drawn": 3}),
    "Segment.drawn": ({**PAIR, **RIVAL}, {f"{SOME}.drawn": 3}),
    "Users.friends": ({}, {"users.friends": {"waiting": "9 % per day"}}),
    "Segment.friends": (PAIR, {f"{SOME}.friends": {"waiting": "9 % per day"}}),
    "Friends.waiting": ({}, {"users.friends.waiting": "9 % per day"}),
    "Friends.active": ({}, {"users.friends.active": "9 % per day"}),
    "Friends.returning": ({}, {"users.friends.returning": "80 %"}),
    "Users.newcomers": ({}, NEW),
    "Segment.newcomers": (PAIR, {f"{SOME}.newcomers": NEW["users.newcomers"]}),
    "Newcomers.churn": (NEW, {"users.newcomers.churn": "3 % per day"}),
    "Newcomers.settle_over": (NEW, {"users.newcomers.settle_over": "3 d"}),
    "Newcomers.leaving": (NEW, {"users.newcomers.leaving": 4}),
    "Newcomers.at_start": (NEW, {"users.newcomers.at_start": "50 %"}),
    "Users.moves": (
        {**PAIR, **STORE_GONE, f"{SOME}.app_decay": "3 % per day"},
        {f"{SOME}.moves": {"to": "others", "share": "40 %"}},
    ),
    "Segment.moves": (MOVING, {f"{SOME}.moves": {"to": "others", "share": "90 %"}}),
    "Moves.to": (
        {**MOVING, "users.segments.third": {"share": "0 %", "join_by": "none", "churn": "5 % per day"}},
        {f"{SOME}.moves.to": "third"},
    ),
    "Moves.share": (MOVING, {f"{SOME}.moves.share": "80 %"}),
    "Users.rivals": ({}, RIVAL),
    "Rival.users": (LARGE, {"users.rivals.there.users": 100}),
    "Rival.pull": (RIVAL, {"users.rivals.there.pull": "4 % per day"}),
    "Rival.tries": (RIVAL, {"users.rivals.there.tries": "4 % per day"}),
    "Rival.grows": (LARGE, {"users.rivals.there.grows": 1}),
    "Rival.at_most": (LARGE, {"users.rivals.there.at_most": 1.01}),
    "Rival.stickiness": (RIVAL, {"users.rivals.there.stickiness": "80 %"}),
    "Users.reopening": (LONG, {"users.reopening": {"admits": "100 per day"}}),
    "Reopening.admits": (DOOR, {"users.reopening.admits": "50 per day"}),
    "Reopening.abandons": (DOOR, {"users.reopening.abandons": "20 % per day"}),
    "Reopening.retries": (DOOR, {"users.reopening.retries": 0.02}),
    "Event.back_within": (announcing(), announcing(back_within="2 d")),
    "Event.holds": (announcing(), announcing(holds=0.1)),
    "Event.missed": (announcing(back_within="1 d"), announcing(back_within="1 d", missed=4)),
    "Event.affects": (requiring(), requiring(affects="90 %")),
}

IN_A_NETWORK: dict[str, Row] = {
    "Users.network": ({**LONG, **ALONE}, {"users.network": {"people": 30}}),
    "Friends.leaves_below": (BELOW, {"users.friends.leaves_below": "20 %"}),
    "Friends.at_least": (BELOW, {"users.friends.at_least": 12}),
    "Friends.within": (BELOW, {"users.friends.within": "9 d"}),
    "Network.people": (BELOW, {"users.network.people": 30}),
    "Network.kind": (BELOW, {"users.network.kind": "regular"}),
    "Network.friends": (BELOW, {"users.network.friends": 4}),
    "Network.rewired": (network(kind="small_world"), {"users.network.rewired": "60 %"}),
    "Network.groups": (network(kind="communities", groups=4), {"users.network.groups": 2}),
    "Network.inside": (network(kind="communities", groups=4), {"users.network.inside": "20 %"}),
    "Network.ties": (
        {**BELOW, "users.network": {"kind": "edges", "ties": "0-1 1-2 2-3 3-0"}},
        {"users.network.ties": "0-1 1-2 2-3 3-4"},
    ),
}
