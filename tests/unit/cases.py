"""Tables made by hand, of the shapes that the views read: no model runs here.

`parler_like()` is a case with everything in it; `changed` replaces fields of one.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import numpy as np

from sim.scenario import Scenario, load_text
from sim.supply.timeline import Cause, Happening, Level, Record, Timeline
from sim.views.case import Case, Check, Fan, Input, Layer, Line, Observed, Provenance, Run, Share
from sim.views.labels import place

DAY = 24.0
HORIZON = 270 * DAY
START = datetime(2021, 1, 1, tzinfo=UTC)


TEXT = """
name: parler_2021
title: "A host suspends a social network"
about: Everything in it is made up by hand.
seed: 2021
clock: {start: 2021-01-01T00:00Z, horizon: 270 d}
suppliers:
  host: {kind: cloud host, name: Amazon Web Services, holds_data: true}
  android: {kind: app store, name: Google Play, label: Google Play}
  ios: {kind: app store, name: Apple App Store, label: App Store}
  identity: {kind: identity service, name: Okta}
  sms: {kind: text messages, name: Twilio, label: Text messages}
  edge: {kind: edge network, label: Edge network}
capabilities:
  static_page: {label: See a page, needs_any: [host, edge]}
  read: {label: Read, needs: [host]}
  sign_in: {label: Sign in, needs: [read, identity]}
  post: {label: Post, needs: [sign_in]}
  sign_up: {label: Sign up, needs: [sign_in, sms]}
  install_android: {label: Install on Android, needs: [android, sign_up]}
  install_ios: {label: Install on iPhone, needs: [ios, sign_up]}
headline: sign_in
users: {start: 2300000, unit: daily active users, served_by: sign_in}
events:
  - {surge: users, at: 7 d, times: 4, fades_over: 10 d, label: Other networks close accounts}
  - {delist: android, at: 8 d}
  - {delist: ios, at: 217 h, notice: 24 h}
  - {suspend: identity, at: 228 h}
  - {suspend: sms, at: 228 h}
  - {suspend: host, at: 248 h, notice: 30 h}
  - {restore: ios, at: 136 d}
response:
  engineers: 12
  replace:
    host:
      search: {candidates: 8}
      tasks:
        preserve: {label: Copy the data out, after: [notice], takes: 1 d}
        static_page: {after: [outage], takes: 5 d}
        set_up: {after: [host_found], takes: 60 h}
        restore: {after: [set_up], data: 50 TB, bandwidth: 1 Gbit/s}
        adapt: {label: Adapt the software, after: [set_up], takes: 5 d}
    identity: {tasks: {own: {takes: 6 h}}}
targets: {rto: 7 d, users_lost: 20 %}
unknowns:
  response.replace.host.search.acceptance.mean: {low: 5 %, likely: 20 %, high: 50 %}
"""


def scenario() -> Scenario:
    return load_text(TEXT).scenario()


def _downtime(rng: np.random.Generator, runs: int) -> tuple[np.ndarray, np.ndarray]:
    wanted = rng.lognormal(np.log(19 * DAY), 0.75, runs)
    limit = HORIZON - (10 * DAY + 8)
    dead = rng.random(runs) < 0.03
    return np.where(dead, limit, np.minimum(wanted, limit)), ~dead & (wanted < limit)


def _fan(rng: np.random.Generator, down: np.ndarray) -> tuple[Fan, np.ndarray]:
    t = np.arange(0, HORIZON + 1, DAY)
    without = 2.3e6 * (1 + 0.12 * (1 - np.exp(-np.clip(t - 7 * DAY, 0, None) / 100)) - 0.0006 * t / DAY)
    fall = 10 * DAY + 8
    share = np.clip(0.75 * np.exp(-down / (60 * DAY)) * rng.uniform(0.7, 1.2, down.size), 0.02, 0.9)
    up = t[None, :] > fall + down[:, None]
    after = share[:, None] * (1 + 0.4 * (1 - np.exp(-(t[None, :] - fall - down[:, None]) / 1500)))
    runs = np.where(t < fall, without, np.where(up, without * np.clip(after, 0, 1), 0.0))
    q = np.quantile(runs, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    return Fan(t, runs.mean(0), q[0], q[1], q[2], q[3], q[4], without), runs


def steps(*points: tuple[float, float]) -> Level:
    return Level(tuple(p[0] for p in points), tuple(p[1] for p in points), (0.0,) * len(points), HORIZON)


def timeline(back: float) -> Timeline:
    fall = 10 * DAY + 8
    found = fall + 0.45 * (back - fall)
    notice = fall - 30
    made = (
        ("host", "search", "search", notice, found, ()),
        ("host", "preserve", "task", notice, fall - 6, ()),
        ("host", "static_page", "task", fall, fall + 136, ()),
        ("host", "set_up", "task", found, found + 60, (0,)),
        ("host", "restore", "task", found + 60, found + 160, (3,)),
        ("host", "adapt", "wait", found + 60, found + 84, (3,)),
        ("host", "adapt", "task", found + 84, back - 1, (5,)),
        ("host", "cut_over", "cut_over", back - 1, back, (6,)),
        ("android", "android", "supplier", 8 * DAY, float("inf"), ()),
    )
    records = tuple(Record(i, *one, one[1]) for i, one in enumerate(made))
    ups = steps((0.0, 1.0), (fall, 0.0), (back, 1.0))
    told = [
        (8 * DAY, "android", "delisted", "delist_android"),
        (8 * DAY + 1, "ios", "announced", "delist_ios"),
        (notice, "host", "announced", "suspend_host"),
        (notice, "host.preserve", "started", "notice"),
        (notice, "host.candidate.1", "asked", "host"),
        (9 * DAY + 1, "ios", "delisted", "delist_ios"),
        (9 * DAY + 12, "identity", "suspended", "suspend_identity"),
        (9 * DAY + 12, "sms", "suspended", "suspend_sms"),
        (9 * DAY + 14, "identity", "detected", "identity"),
        (9 * DAY + 20, "identity", "replaced", "identity"),
        (fall - 6, "host.preserve", "finished", "host.preserve"),
        (fall, "host", "suspended", "suspend_host"),
        (fall, "host.static_page", "started", "outage"),
        (fall + 20, "host.candidate.1", "refused", "host"),
        (fall + 20, "host.candidate.2", "asked", "host"),
        (fall + 60, "host.candidate.2", "refused", "host"),
        (found, "host.candidate.3", "accepted", "host"),
        (found, "host.set_up", "started", "host_found"),
        (found + 60, "host.set_up", "finished", ""),
        (found + 60, "host.restore", "started", ""),
        (found + 60, "host.adapt", "waits for engineers", ""),
        (found + 84, "host.adapt", "started", ""),
        (found + 160, "host.restore", "finished", ""),
        (back - 1, "host.adapt", "finished", ""),
        (back, "host", "replaced", "host"),
        (136 * DAY, "ios", "restored", "restore_ios"),
    ]
    return Timeline(
        horizon=HORIZON,
        levels={
            "static_page": steps((0.0, 1.0)),
            "read": ups,
            "sign_in": steps(
                (0.0, 1.0),
                (9 * DAY + 12, 0.0),
                (9 * DAY + 20, 1.0),
                (fall, 0.0),
                (back, 0.5),
                (back + 40, 1.0),
            ),
            "post": ups,
            "sign_up": steps((0.0, 1.0), (9 * DAY + 12, 0.0), (back + 168, 1.0)),
            "install_android": steps((0.0, 1.0), (8 * DAY, 0.0)),
            "install_ios": steps((0.0, 1.0), (9 * DAY + 1, 0.0), (136 * DAY, 1.0)),
        },
        records=records,
        happenings=tuple(Happening(*one) for one in sorted(told, key=lambda one: one[0])),
        causes=(Cause("sign_in", 1, "host.search", "search", 200.0, False),),
        contacted=7,
        refused=6,
        withdrew=0,
        spent=0.0,
        event_count=42,
        data_loss_window=0.0,
        data_lost="none",
        suppliers={
            "host": ((0.0, "up"), (notice, "notice"), (fall, "suspended"), (back, "replaced")),
            "android": ((0.0, "up"), (8 * DAY, "suspended")),
            "ios": ((0.0, "up"), (8 * DAY + 1, "notice"), (9 * DAY + 1, "suspended"), (136 * DAY, "up")),
            "identity": ((0.0, "up"), (9 * DAY + 12, "suspended"), (9 * DAY + 20, "replaced")),
            "sms": ((0.0, "up"), (9 * DAY + 12, "suspended"), (30 * DAY, "replaced")),
            "edge": ((0.0, "up"),),
        },
    )


def run_of(times: np.ndarray, active: np.ndarray, without: np.ndarray, back: float) -> Run:
    fall = 10 * DAY + 8
    waiting = np.where((times > fall) & (times < back), without * np.exp(-(times - fall) / 900), 0.0)
    away = np.clip(without - active - waiting, 0, None)
    return Run(
        412,
        timeline(back),
        times,
        active,
        waiting,
        0.8 * away,
        0.2 * away,
        without,
        0.02 * without,
        {
            "downtime": back - fall,
            "time_to_recover": back - fall,
            "recovered": 1.0,
            "user_hours_lost": 3.1e9,
            "time_to_recover_users": HORIZON - fall,
            "recovered_users": 0.0,
            "users_lost": 1.1e6,
            "users_start": 2.3e6,
            "users_end": 1.2e6,
            "users_end_counterfactual": 2.3e6,
        },
    )


def _lines(out: dict[str, np.ndarray], done: np.ndarray) -> tuple[Line, ...]:
    lines = []
    for name, unit, kind, cut in (
        ("downtime", "h", "time", ~done),
        ("time_to_recover", "h", "time", ~done),
        ("availability", "", "share", None),
        ("users_lost", "users", "count", None),
        ("user_hours_lost", "user hours", "count", None),
        ("cost", "USD", "money", None),
    ):
        v = out[name]
        unfinished = float(cut.mean()) if cut is not None else float("nan")
        shown = np.where(cut, np.inf, v) if cut is not None else v
        q = np.quantile(shown, [0.05, 0.5, 0.95], method="inverted_cdf")
        mean = float("nan") if unfinished > 0 else float(v.mean())
        lines.append(
            Line(
                name,
                unit,
                kind,
                name,
                q[1],
                q[0],
                q[2],
                mean,
                1.96 * float(v.std()) / np.sqrt(v.size),
                unfinished,
            )
        )
    return tuple(lines)


def parler_like(runs: int = 1000) -> Case:
    rng = np.random.default_rng(5)
    down, done = _downtime(rng, runs)
    fan, active = _fan(rng, down)
    lost = fan.counterfactual[-1] - active[:, -1]
    out = {
        "downtime": down,
        "time_to_recover": down,
        "recovered": done.astype(float),
        "availability": 1 - down / HORIZON,
        "users_lost": lost,
        "users_not_joined": 0.2 * lost,
        "users_waiting_end": 0.01 * lost,
        "users_not_returned": 0.79 * lost,
        "users_end": active[:, -1],
        "users_end_counterfactual": np.full(runs, fan.counterfactual[-1]),
        "users_start": np.full(runs, 2.3e6),
        "user_hours_lost": (fan.counterfactual - active).sum(1) * DAY,
        "cost": lost * 2.1,
        "recovered_users": np.zeros(runs),
    }
    middle = int(np.argsort(down)[runs // 2])
    back = 10 * DAY + 8 + float(down[middle])
    mean = float(down.mean())
    shares = tuple(
        Share(cause, kind, label, part * mean, runs, f"in {label}")
        for cause, kind, label, part, runs in (
            ("host.search", "search", "search for a new host", 0.43, 1.0),
            ("host.adapt", "task", "adapt the software", 0.27, 0.9),
            ("host.set_up", "task", "set up the new host", 0.12, 0.95),
            ("host.restore", "task", "move the data", 0.08, 0.3),
            ("host.adapt", "wait", "waiting for engineers: adapt the software", 0.05, 0.2),
            ("identity", "supplier", "waiting for the identity itself", 0.02, 1.0),
            ("no host left", "none_left", "no host left", 0.03, 0.03),
        )
    )
    return Case(
        scenario=scenario(),
        provenance=Provenance("parler_2021", "a1b2c3d4e5", 2021, "0.1.0", runs),
        label="As it was",
        uncertain=True,
        outcomes=out,
        censored={"downtime": ~done, "time_to_recover": ~done},
        active=fan,
        layers=layers(fan, elsewhere=0.8, gone=0.2),
        shares=shares,
        typical=run_of(fan.times, active[middle], fan.counterfactual, back),
        lines=_lines(out, done),
        observed=(
            Observed("sign-in back", 850.0, 847.0, 855.0, "h", "time", "NYT, NPR", down, ~done, "downtime"),
            Observed(
                "half a year later, of October's base",
                0.40,
                0.38,
                0.43,
                "",
                "share",
                "Comscore",
                active[:, 200] / 5e5,
                np.zeros(runs, bool),
                at=200 * DAY,
                of=5e5,
                of_label="monthly visitors of October 2020",
            ),
        ),
        checks=(Check("Sign in again within 7 days", runs, runs // 9, 0, 0.09, 0.13),),
        removed=("Sat 9 Jan 2021 00:00 UTC: Google Play delists the app",),
        evidence=(
            Input("users.start", "2.3 million", "file", False, "Apptopia"),
            Input("users.churn", "10 % per month", "default", True, "judgement"),
        ),
    )


def layers(fan: Fan, **shares: float) -> tuple[Layer, ...]:
    """Those who are not active, by place: shares of them, in the order given; the first 20 days they wait."""
    missing = np.maximum(fan.counterfactual.max() - fan.mean, 0.0)
    waits = np.where((fan.times > 248) & (fan.times < 30 * DAY), 0.8, 0.02)
    none = np.zeros_like(missing)
    parts = {"waiting": waits * missing}
    left = missing - parts["waiting"]
    parts |= {name: share * left / sum(shares.values()) for name, share in shares.items()}
    found = [Layer("active", "active", fan.mean, fan.counterfactual)]
    return (*found, *(Layer(name, place(scenario(), name), part, none) for name, part in parts.items()))


def crowded(runs: int = 1000) -> Case:
    """The case with two rivals, a queue at the door, an announcement and a version that is required."""
    more = """
  rivals: {gab: {label: Gab, pull: 1 % per day}, mewe: {label: MeWe, pull: 0.5 % per day}}
  reopening: {admits: 20000 per hour, retries: 0.5}
events:
  - {announce: users, at: 11 d, back_within: 7 d, holds: 0.5, missed: 1.5}
  - {open: mewe, at: 12 d}
  - {require: users, at: 20 d, affects: 60 %}
"""
    one = parler_like(runs)
    text = TEXT.replace(
        "users: {start: 2300000, unit: daily active users, served_by: sign_in}\nevents:",
        "users:\n  start: 2300000\n  unit: daily active users\n  served_by: sign_in\n"
        "  join_by: install_ios" + more.rstrip("\n"),
    )
    told = load_text(text).scenario()
    found = layers(one.active, elsewhere=0.3, gab=0.35, mewe=0.2, gone=0.15)
    waiting = found[1]
    queue = np.where(np.abs(one.active.times - 31 * DAY) < 3 * DAY, 0.4, 0.0) * waiting.mean
    door = Layer("door", "at the door", queue, np.zeros_like(queue))
    waits = dataclasses.replace(waiting, mean=waiting.mean - queue)
    left = one.outcomes["users_not_returned"]
    places = {
        "users_at.gab": 0.5 * left,
        "users_at.mewe": 0.3 * left,
        "left_for.gab": 0.9 * left,
        "left_for.mewe": 0.4 * left,
        "users_at_door_peak": np.linspace(2e5, 9e5, runs),
        "door_hours": np.linspace(1e6, 9e6, runs),
    }
    shown = tuple(
        dataclasses.replace(layer, label=place(told, layer.name))
        for layer in (found[0], door, waits, *found[2:])
    )
    return changed(one, scenario=told, layers=shown, outcomes={**one.outcomes, **places})


def changed(case: Case, **fields: Any) -> Case:
    return dataclasses.replace(case, **fields)
