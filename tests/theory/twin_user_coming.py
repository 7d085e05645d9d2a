"""What makes users come, come back and move: newcomers, reopening, friends, cliffs, the door. Said twice.

In: the doors. Out: settings of the twin, and below each what the scenario says instead.
"""

from __future__ import annotations

from tests.theory.twin_user_case import DAY, SLOW, per_day
from tests.twin.doors import Doors
from tests.twin.manners import (
    Announcement,
    Cliff,
    Entrance,
    Member,
    Moves,
    Newcomers,
    Rival,
    Segment,
    Setting,
)
from tests.twin.patience import AfterAVisit, Exponential, Mixture, Weibull


def fresh(app: Doors, web: Doors, _visit: Doors) -> Setting:
    new = Newcomers(per_day(0.06), 12 * DAY, 3.0, 0.4)
    core = Member(SLOW, per_day(0.1), 15 * DAY, churn=per_day(0.003), newcomers=new, uninstalls=0.5)
    web_like = Member(SLOW, per_day(0.1), 15 * DAY, churn=per_day(0.003))
    surges = ((2 * DAY, 3.0, 6 * DAY),)
    return Setting(
        {
            "app": Segment(150, core, app, per_day(5.0), surges),
            "web": Segment(100, web_like, web, per_day(5.0), surges),
        }
    )


FRESH = """
  joins: 10 per day
  patience: {mean: 30 d}
  returns: {rate: 0.1 per day, fades_over: 15 d}
  churn: 0.003 per day
  segments:
    app:
      {share: 60 %, join_share: 50 %, join_by: install, uninstalls: 50 %,
       newcomers: {churn: 6 % per day, settle_over: 12 d, leaving: 3, at_start: 40 %}}
    web: {share: 40 %, join_share: 50 %, join_by: none}
"""
FRESH_EVENTS = "{surge: users, at: 2025-01-03T00:00Z, times: 3, fades_over: 6 d}"


def reopened(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    core = Member(
        Exponential(8 * DAY), per_day(0.05), 20 * DAY, churn=per_day(0.003), uninstalls=0.4, on_reopening=0.5,
        outage_fades=12 * DAY, stigma_returning=0.6,
    )  # fmt: skip
    casual = Member(Exponential(8 * DAY), 0.0, None, on_reopening=0.3)
    rivals = {"near": Rival(per_day(0.05), stickiness=0.5)}
    return Setting({"core": Segment(125, core, app), "casual": Segment(125, casual, app)}, rivals)


REOPENED = """
  joins: 0 per day
  patience: {mean: 8 d}
  rivals: {near: {pull: 0.05 per day, stickiness: 50 %}}
  segments:
    core:
      {share: 50 %, join_by: install, churn: 0.003 per day, uninstalls: 40 %, stigma: {returning: 60 %},
       returns: {rate: 0.05 per day, fades_over: 20 d, on_reopening: 50 %, outage_fades: 12 d}}
    casual: {share: 50 %, churn: 0 per day, returns: {rate: 0 per day, on_reopening: 30 %}}
"""


def befriended(app: Doors, _web: Doors, visit: Doors) -> Setting:
    core = Member(
        Exponential(40 * DAY), per_day(0.15), 20 * DAY, churn=per_day(0.002), friends_waiting=per_day(0.15),
        friends_active=per_day(0.08), friends_returning=0.8, again=2.0,
    )  # fmt: skip
    casual = Member(
        Exponential(40 * DAY), per_day(0.15), None, churn=per_day(0.002), friends_active=per_day(0.08),
        friends_returning=0.8, on_reopening=0.3,
    )  # fmt: skip
    return Setting({"core": Segment(150, core, app), "casual": Segment(100, casual, visit)})


BEFRIENDED = """
  joins: 0 per day
  patience: {mean: 40 d}
  churn: 0.002 per day
  segments:
    core:
      {share: 60 %, returns: {rate: 0.15 per day, fades_over: 20 d},
       again: 2, friends: {waiting: 0.15 per day, active: 0.08 per day, returning: 80 %}}
    casual:
      {share: 40 %, served_by: visit, returns: {rate: 0.15 per day, on_reopening: 30 %},
       friends: {active: 8 % per day, returning: 80 %}}
"""


def moving(app: Doors, _web: Doors, visit: Doors) -> Setting:
    core = Member(
        SLOW, per_day(0.05), 20 * DAY, churn=per_day(0.002), app_decay=per_day(0.05), moves=Moves("web", 0.4),
        newcomers=Newcomers(per_day(0.05), 20 * DAY, 1.0, 0.5),
    )  # fmt: skip
    web_like = Member(
        SLOW, per_day(0.05), 20 * DAY, churn=per_day(0.004), newcomers=Newcomers(per_day(0.15), 20 * DAY, 2.0)
    )
    return Setting(
        {"app": Segment(200, core, app, per_day(10.0)), "web": Segment(50, web_like, visit, per_day(2.5))}
    )


MOVING = """
  joins: 12.5 per day
  patience: {mean: 30 d}
  returns: {rate: 0.05 per day, fades_over: 20 d}
  segments:
    app:
      {share: 80 %, join_by: install, churn: 0.002 per day, app_decay: 0.05 per day,
       moves: {to: web, share: 40 %}, newcomers: {churn: 5 % per day, settle_over: 20 d, at_start: 50 %}}
    web:
      {share: 20 %, served_by: visit, churn: 0.004 per day,
       newcomers: {churn: 15 % per day, settle_over: 20 d, leaving: 2}}
"""


def cut_off(app: Doors, web: Doors, visit: Doors) -> Setting:
    core = Member(SLOW, per_day(0.05), 20 * DAY, moves=Moves("web", 0.3), app_decay=per_day(0.01))
    old = Member(SLOW, per_day(0.05), None)
    web_like = Member(SLOW, 0.0, None)
    segments = {
        "app": Segment(125, core, app),
        "old": Segment(75, old, app),
        "web": Segment(50, web_like, web),
    }
    return Setting(segments, cliffs=(Cliff(10 * DAY, 0.4), Cliff(33 * DAY, 0.5, "old"), Cliff(45 * DAY, 0.9)))


CUT_OFF = """
  joins: 0 per day
  churn: 0 per day
  patience: {mean: 30 d}
  join_by: install
  segments:
    app:
      {share: 50 %, returns: {rate: 0.05 per day, fades_over: 20 d}, moves: {to: web, share: 30 %},
       app_decay: 1 % per day}
    old: {share: 30 %, returns: {rate: 0.05 per day}}
    web: {share: 20 %, join_by: none, returns: {rate: 0 per day}}
"""
CLIFFS = """
  {require: users, at: 2025-01-11T00:00Z, affects: 40 %},
  {require: old, at: 2025-02-03T00:00Z, affects: 50 %},
  {require: users, at: 2025-02-15T00:00Z, affects: 90 %}
"""


def queued(app: Doors, _web: Doors, visit: Doors) -> Setting:
    core = Member(SLOW, per_day(0.2), 20 * DAY, churn=per_day(0.005), on_reopening=0.3, uninstalls=0.3)
    casual = Member(Exponential(20 * DAY), per_day(0.1), None, churn=per_day(0.005))
    segments = {
        "core": Segment(360, core, app, per_day(6.0)),
        "casual": Segment(240, casual, visit, per_day(4.0)),
    }
    return Setting(segments, entrance=Entrance(10.0, retries=0.04, abandons=per_day(0.1)))


QUEUED = """
  joins: 10 per day
  churn: 0.005 per day
  reopening: {admits: 10 per hour, retries: 0.04, abandons: 10 % per day}
  segments:
    core:
      {share: 60 %, patience: {mean: 30 d}, uninstalls: 30 %, join_by: install,
       returns: {rate: 0.2 per day, fades_over: 20 d, on_reopening: 30 %}}
    casual: {share: 40 %, patience: {mean: 20 d}, returns: {rate: 0.1 per day}, served_by: visit}
"""


def everything(app: Doors, _web: Doors, visit: Doors) -> Setting:
    core = Member(
        AfterAVisit(per_day(0.4), Weibull(20 * DAY, 0.7)), per_day(0.12), 20 * DAY, churn=per_day(0.003),
        gives_up=per_day(0.01), uninstalls=0.4, app_decay=per_day(0.03), again=1.5, stigma_leaving=1.5,
        stigma_returning=0.8, drawn=0.6, friends_waiting=per_day(0.05), friends_active=per_day(0.03),
        friends_returning=0.5, on_reopening=0.4, outage_fades=20 * DAY,
        newcomers=Newcomers(per_day(0.04), 10 * DAY, 2.0, 0.3), moves=Moves("web", 0.5),
    )  # fmt: skip
    casual = Member(
        Mixture(((0.5, Exponential(10 * DAY)), (0.5, Exponential(60 * DAY)))), per_day(0.1), None,
        churn=per_day(0.003), again=1.5, stigma_returning=0.8, friends_active=per_day(0.03), on_reopening=0.4,
    )  # fmt: skip
    surges = ((2 * DAY, 3.0, 6 * DAY),)
    segments = {
        "app": Segment(360, core, app, per_day(6.0), surges),
        "web": Segment(240, casual, visit, per_day(4.0), surges),
    }
    rivals = {
        "near": Rival(per_day(0.03), 200.0, tries=per_day(0.05), grows=0.5, at_most=2.0, stickiness=0.5),
        "far": Rival(per_day(0.03), 400.0, grows=0.8, at_most=3.0, opens_at=14 * DAY),
    }
    promises = (Announcement(6 * DAY, 4 * DAY, 0.5, 1.5), Announcement(24.5 * DAY, 20 * DAY, 0.3, of="app"))
    cliffs = (Cliff(28 * DAY, 0.3),)
    return Setting(segments, rivals, Entrance(8.0, 0.04, per_day(0.1)), promises, cliffs)


EVERYTHING = """
  joins: 10 per day
  churn: 0.003 per day
  again: 1.5
  reopening: {admits: 8 per hour, retries: 0.04, abandons: 10 % per day}
  rivals:
    near: {users: 200, pull: 0.03 per day, tries: 5 % per day, grows: 0.5, at_most: 2, stickiness: 50 %}
    far: {users: 400, pull: 0.03 per day, grows: 0.8, at_most: 3}
  segments:
    app:
      share: 60 %
      join_by: install
      visits: 0.4 per day
      patience: {law: weibull, shape: 0.7, scale: 20 d}
      returns: {rate: 0.12 per day, fades_over: 20 d, on_reopening: 40 %, outage_fades: 20 d}
      gives_up: 1 % per day
      uninstalls: 40 %
      app_decay: 3 % per day
      stigma: {leaving: 1.5, returning: 80 %}
      drawn: 0.6
      friends: {waiting: 5 % per day, active: 3 % per day, returning: 50 %}
      newcomers: {churn: 4 % per day, settle_over: 10 d, leaving: 2, at_start: 30 %}
      moves: {to: web, share: 50 %}
    web:
      share: 40 %
      served_by: visit
      patience: {law: mixture, of: [{mean: 10 d}, {mean: 60 d}], shares: [50 %, 50 %]}
      returns: {rate: 0.1 per day, on_reopening: 40 %}
      stigma: {returning: 80 %}
      friends: {active: 3 % per day}
"""
ALL_EVENTS = """
  {surge: users, at: 2025-01-03T00:00Z, times: 3, fades_over: 6 d},
  {announce: users, at: 2025-01-07T00:00Z, back_within: 4 d, holds: 0.5, missed: 1.5},
  {open: far, at: 2025-01-15T00:00Z},
  {announce: app, at: 2025-01-25T12:00Z, back_within: 20 d, holds: 0.3},
  {require: users, at: 2025-01-29T00:00Z, affects: 30 %}
"""
