"""Supply sides that hypothesis makes up, with all that the operator and its candidates can do."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.properties.supplies import ROLES, Parts, hours, laws, supplies

_HAZARDS = st.sampled_from(["0 per day", "20 % per day", "60 % per day"])


@st.composite
def candidates(draw: st.DrawFn, tasks: list[str]) -> Parts:
    """One candidate with whatever a candidate may have."""
    found: Parts = {"acceptance": f"{draw(st.sampled_from([0, 50, 100]))} %", "reply": draw(laws())}
    if draw(st.booleans()):
        found["lead"] = draw(laws())
    if draw(st.booleans()):
        found["capacity"] = f"{draw(st.sampled_from([25, 50, 100]))} %"
    if draw(st.booleans()):
        found["withdraws"] = draw(_HAZARDS)
    if draw(st.booleans()):
        found["drops"] = draw(_HAZARDS)
    skips = draw(st.sampled_from(["none", "some", "everything"]))
    if skips == "everything":
        found["skips"] = skips
    elif skips == "some":
        found["skips"] = draw(st.lists(st.sampled_from(tasks), unique=True, max_size=2))
    return found


@st.composite
def searches(draw: st.DrawFn, plain: Parts, tasks: list[str]) -> Parts:
    """A search with tiers, batches and candidates that change their minds."""
    some = candidates(tasks)
    found = {
        **plain,
        "standby": draw(st.lists(some, max_size=2)),
        "fallback": draw(st.lists(some, max_size=1)),
        "publicity": f"{draw(st.sampled_from([0, 0, 20]))} %",
        "withdraws": draw(_HAZARDS),
        "drops": draw(st.sampled_from(["0 per day", "5 % per day"])),
    }
    if draw(st.booleans()):
        found["candidates"] = draw(st.lists(some, max_size=3))
    if found["at_once"] > 1:
        found["batches"] = draw(st.booleans())
    return found


@st.composite
def appeals(draw: st.DrawFn, known: list[str]) -> Parts:
    """An appeal, perhaps after work of any role."""
    found: Parts = {
        "review": draw(laws()),
        "granted": f"{draw(st.sampled_from([0, 40, 100]))} %",
        "after": draw(st.lists(st.sampled_from(["notice", "outage", *known]), unique=True, max_size=2)),
        "at_most": draw(st.integers(1, 3)),
    }
    if found["at_most"] > 1:
        found["again_after"] = draw(laws())
    return found


def _stretch(replacement: Parts, role: str, engineers: int) -> None:
    """Long work beside the search and long work after it, so that there is something to spare and to undo."""
    tasks = {"early": {"takes": hours(240), "after": [], "engineers": engineers, "cost": 10}}
    tasks["late"] = {"takes": hours(48), "after": [f"{role}_found"], "engineers": engineers, "cost": 10}
    replacement["tasks"] = {**tasks, **replacement["tasks"]}
    if replacement.get("restores"):
        replacement["restores"] = {name: ["late"] for name in replacement["restores"]}


@st.composite
def operators(draw: st.DrawFn) -> Parts:
    """A supply side whose operator does everything there is to do."""
    parts = draw(supplies())
    response = parts["response"]
    for role, replacement in response["replace"].items():
        if "search" in replacement:
            _stretch(replacement, role, draw(st.sampled_from([0, 1, 2])))
        names = list(replacement["tasks"])
        for task in replacement["tasks"].values():
            task["rework"] = f"{draw(st.sampled_from([0, 0, 40]))} %"
            task["always"] = draw(st.sampled_from([False, False, True]))
            if draw(st.booleans()):
                task["exports"] = "host"
        if "search" in replacement:
            always = {name for name in names if replacement["tasks"][name]["always"]}
            replacement["search"] = draw(searches(replacement["search"], names))
            for tier in ("standby", "candidates", "fallback"):
                listed = replacement["search"][tier]
                for one in listed if isinstance(listed, list) else []:
                    if isinstance(one.get("skips"), list):
                        one["skips"] = [name for name in one["skips"] if name not in always]
        if draw(st.booleans()):
            replacement["prepared"] = "50 %"
    known = [f"{role}.{name}" for role, made in response["replace"].items() for name in made["tasks"]]
    for role in draw(st.lists(st.sampled_from(ROLES), unique=True, max_size=2)):
        response.setdefault("appeal", {})[role] = draw(appeals(known))
    response["starts"] = draw(st.sampled_from(["notice", "notice", "outage"]))
    if draw(st.booleans()):
        response["runway"] = draw(st.sampled_from([hours(90), hours(300), {"mean": hours(300)}]))
    for event in parts["events"]:
        if "suspend" in event and draw(st.sampled_from([False, False, True])):
            event["grace"] = hours(24)
    return parts
