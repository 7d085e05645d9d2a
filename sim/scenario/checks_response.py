"""Checks of the operator's response: roles, milestones, precedence, hands. See `checks`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from sim.scenario import checks_operator
from sim.scenario.gates import leaves
from sim.scenario.nodes import Step
from sim.scenario.platform import Capability, Supplier
from sim.scenario.response import Replacement, Response, Task

Finding = tuple[tuple[Step, ...], str]
Replace = Mapping[str, Replacement]


def _fix(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(name, names, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known: {', '.join(names) or 'none'}"


def _roles(suppliers: dict[str, Supplier], response: Response) -> Iterator[Finding]:
    for role, replacement in response.replace.items():
        here = ("response", "replace", role)
        if role not in suppliers:
            yield here, f"there is no supplier `{role}`; {_fix(role, suppliers)}"
        if replacement.search is None and not replacement.tasks:
            yield here, "says nothing to do; add a `search` or `tasks`, or leave the role out"


def _tasks(suppliers: dict[str, Supplier], response: Response) -> Iterator[Finding]:
    for role, replacement in response.replace.items():
        if role not in suppliers:
            continue
        for name, task in replacement.tasks.items():
            here = ("response", "replace", role, "tasks", name)
            if name in {"notice", "outage"} or (
                name.endswith("_found") and name[: -len("_found")] in response.replace
            ):
                yield here, f"`{name}` is the name of a milestone; choose another"
            if response.engineers is not None and task.engineers > response.engineers:
                message = (
                    f"needs {task.engineers} engineers, there are {response.engineers} (`response.engineers`)"
                )
                yield (*here, "engineers"), f"{message}; it could never start"
            yield from _after(role, name, task, response.replace)
        yield from _found(role, replacement)


def _after(role: str, name: str, task: Task, replace: Replace) -> Iterator[Finding]:
    for position, before in enumerate(task.after):
        here = ("response", "replace", role, "tasks", name, "after", position)
        if before in task.after[:position]:
            yield here, f"`{before}` is named twice"
        elif before == name:
            yield here, f"`{name}` cannot wait for itself"
        elif before.endswith("_found") and before[: -len("_found")] in replace:
            found = before[: -len("_found")]
            if replace[found].search is None:
                yield here, f"`{before}` never comes: `{found}` has no search"
        elif not _exists(before, role, replace):
            known = [
                "notice",
                "outage",
                *(f"{r}_found" for r, done in replace.items() if done.search is not None),
            ]
            known += [other for other in replace[role].tasks if other != name]
            known += [f"{r}.{other}" for r, done in replace.items() if r != role for other in done.tasks]
            yield here, f"there is no task or milestone `{before}`; {_fix(before, known)}"


def _exists(before: str, role: str, replace: Replace) -> bool:
    if before in {"notice", "outage"} or before in replace[role].tasks:
        return True
    other, _, name = before.partition(".")
    return other in replace and name in replace[other].tasks


def _found(role: str, replacement: Replacement) -> Iterator[Finding]:
    """A search that nobody waits for would not hold anything up, which cannot be meant."""
    waiting = {before for task in replacement.tasks.values() for before in task.after}
    if replacement.search is not None and replacement.tasks and f"{role}_found" not in waiting:
        here = ("response", "replace", role, "search")
        first = next(iter(replacement.tasks))
        yield here, f"no task waits for it; write `after: [{role}_found]` at `{first}`"


def _order(response: Response) -> Iterator[Finding]:
    from sim.scenario.checks import cycle_in

    edges: dict[str, list[str]] = {}
    for role, replacement in response.replace.items():
        for name, task in replacement.tasks.items():
            edges[f"{role}.{name}"] = [
                before if "." in before else f"{role}.{before}" for before in task.after if before != name
            ]
    cycle = cycle_in(edges)
    if cycle is not None:
        role, _, name = cycle[0].partition(".")
        circle = " after ".join(f"`{step}`" for step in cycle)
        yield (
            ("response", "replace", role, "tasks", name),
            f"the order is circular: {circle}; none could ever start",
        )


def _restores(
    suppliers: dict[str, Supplier], capabilities: dict[str, Capability], response: Response
) -> Iterator[Finding]:
    for role, replacement in response.replace.items():
        direct = [name for name, capability in capabilities.items() if role in leaves(capability.gate)]
        for capability, tasks in replacement.restores.items():
            here = ("response", "replace", role, "restores", capability)
            if capability not in capabilities:
                yield here, f"there is no capability `{capability}`; {_fix(capability, capabilities)}"
            elif capability not in direct and role in suppliers:
                shown = ", ".join(direct) or "none"
                yield here, f"`{capability}` does not need `{role}` directly; these do: {shown}"
            for position, task in enumerate(tasks):
                if task not in replacement.tasks:
                    yield (*here, position), f"there is no task `{task}`; {_fix(task, replacement.tasks)}"
            if not tasks:
                yield here, "is an empty list; name the tasks after which it is back"


CHECKS: tuple[Callable[..., Iterator[Finding]], ...] = (
    _roles, _tasks, _order, _restores, *checks_operator.CHECKS,
)  # fmt: skip
