"""What a candidate's withdrawal undoes: all that came after its yes.

In: a response whose candidate has gone back on its word. Out: the same response as it would be without that
candidate: works under way have ended, tasks that rest on "found" are still to be done, views that had come
back through them are down again.

Rests on: waits for it, or for something of the same response that does. What another role's response has done
meanwhile stays done. A task that the candidate had spared is to be done like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.returning import NOTHING
from sim.supply.work import Gap, Work

if TYPE_CHECKING:
    from sim.supply.response import Response


def undo(response: Response) -> tuple[Work, ...]:
    """Undo what rests on the candidate; the works and waits that this has ended."""
    plan, again = response.plan, response.role.again
    tasks, views = _resting(response)
    stopped: list[Work] = []
    response.disturbed = True
    for task in tasks:
        if response.ticked[task] or task in response.working:
            again[task] = again.get(task, 0) + 1
        work = response.put_down(task, "withdrawn")
        if work is not None:
            stopped.append(work)
    for item in (plan.found, *tasks):
        response.ticked[item] = False
        response.done[item] = None
    for task in tasks:
        response.wait_for(task, plan.tasks[task].needs)
    number = len(plan.tasks)
    for place in views:
        response.wait_for(number + place, plan.views[place].needs)
    _relapse(response, views)
    response.spared = ()
    response.capacity = 1.0
    for task in tasks:
        if response.wants(task):
            response.ready(task)
    return tuple(stopped)


def _resting(response: Response) -> tuple[list[int], list[int]]:
    """The tasks and views that rest on the candidate, by place, each in file order."""
    plan = response.plan
    items, stack = {*response.spared}, [plan.found, *response.spared]
    views: set[int] = set()
    while stack:
        for consumer in plan.dependents[stack.pop()]:
            if consumer >= len(plan.tasks):
                views.add(consumer - len(plan.tasks))
            elif consumer not in items:
                items.add(consumer)
                stack.append(consumer)
    return sorted(items), sorted(views)


def _relapse(response: Response, views: list[int]) -> None:
    """Views that had come back fall again, if their supplier is not there itself."""
    role, run = response.role, response.run
    now = run.calendar.now
    absence: Work | None = None
    for place in views:
        view = response.plan.views[place].number
        if response.staged.pop(view, None) is None or role.absence is None:
            continue
        if absence is None:
            absence = Work(response.plan.relapse, now)
            run.works.append(absence)
            response.relapses = (*response.relapses, absence)
        role.gaps[view] = gap = Gap(view, absence)
        run.gaps.append(gap)
        run.changes.append((now, view, NOTHING, now))
