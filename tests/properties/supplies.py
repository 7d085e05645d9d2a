"""Supply sides that hypothesis makes up: suppliers, gates, events and responses of every kind there is.

A supply side is a mapping as a scenario file has it; lengths of time are whole hours, multiples of 3, so that
it can be written in hours or in days.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Parts = dict[str, Any]

ROLES = ("host", "edge", "store", "sms")
HORIZON = 1200


def hours(n: int) -> dict[str, int]:
    """A length of time; written by `in_unit`."""
    return {"__hours__": n}


def in_unit(value: Any, unit: str) -> Any:
    """The same parts with every length of time in hours or in days."""
    if isinstance(value, dict):
        if set(value) == {"__hours__"}:
            n = value["__hours__"]
            return f"{n} h" if unit == "h" else f"{n / 24!r} d"
        return {key: in_unit(item, unit) for key, item in value.items()}
    if isinstance(value, list):
        return [in_unit(item, unit) for item in value]
    return value


def lengths(most: int = 60) -> st.SearchStrategy[Any]:
    return st.integers(0, most).map(lambda n: hours(3 * n))


@st.composite
def laws(draw: st.DrawFn) -> Any:
    """A length of time, constant or random. Ties are wanted, so constants come often and are few."""
    low = 3 * draw(st.integers(1, 30))
    more = 3 * draw(st.integers(1, 40))
    return draw(st.sampled_from([
        hours(24), hours(48), hours(low), {"mean": hours(low)},
        {"low": hours(low), "high": hours(low + more)},
        {"values": [hours(low), hours(low + more)]},
    ]))  # fmt: skip


@st.composite
def gates(draw: st.DrawFn, names: list[str]) -> Parts:
    """What a capability needs, from suppliers and from capabilities that come before it."""
    some = draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True))
    kind = draw(st.sampled_from(["all", "any", "at_least", "nested", "both"]))
    if kind == "any":
        return {"needs_any": some}
    if kind == "at_least":
        return {"needs": {"at_least": draw(st.integers(1, len(some))), "of": some}}
    if kind == "nested" and len(some) > 2:
        return {"needs": [some[0], {"any": some[1:]}]}
    if kind == "both" and len(some) > 1:
        return {"needs": some[:1], "needs_any": some[1:]}
    return {"needs": some}


@st.composite
def capabilities(draw: st.DrawFn) -> Parts:
    """Three to five, the later ones may need the earlier; together they need every supplier."""
    found: Parts = {"use": {"needs": [*draw(st.permutations(ROLES))[:2]]}}
    for name in ("read", "post", "install")[: draw(st.integers(1, 3))]:
        found[name] = draw(gates([*ROLES, *found]))
    found["everything"] = {"needs_any": list(ROLES)}
    return found


@st.composite
def events(draw: st.DrawFn) -> list[Parts]:
    found: list[Parts] = []
    for _ in range(draw(st.integers(1, 6))):
        verb = draw(st.sampled_from(["suspend", "suspend", "delist", "outage", "outage", "restore"]))
        at = 3 * draw(st.integers(0, HORIZON // 3 - 1))
        event: Parts = {verb: draw(st.sampled_from(ROLES)), "at": hours(at)}
        if verb == "outage":
            event["lasts"] = draw(laws())
        if verb != "restore" and draw(st.booleans()):
            event["notice"] = hours(min(at, draw(st.sampled_from([24, 48, 96, 300]))))
        found.append(event)
    return found


@st.composite
def responses(draw: st.DrawFn, *, pooled: bool | None = None) -> Parts:
    """Responses for some roles; the store's may wait for the host's."""
    replaced = draw(st.lists(st.sampled_from(ROLES), unique=True, max_size=4))
    found: Parts = {"detection": draw(laws()), "replace": {}}
    if draw(st.booleans()) if pooled is None else pooled:
        found["engineers"] = draw(st.integers(2, 4))
    for role in replaced:
        found["replace"][role] = draw(replacements(role, "host" in replaced))
    return found


@st.composite
def replacements(draw: st.DrawFn, role: str, host: bool) -> Parts:
    search = draw(st.booleans())
    names = ["first", "second", "third", "fourth"][: draw(st.integers(1, 4))]
    tasks: Parts = {}
    for name in names:
        before = [*tasks, "notice", "outage", *([f"{role}_found"] if search else [])]
        if role == "store" and host:
            before.append("host.first")
        after = draw(st.lists(st.sampled_from(before), unique=True, max_size=2))
        tasks[name] = {
            "takes": draw(laws()),
            "engineers": draw(st.integers(0, 2)),
            "after": after,
            "cost": 10,
        }
    found: Parts = {"tasks": tasks, "if_supplier_returns": draw(st.sampled_from(["abandon", "continue"]))}
    if search:
        if not any(f"{role}_found" in task["after"] for task in tasks.values()):
            tasks[names[-1]]["after"].append(f"{role}_found")
        found["search"] = {
            "candidates": draw(st.integers(0, 5)),
            "acceptance": draw(st.sampled_from(["40 %", {"mean": "40 %", "correlation": 0.3}])),
            "reply": draw(laws()),
            "at_once": draw(st.integers(1, 3)),
        }
    if draw(st.booleans()):
        found["cut_over"] = {"ttl": hours(3 * draw(st.integers(1, 40)))}
    if draw(st.booleans()):
        found["ramp_up"] = {
            "first": f"{draw(st.sampled_from([0, 25, 100]))} %",
            "takes": hours(3 * draw(st.integers(1, 90))),
        }
    return found


@st.composite
def supplies(draw: st.DrawFn) -> Parts:
    """A whole supply side, with stages where a capability needs a replaced role directly."""
    able = draw(capabilities())
    response = draw(responses())
    for role, replacement in response["replace"].items():
        direct = [name for name, needs in able.items() if role in _named(needs)]
        if direct and draw(st.sampled_from([True, False])):
            names: list[str] = list(replacement["tasks"])
            some = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=2))
            replacement["restores"] = {draw(st.sampled_from(direct)): some}
    return {
        "capabilities": able,
        "events": draw(events()),
        "response": response,
        "seed": draw(st.integers(0, 999)),
    }


def _named(needs: Any) -> set[str]:
    if isinstance(needs, str):
        return {needs}
    if isinstance(needs, dict):
        return {name for item in needs.values() for name in _named(item)}
    return {name for item in needs for name in _named(item)} if isinstance(needs, list) else set()
