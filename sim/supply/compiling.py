"""From a scenario's names to the numbers of a `Timetable`.

In: a scenario. Out: its timetable, made once a block: that takes a hundredth of the time of its replications.
"""

from __future__ import annotations

from functools import partial

from sim.scenario.gates import leaves
from sim.scenario.model import Event, Replacement, Scenario, Supplier
from sim.supply.candidates import search_plan
from sim.supply.columns import again, duration, event_columns, expense, extra_column, number, quantile
from sim.supply.compiling_nature import Chances, groups, natures
from sim.supply.compiling_operator import appeals, giving_up, operator
from sim.supply.logic import Logic
from sim.supply.plan import EventPlan, Job, ResponsePlan, RolePlan, TaskPlan, Timetable, View
from sim.supply.quantities import Column

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
    chances: Chances = {}
    nature = natures(scenario, chances)
    common = groups(scenario, chances)
    appealed = appeals(scenario, order, partial(_foreign, scenario), chances)
    events, columns = _events(scenario)
    degraded = {event.role for event in events if event.verb == "degrade"}
    roles = {
        role: RolePlan(
            role,
            _absence(role, supplier, i),
            supplier.holds_data,
            tuple(view.number for view in views[role] if view.used),
            responses.get(role),
            nature.get(role),
            appealed.get(role),
            giving_up(role, order + len(appealed) + i),
            role in degraded,
        )
        for i, (role, supplier) in enumerate(scenario.suppliers.items())
    }
    columns.append(_backups(scenario))
    return Timetable(
        horizon=scenario.clock.horizon,
        engineers=scenario.response.engineers,
        events=events,
        columns=tuple(columns),
        roles=roles,
        logic=Logic({capability: scenario.gate(capability) for capability in scenario.capabilities}, seen),
        lively=tuple(dict.fromkeys([*nature, *(member for group in common for member in group.members)])),
        groups=common,
        chances=chances,
        operator=operator(scenario, responses, chances),
    )


def _events(scenario: Scenario) -> tuple[tuple[EventPlan, ...], list[Column]]:
    """The set events that concern suppliers, one for each role that they act on, and their columns."""
    found: list[tuple[Event, str]] = []
    for event in scenario.events:
        if event.of in scenario.suppliers:
            found.append((event, event.of))
        elif event.of in scenario.groups:
            found += [(event, member) for member in scenario.groups[event.of].members]
    columns: list[Column] = [column for event, _ in found for column in event_columns(scenario, event)]
    plans = []
    for event, role in found:
        extra = extra_column(scenario, event)
        plans.append(EventPlan(event.id, event.verb, role, 0 if extra is None else len(columns)))
        columns += [] if extra is None else [extra]
    return tuple(plans), columns


def _backups(scenario: Scenario) -> Column:
    """Hours between backups; 0 if there are none."""
    return 0.0 if scenario.backups is None else number(scenario, "backups.every", scenario.backups.every)


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
    search, answers = search_plan(scenario, role, replacement, order + 1, len(columns))
    after_tasks = order + _BEFORE_TASKS + 2 * len(tasks)
    return ResponsePlan(
        role=role,
        tasks=tasks,
        views=views,
        search=search,
        special=search is not None and search.special,
        dependents=tuple(map(tuple, dependents)),
        missing=tuple(map(len, consumers)),
        free=tuple(consumer for consumer, needs in enumerate(consumers) if not needs),
        heard=_heard(scenario, role),
        found=len(tasks),
        outage=len(tasks) + 1,
        columns=(*columns, *answers),
        costs=len(tasks),
        times=2 * len(tasks),
        reworks=2 * len(tasks) + 4 if len(columns) > 2 * len(tasks) + 4 else -1,
        detecting=Job("detection", role, "detection", "detection", order, f"{role}.detection", "wait"),
        cutting_over=tuple(
            Job("cut_over", role, "cut_over", "cut-over", after_tasks + i, f"{role}.cut_over", "wait")
            for i in range(len(views))
        ),
        relapse=_relapse(scenario, role),
        slow=replacement.cut_over is not None or replacement.ramp_up is not None,
        goes_on=replacement.if_supplier_returns == "continue",
    )


def _relapse(scenario: Scenario, role: str) -> Job:
    """Like its absence, of which it is a part."""
    order = [*scenario.suppliers].index(role)
    return Job(
        "supplier",
        role,
        "withdrawn",
        _absence(role, scenario.suppliers[role], order).label,
        order,
        role,
        "supplier",
    )


def _columns(scenario: Scenario, role: str, replacement: Replacement) -> list[Column]:
    """The random quantities of a response but for the candidates' answers."""
    path = f"response.replace.{role}"
    hours = [
        duration(scenario, f"{path}.tasks.{name}", f"{role}.{name}", task)
        for name, task in replacement.tasks.items()
    ]
    costs = [
        expense(scenario, f"{path}.tasks.{name}", f"{role}.{name}", task)
        for name, task in replacement.tasks.items()
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
    return [*hours, *costs, detection, ttl, first, takes, *_reworks(scenario, role, replacement)]


def _reworks(scenario: Scenario, role: str, replacement: Replacement) -> list[Column]:
    """Whether each task has to be done again; nothing where none ever has."""
    path = f"response.replace.{role}.tasks"
    made = [
        again(scenario, f"{path}.{name}", f"{role}.{name}", task) for name, task in replacement.tasks.items()
    ]
    return made if any(column is not False for column in made) else []


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
                exports=task.exports or "",
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
    """Items of a role that tasks of other roles wait for, or an appeal."""
    found = set()
    for appeal in scenario.response.appeal.values():
        wanted_first = [name for name in appeal.after if name not in {"notice", "outage"}]
        found |= {
            item for owner, item in (_foreign(scenario, name) for name in wanted_first) if owner == role
        }
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
