"""What befalls suppliers by itself, made up by hypothesis on top of a whole supply side."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.properties.supplies import HORIZON, ROLES, Parts, hours, laws, lengths, supplies


@st.composite
def natures(draw: st.DrawFn) -> Parts:
    """Every supplier with some of: failures, what it stands on, leaving; and groups of them.

    Who is later in the list may be stood on by who is earlier, so that there is no circle.
    """
    suppliers: Parts = {}
    for place, role in enumerate(ROLES):
        own: Parts = {"kind": "supplier", "holds_data": draw(st.booleans())}
        above = ROLES[place + 1 :]
        if draw(st.booleans()) and above:
            names = draw(st.lists(st.sampled_from(above), min_size=1, max_size=3, unique=True))
            own["needs"] = [{"any": names}] if draw(st.booleans()) else names
        if draw(st.booleans()):
            own["fails"] = {"every": draw(laws()), "lasts": draw(laws())}
        if draw(st.booleans()):
            own["leaves"] = {
                "hazard": f"{draw(st.sampled_from([1, 3]))} % per day",
                "contagion": f"{draw(st.sampled_from([0, 10]))} % per day",
                "since": hours(3 * draw(st.integers(0, 100))),
                "notice": draw(lengths(20)),
            }
        if draw(st.booleans()):
            own["leaves_again"] = "2 % per day"
        suppliers[role] = own
    groups: Parts = {}
    if draw(st.booleans()):
        members = draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=4, unique=True))
        groups["region"] = {"members": members}
        if draw(st.booleans()):
            groups["region"]["fails"] = {"every": draw(laws()), "lasts": draw(laws())}
    if draw(st.booleans()):
        alike = {"every": {"mean": hours(3 * draw(st.integers(10, 60)))}, "lasts": draw(laws())}
        for role in ROLES[:2]:
            suppliers[role]["fails"] = alike
        share = draw(st.sampled_from([0, 30, 100]))
        groups["alike"] = {"members": [*ROLES[:2]], "common": f"{share} %"}
    return {"suppliers": suppliers, "groups": groups}


@st.composite
def further_events(draw: st.DrawFn, groups: list[str]) -> list[Parts]:
    """Degradations, accounts closed for good, and events of groups."""
    found: list[Parts] = []
    for _ in range(draw(st.integers(0, 4))):
        who = draw(st.sampled_from([*ROLES, *groups]))
        verb = draw(st.sampled_from(["degrade", "degrade", "terminate", "suspend", "outage", "restore"]))
        event: Parts = {verb: who, "at": hours(3 * draw(st.integers(0, HORIZON // 3 - 1)))}
        if verb == "degrade":
            event["to"] = f"{draw(st.sampled_from([20, 50, 90]))} %"
            if draw(st.booleans()):
                event["lasts"] = draw(laws())
        if verb == "outage":
            event["lasts"] = draw(laws())
        if verb in {"terminate", "suspend"}:
            event["grace"] = draw(lengths(20))
        found.append(event)
    return found


@st.composite
def lively_supplies(draw: st.DrawFn) -> Parts:
    """A whole supply side whose suppliers have natures of their own."""
    parts: Parts = draw(supplies())
    parts |= draw(natures())
    more: list[Any] = draw(further_events([*parts["groups"]]))
    parts["events"] = [*parts["events"], *more]
    return parts
