"""From a scenario's names to the numbers of a `Timetable`.

In: a scenario. Out: its timetable, made once a block: that takes a hundredth of the time of its replications.
"""

from __future__ import annotations

from sim.scenario.gates import leaves
from sim.scenario.model import Replacement, Scenario, Supplier
from sim.supply.columns import answers, candidate_names, duration, event_columns, number, quantile
from sim.supply.logic import Logic
from sim.supply.plan import EventPlan, Job, ResponsePlan, RolePlan, SearchPlan, TaskPlan, Timetable, View
from sim.supply.quantities import Column
from sim.supply.timeline import none_left

_BEFORE_TASKS = 3
"""Places in the order of a response before its tasks: detection, search, and nobody left."""


def compile_supply(scenario: Scenario) -> Timetable:
    """Everything that the replications of a scenario follow."""
    views, seen = _views(scenario)
    order = len(scenario.suppliers)
    responses: dict[str, ResponsePlan] = {}
    for role in scenario.response.replace:
        responses[role] = _response(scenario, role, views[role], order)
        order += _BEFORE_TASKS + 2 * len(responses[role].tasks) + len(views[role])
    roles = {
        role: RolePlan(
            role,
            _absence(role, supplier, i),
            supplier.holds_data,
            tuple(view.number for view in views[role] if view.used),
            responses.get(role),
        )
        for i, (role, supplier) in enumerate(scenario.suppliers.items())
    }
    events = [event for event in scenario.events if event.of in scenario.suppliers]  # a surge concerns people
    columns: list[Column] = [column for event in events for column in event_columns(scenario, event)]
    columns.append(
        0.0 if scenario.backups is None else number(scenario, "backups.every", scenario.backups.every)
    )
    return Timetable(
        horizon=scenario.clock.horizon,
        engineers=scenario.response.engineers,
        events=tuple(EventPlan(event.id, event.verb, event.of) for event in events),
        columns=tuple(columns),
        roles=roles,
        logic=Logic({capability: scenario.gate(capability) for capability in scenario.capabilities}, seen),
    )


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _absence(role: str, supplier: Supplier, order: int) -> Job:
    label = supplier.label or supplier.name or _spoken(role)
    return Job("supplier", role, role, label, order, role, "supplier")


def _views(scenario: Scenario) -> tuple[dict[str, tuple[View, ...]], dict[str, dict[str, int]]]:
    """The ways each role is seen, one for each stage that its response restores and the rest last.

    Also, for each capability and role that its gate names, the number of the view that it has of it.
    """
    made: dict[str, tuple[View, ...]] = {}
    seen: dict[str, dict[str, int]] = {capability: {} for capability in scenario.capabilities}
    named = {capability: set(leaves(scenario.gate(capability))) for capability in scenario.capabilities}
    number = 0
    for role in scenario.suppliers:
        stages, whole = _stages(scenario.response.replace.get(role))
        for capability in scenario.capabilities:
            if role in named[capability]:
                at = [number + i for i, who in enumerate(stages.values()) if capability in who]
                seen[capability][role] = at[0] if at else number + len(stages)
        used = {views[role] for views in seen.values() if role in views}
        ways = [*stages, whole]
        made[role] = tuple(View(number + i, needs, number + i in used) for i, needs in enumerate(ways))
        number += len(ways)
    return made, seen


def _stages(replacement: Replacement | None) -> tuple[dict[tuple[int, ...], list[str]], tuple[int, ...]]:
    """Items of a response to the capabilities that they restore, and all its items."""
    if replacement is None:
        return {}, ()
    places = {name: i for i, name in enumerate(replacement.tasks)}
    stages: dict[tuple[int, ...], list[str]] = {}
    for capability, names in replacement.restores.items():
        stages.setdefault(tuple(sorted(places[name] for name in names)), []).append(capability)
    return stages, tuple(range(len(places) + (replacement.search is not None)))


def _response(scenario: Scenario, role: str, views: tuple[View, ...], order: int) -> ResponsePlan:
    replacement = scenario.response.replace[role]
    tasks = tuple(_tasks(scenario, role, order + _BEFORE_TASKS))
    consumers = [task.needs for task in tasks] + [view.needs for view in views]
    dependents: list[list[int]] = [[] for _ in range(len(tasks) + 2)]
    for consumer, needs in enumerate(consumers):
        for item in needs:
            dependents[item].append(consumer)
    columns = _columns(scenario, role, replacement)
    after_tasks = order + _BEFORE_TASKS + 2 * len(tasks)
    return ResponsePlan(
        role=role,
        tasks=tasks,
        views=views,
        search=_search(role, replacement, order + 1, len(columns)),
        dependents=tuple(map(tuple, dependents)),
        missing=tuple(map(len, consumers)),
        free=tuple(consumer for consumer, needs in enumerate(consumers) if not needs),
        heard=_heard(scenario, role),
        found=len(tasks),
        outage=len(tasks) + 1,
        columns=(*columns, *answers(scenario, role)),
        costs=len(tasks),
        times=2 * len(tasks),
        detecting=Job("detection", role, "detection", "detection", order, f"{role}.detection", "wait"),
        cutting_over=tuple(
            Job("cut_over", role, "cut_over", "cut-over", after_tasks + i, f"{role}.cut_over", "wait")
            for i in range(len(views))
        ),
        slow=replacement.cut_over is not None or replacement.ramp_up is not None,
        goes_on=replacement.if_supplier_returns == "continue",
    )


def _columns(scenario: Scenario, role: str, replacement: Replacement) -> list[Column]:
    """The random quantities of a response but for the candidates' answers."""
    path = f"response.replace.{role}"
    hours = [
        duration(scenario, f"{path}.tasks.{name}", f"{role}.{name}", t)
        for name, t in replacement.tasks.items()
    ]
    costs = [
        number(scenario, f"{path}.tasks.{name}.cost", task.cost) for name, task in replacement.tasks.items()
    ]
    detection = quantile(scenario, "response.detection", scenario.response.detection, f"{role} / detection")
    ttl: Column = 0.0
    first: Column = 1.0
    takes: Column = 0.0
    if (cut_over := replacement.cut_over) is not None:
        ttl = quantile(scenario, f"{path}.cut_over.ttl", cut_over.ttl, f"{role}.cut_over / ttl")
    if (ramp_up := replacement.ramp_up) is not None:
        first = number(scenario, f"{path}.ramp_up.first", ramp_up.first)
        takes = quantile(scenario, f"{path}.ramp_up.takes", ramp_up.takes, f"{role}.ramp_up / takes")
    return [*hours, *costs, detection, ttl, first, takes]


def _tasks(scenario: Scenario, role: str, order: int) -> list[TaskPlan]:
    places = _items(scenario, role)
    pooled = scenario.response.engineers is not None
    made = []
    for i, (name, task) in enumerate(scenario.response.replace[role].tasks.items()):
        own: set[int] = set()
        foreign: set[tuple[str, int]] = set()
        for wanted in task.after:
            if wanted in places:
                own.add(places[wanted])
            elif wanted != "notice":  # the response starts with the notice, or what stands for it
                foreign.add(_foreign(scenario, wanted))
        entity, label = f"{role}.{name}", task.label or _spoken(name)
        made.append(
            TaskPlan(
                work=Job("task", role, name, label, order + 2 * i + 1, entity, "task"),
                wait=Job("wait", role, name, label, order + 2 * i, entity, "wait"),
                entity=entity,
                engineers=task.engineers if pooled else 0,
                needs=tuple(sorted(own)),
                foreign=tuple(sorted(foreign)),
            )
        )
    return made


def _items(scenario: Scenario, role: str) -> dict[str, int]:
    """What a task of this role may wait for, by name."""
    tasks = scenario.response.replace[role].tasks
    places = {name: i for i, name in enumerate(tasks)}
    return {f"{role}_found": len(tasks), "outage": len(tasks) + 1, **places}


def _foreign(scenario: Scenario, wanted: str) -> tuple[str, int]:
    """Another role's task ("sms.connect") or milestone ("host_found")."""
    role, _, task = wanted.partition(".")
    if not task:
        role, task = wanted.removesuffix("_found"), wanted
    return role, _items(scenario, role)[task]


def _heard(scenario: Scenario, role: str) -> frozenset[int]:
    """Items of a role that tasks of other roles wait for."""
    found = set()
    for other, replacement in scenario.response.replace.items():
        if other == role:
            continue
        own = {*_items(scenario, other), "notice"}
        for task in replacement.tasks.values():
            for wanted in task.after:
                if wanted not in own:
                    owner, item = _foreign(scenario, wanted)
                    found |= {item} if owner == role else set()
    return frozenset(found)


def _search(role: str, replacement: Replacement, order: int, column: int) -> SearchPlan | None:
    search = replacement.search
    if search is None:
        return None
    names = candidate_names(search)
    return SearchPlan(
        work=Job("search", role, "search", "search", order, f"{role}.search", "search"),
        nobody=Job("search", role, "none_left", none_left(role), order + 1, none_left(role), "search"),
        entities=tuple(f"{role}.candidate.{name}" for name in names),
        at_once=search.at_once,
        answers=column,
    )
