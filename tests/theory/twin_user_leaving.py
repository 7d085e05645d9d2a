"""What makes users leave: rivals, announcements, stigma, earlier outages, laws of patience. Said twice.

In: the doors. Out: settings of the twin, and below each what the scenario says instead.
"""

from __future__ import annotations

from tests.theory.twin_user_case import DAY, SLOW, per_day
from tests.twin.doors import Doors
from tests.twin.manners import (
    Announcement,
    Cliff,
    Member,
    Rival,
    Segment,
    Setting,
)
from tests.twin.patience import AfterAVisit, Constant, Exponential, Frailty, Mixture, Weibull


def pulled(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    core = Member(
        patience=SLOW, return_rate=per_day(0.1), return_fades_over=20 * DAY, churn=per_day(0.002), drawn=0.5
    )
    casual = Member(
        patience=Weibull(20 * DAY, 0.7), return_rate=per_day(0.06), return_fades_over=None,
        churn=per_day(0.005),
    )  # fmt: skip
    rivals = {
        "near": Rival(pull=per_day(0.04), stickiness=0.7),
        "far": Rival(per_day(0.05), opens_at=14 * DAY),
    }
    return Setting({"core": Segment(100, core, app), "casual": Segment(150, casual, app)}, rivals)


PULLED = """
  joins: 0 per day
  rivals: {near: {pull: 0.04 per day, stickiness: 70 %}, far: {pull: 5 % per day}}
  segments:
    core:
      {share: 40 %, patience: {mean: 30 d}, returns: {rate: 0.1 per day, fades_over: 20 d},
       churn: 0.002 per day, drawn: 0.5}
    casual:
      {share: 60 %, patience: {law: weibull, shape: 0.7, scale: 20 d}, returns: {rate: 0.06 per day},
       churn: 0.005 per day}
"""


def tried(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    member = Member(
        patience=Exponential(60 * DAY), return_rate=per_day(0.05), return_fades_over=20 * DAY,
        churn=per_day(0.004), stigma_leaving=2.0, uninstalls=0.5,
    )  # fmt: skip
    rivals = {
        "near": Rival(per_day(0.05), tries=per_day(0.06), stickiness=0.4),
        "far": Rival(per_day(0.08), tries=per_day(0.03)),
        "far_off": Rival(per_day(0.01)),
    }
    return Setting({"everyone": Segment(250, member, app)}, rivals)


TRIED = """
  joins: 0 per day
  join_by: install
  rivals:
    near: {pull: 0.05 per day, tries: 6 % per day, stickiness: 40 %}
    far: {pull: 0.08 per day, tries: 3 % per day}
    far_off: {pull: 0.01 per day}
  patience: {mean: 60 d}
  returns: {rate: 0.05 per day, fades_over: 20 d}
  churn: 0.004 per day
  stigma: {leaving: 2}
  uninstalls: 50 %
"""


def grown(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    member = Member(
        patience=Exponential(80 * DAY),
        return_rate=per_day(0.03),
        return_fades_over=None,
        churn=per_day(0.004),
    )
    rivals = {
        "near": Rival(per_day(0.02), users=100.0, grows=0.8, at_most=4.0),
        "far": Rival(per_day(0.03), users=300.0, tries=per_day(0.02), grows=0.5, at_most=1.6),
    }
    return Setting({"everyone": Segment(250, member, app)}, rivals)


GROWN = """
  joins: 0 per day
  rivals:
    near: {users: 100, pull: 0.02 per day, grows: 0.8, at_most: 4}
    far: {users: 300, pull: 0.03 per day, tries: 0.02 per day, grows: 0.5, at_most: 1.6}
  patience: {mean: 80 d}
  returns: {rate: 0.03 per day}
  churn: 0.004 per day
"""


def announced(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    member = Member(SLOW, return_rate=0.0, return_fades_over=None)
    weibull = Member(Weibull(30 * DAY, 0.8), return_rate=0.0, return_fades_over=None)
    promises = (
        Announcement(3 * DAY, 6 * DAY, 0.5, 2.0),
        Announcement(11 * DAY, 2 * DAY, 0.2, 3.0, of="core"),
        Announcement(18 * DAY, 20 * DAY, 0.4, 1.0, of="casual"),
    )
    segments = {"core": Segment(125, member, app), "casual": Segment(125, weibull, app)}
    return Setting(segments, announcements=promises)


ANNOUNCED = """
  joins: 0 per day
  churn: 0 per day
  returns: {rate: 0 per day}
  segments:
    core: {share: 50 %, patience: {mean: 30 d}}
    casual: {share: 50 %, patience: {law: weibull, shape: 0.8, scale: 30 d}}
"""
ANNOUNCEMENTS = """
  {announce: users, at: 2025-01-04T00:00Z, back_within: 6 d, holds: 0.5, missed: 2},
  {announce: core, at: 2025-01-12T00:00Z, back_within: 2 d, holds: 0.2, missed: 3},
  {announce: casual, at: 2025-01-19T00:00Z, back_within: 20 d, holds: 0.4}
"""


def stigmatised(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    core = Member(
        SLOW, per_day(0.1), 15 * DAY, stigma_leaving=2.5, stigma_returning=0.5, uninstalls=0.4,
        gives_up=per_day(0.01),
    )  # fmt: skip
    casual = Member(SLOW, per_day(0.1), None, stigma_leaving=0.5, stigma_returning=0.2)
    return Setting({"core": Segment(125, core, app), "casual": Segment(125, casual, app)})


STIGMATISED = """
  joins: 0 per day
  churn: 0 per day
  patience: {mean: 30 d}
  join_by: install
  segments:
    core:
      {share: 50 %, returns: {rate: 0.1 per day, fades_over: 15 d}, stigma: {leaving: 2.5, returning: 50 %},
       uninstalls: 40 %, gives_up: 1 % per day}
    casual: {share: 50 %, returns: {rate: 0.1 per day}, stigma: {leaving: 0.5, returning: 20 %}}
"""


def repeated(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    core = Member(SLOW, per_day(0.1), 15 * DAY, again=2.0)
    casual = Member(Weibull(30 * DAY, 1.5), 0.0, None, again=0.3)
    return Setting({"core": Segment(125, core, app), "casual": Segment(125, casual, app)})


REPEATED = """
  joins: 0 per day
  churn: 0 per day
  segments:
    core: {share: 50 %, patience: {mean: 30 d}, returns: {rate: 0.1 per day, fades_over: 15 d}, again: 2}
    casual:
      {share: 50 %, patience: {law: weibull, shape: 1.5, scale: 30 d}, returns: {rate: 0 per day}, again: 0.3}
"""


def visiting(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    core = Member(AfterAVisit(per_day(0.2), Weibull(10 * DAY, 1.5)), per_day(0.05), None)
    casual = Member(AfterAVisit(per_day(0.5), Constant(6 * DAY)), per_day(0.05), None)
    stigma = Member(AfterAVisit(per_day(0.2), Exponential(10 * DAY)), 0.0, None, stigma_leaving=2.0)
    segments = {"core": core, "casual": casual, "hated": stigma}
    numbers = {"core": 96, "casual": 96, "hated": 48}
    return Setting({name: Segment(numbers[name], member, app) for name, member in segments.items()})


VISITING = """
  joins: 0 per day
  churn: 0 per day
  returns: {rate: 0.05 per day}
  segments:
    core:
      {share: 40 %, visits: 0.2 per day, patience: {law: weibull, shape: 1.5, scale: 10 d}}
    casual: {share: 40 %, visits: 0.5 per day, patience: 6 d}
    hated:
      {share: 20 %, visits: 0.2 per day, patience: {mean: 10 d}, returns: {rate: 0 per day},
       stigma: {leaving: 2}}
"""


def unlike(app: Doors, _web: Doors, _visit: Doors) -> Setting:
    mixed = Mixture(((0.3, Exponential(4 * DAY)), (0.7, Weibull(60 * DAY, 0.8))))
    core = Member(mixed, per_day(0.1), 15 * DAY, churn=per_day(0.004))
    casual = Member(Frailty(Weibull(20 * DAY, 1.2), 1.5), per_day(0.1), None)
    return Setting({"core": Segment(125, core, app), "casual": Segment(125, casual, app)})


UNLIKE = """
  joins: 0 per day
  segments:
    core:
      share: 50 %
      patience:
        {law: mixture, shares: [30 %, 70 %], of: [{mean: 4 d}, {law: weibull, shape: 0.8, scale: 60 d}]}
      returns: {rate: 0.1 per day, fades_over: 15 d}
      churn: 0.004 per day
    casual:
      share: 50 %
      patience: {law: frailty, of: {law: weibull, shape: 1.2, scale: 20 d}, variance: 1.5}
      returns: {rate: 0.1 per day}
      churn: 0 per day
"""


def on_edges(app: Doors, web: Doors, _visit: Doors) -> Setting:
    core = Member(
        Weibull(20 * DAY, 0.7), per_day(0.1), 15 * DAY, churn=per_day(0.004), again=1.5, on_reopening=0.2,
        outage_fades=10 * DAY, app_decay=per_day(0.01),
    )  # fmt: skip
    casual = Member(Constant(8 * DAY), per_day(0.1), None, churn=per_day(0.004))
    rare = Member(Mixture(((0.5, Constant(3 * DAY)), (0.5, Constant(12 * DAY)))), per_day(0.1), None)
    segments = {
        "core": Segment(100, core, app),
        "casual": Segment(100, casual, app),
        "rare": Segment(50, rare, web),
    }
    promises = (
        Announcement(15 * DAY, 5 * DAY, 0.5, 2.0, of="core"),
        Announcement(25 * DAY, 30 * DAY, 0.3, of="core"),
    )
    rivals = {"near": Rival(per_day(0.02), opens_at=15 * DAY)}
    return Setting(
        segments, rivals, announcements=promises, cliffs=(Cliff(10 * DAY, 0.3), Cliff(40 * DAY, 0.5))
    )


ON_EDGES = """
  joins: 0 per day
  rivals: {near: {pull: 2 % per day}}
  segments:
    core:
      share: 40 %
      join_by: install
      patience: {law: weibull, shape: 0.7, scale: 20 d}
      returns: {rate: 0.1 per day, fades_over: 15 d, on_reopening: 20 %, outage_fades: 10 d}
      churn: 0.004 per day
      again: 1.5
      app_decay: 0.01 per day
    casual:
      {share: 40 %, join_by: install, patience: 8 d, returns: {rate: 0.1 per day}, churn: 0.004 per day}
    rare:
      {share: 20 %, patience: {values: [3 d, 12 d]}, returns: {rate: 0.1 per day}, churn: 0 per day}
"""
EDGE_EVENTS = """
  {announce: core, at: 2025-01-16T00:00Z, back_within: 5 d, holds: 0.5, missed: 2},
  {announce: core, at: 2025-01-26T00:00Z, back_within: 30 d, holds: 0.3},
  {open: near, at: 2025-01-16T00:00Z},
  {require: users, at: 2025-01-11T00:00Z, affects: 30 %},
  {require: users, at: 2025-02-10T00:00Z, affects: 50 %}
"""
