"""What a role that is down at the horizon still waits for.

In: a replication that is over, before it is closed. Out: for each gap that never closed the works that would
have had to end; at least the absence of the supplier itself.
"""

from __future__ import annotations

from math import inf

from sim.supply.response import Response
from sim.supply.role import Role
from sim.supply.run import Run
from sim.supply.upstream import LOST
from sim.supply.work import Gap, Work


class Unfinished:
    """The open works of one replication, by the view whose gap they would have closed."""

    __slots__ = ("_run", "of")

    def __init__(self, run: Run) -> None:
        self._run = run
        self.of = {gap.view: self._find(gap) or [gap.absence] for gap in run.gaps if gap.end == inf}

    def _find(self, gap: Gap) -> list[Work]:
        role = self._run.roles[gap.absence.job.role]
        if role.gave_up is not None:
            return [role.gave_up]
        response = role.response
        asked_back = None if role.appeal is None or role.appeal.over else role.appeal.work
        appeal = [] if asked_back is None or asked_back.end < inf else [asked_back]
        if response is None:
            return [*self._above(role), *([] if role.detection is None else [role.detection]), *appeal]
        view = next(view for view in response.plan.views if view.number == gap.view)
        asked: set[tuple[str, int]] = set()
        works = [work for item in view.needs for work in self._behind(response, item, asked)]
        if response.failed is not None and response.failed in works:
            # Whatever else goes on, nobody is left who could take it over: unless the supplier may come back.
            return appeal or [response.failed]
        return [*works, *appeal]

    def _above(self, role: Role) -> list[Work]:
        """The unfinished works of what the supplier stands on, where nothing else keeps it down."""
        upstream = None if role.nature is None else role.nature.upstream
        if upstream is None or not role.suffers(LOST, only=True):
            return []
        return [work for other in upstream.missing() for work in self._whole(other)]

    def _whole(self, role: Role) -> list[Work]:
        """The unfinished works after which a role is there again; at least its own absence."""
        if role.response is None:
            found = self._above(role) if role.detection is None else [role.detection]
        else:
            asked: set[tuple[str, int]] = set()
            needs = role.response.plan.views[-1].needs
            found = [work for item in needs for work in self._behind(role.response, item, asked)]
        assert role.absence is not None
        return found or [role.absence]

    def _behind(self, response: Response, item: int, asked: set[tuple[str, int]]) -> list[Work]:
        """The unfinished works behind one item that is not done."""
        plan = response.plan
        if response.ticked[item] or (plan.role, item) in asked:
            return []
        asked.add((plan.role, item))
        if item == plan.found:
            if response.failed is not None:
                return [response.failed]
            return [] if response.search is None else [response.search.work]
        if item == plan.outage:
            return []
        if item in response.working:
            return [response.working[item]]
        if item in response.waiting:
            return [response.waiting[item][1]]
        task = plan.tasks[item]
        works = [work for need in task.needs for work in self._behind(response, need, asked)]
        for role, need in task.foreign:
            works += self._elsewhere(role, need, asked)
        return works

    def _elsewhere(self, role: str, item: int, asked: set[tuple[str, int]]) -> list[Work]:
        """The unfinished works behind another role's item."""
        other = self._run.roles.get(role)
        if other is None:
            return []
        if other.response is not None:
            return self._behind(other.response, item, asked)
        return [] if other.absence is None else [other.absence]
