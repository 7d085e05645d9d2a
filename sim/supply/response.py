"""One attempt to fill a role anew: a search and a network of tasks, and the stages in which service returns.

In: a compiled plan and the moment it starts. Out: works, and the items that tasks and stages wait for, each
done at its time. An attempt is used once; the next fall of the role is another attempt with draws of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy.resources.container import ContainerGet

from sim.supply.calendar import OPERATOR, Act
from sim.supply.plan import ResponsePlan
from sim.supply.returning import EVERYTHING, Pieces, shape
from sim.supply.search import Search
from sim.supply.work import Work, last_finished

if TYPE_CHECKING:
    from sim.supply.role import Role
    from sim.supply.run import Run


class Response:
    """One attempt.

    ``over`` once it is finished or abandoned; ``failed`` is the work that nobody can do any more. ``ticked``
    says which items are done, ``done`` by which work. ``staged`` has for each view that is back since when
    and with what shape. ``row`` are its random quantities.
    """

    __slots__ = (
        "_came", "_form", "_missing", "after", "attempt", "done", "failed", "over", "plan", "role", "row",
        "run", "search", "staged", "ticked", "waiting", "working",
    )  # fmt: skip

    def __init__(self, role: Role, plan: ResponsePlan, attempt: int, after: tuple[Work, ...]) -> None:
        self.role = role
        self.run: Run = role.run
        self.plan = plan
        self.attempt = attempt
        self.after = after
        self.over = False
        self.failed: Work | None = None
        self.search: Search | None = None
        self.done: list[Work | None] = [None] * len(plan.dependents)
        self.ticked = [False] * len(plan.dependents)
        self.staged: dict[int, tuple[float, Pieces]] = {}
        self.working: dict[int, Work] = {}
        self.waiting: dict[int, tuple[ContainerGet, Work]] = {}
        self._missing = list(plan.missing)
        self._came: dict[int, list[Work]] = {}
        self.row = row = self.run.tables[plan.role].row(attempt, self.run.k)
        self._form = shape(*row[plan.times + 1 : plan.times + 4]) if plan.slow else EVERYTHING

    def start(self) -> None:
        """Ask the first candidates, begin what needs to wait for nothing."""
        plan = self.plan
        if plan.search is not None:
            self.search = Search(self, plan.search, self.after)
        for consumer in plan.free:
            self._ready(consumer)
        if self.over:
            return
        if self.role.absence is not None:
            self.item(plan.outage, None)
        if self.search is not None:
            self.search.ask()

    # -- items -----------------------------------------------------------------------------------------------

    def item(self, item: int, work: Work | None) -> None:
        """Something is done that others may have waited for."""
        if self.ticked[item]:
            return
        plan, missing = self.plan, self._missing
        self.ticked[item] = True
        self.done[item] = work
        for consumer in plan.dependents[item]:
            left = missing[consumer] - 1
            missing[consumer] = left
            if not left:
                self._ready(consumer)
        if item in plan.heard:
            self.run.tell(plan.role, item, work)

    def hear(self, task: int, work: Work | None) -> None:
        """What a task waits for in another role's response is done, or not needed any more."""
        if work is not None:
            self._came.setdefault(task, []).append(work)
        self._ready(task)

    def _ready(self, consumer: int) -> None:
        tasks = self.plan.tasks
        if consumer >= len(tasks):
            self._stage(consumer - len(tasks))
            return
        task = tasks[consumer]
        if task.foreign and self._must_wait(consumer):
            return
        if task.engineers:
            self.run.queue(task.wait.order, self, consumer)
        else:
            self.begin(consumer, self.before(consumer))

    def _must_wait(self, task: int) -> bool:
        """Whether the task has to wait for another role's response, and if so, listen to it."""
        for role, item in self.plan.tasks[task].foreign:
            if not self.run.settled(role, item):
                self.run.watch(role, item, self, task)
                return True
        return False

    def before(self, task: int) -> tuple[Work, ...]:
        """The works that a task had to wait for."""
        own: tuple[Work, ...] = ()
        for item in self.plan.tasks[task].needs:
            work = self.done[item]
            if work is not None:
                own = (*own, work)
        if self._came:
            return (*(own or self.after), *self._came.get(task, ()))
        return own or self.after

    # -- tasks -----------------------------------------------------------------------------------------------

    def wait(self, task: int, request: ContainerGet) -> None:
        """A task stands in line for engineers."""
        plan, run = self.plan.tasks[task], self.run
        work = Work(plan.wait, run.calendar.now, self.before(task))
        run.works.append(work)
        run.log((work.start, plan.entity, "waits for engineers", self.plan.role))
        self.waiting[task] = request, work

    def granted(self, task: int, request: ContainerGet) -> None:
        """Engineers have come to a task that waited for them."""
        if self.over:
            assert self.run.engineers is not None
            self.run.engineers.give_back(self.plan.tasks[task].engineers)
            return
        _, wait = self.waiting.pop(task)
        wait.end = self.run.calendar.now
        self.begin(task, (wait,))

    def begin(self, task: int, after: tuple[Work, ...]) -> None:
        """Work on a task begins."""
        role, run, row = self.plan, self.run, self.row
        plan = role.tasks[task]
        now = run.calendar.now
        self.working[task] = work = Work(plan.work, now, after)
        run.works.append(work)
        run.spent += row[role.costs + task]
        run.log((now, plan.entity, "started", role.role))
        Act(run.calendar, OPERATOR, row[task], self._finish, task)

    def _finish(self, act: Act) -> None:
        if self.over:
            return
        task: int = act.about
        plan, run = self.plan.tasks[task], self.run
        work = self.working.pop(task)
        work.end = now = run.calendar.now
        run.log((now, plan.entity, "finished", self.plan.role))
        if plan.engineers:
            assert run.engineers is not None
            run.engineers.give_back(plan.engineers)
        self.item(task, work)

    # -- stages and ends -----------------------------------------------------------------------------------

    def _stage(self, place: int) -> None:
        """All is done that one view of the role waits for; with the last view the response is finished."""
        plan, run = self.plan, self.run
        view = plan.views[place]
        if view.used:
            now = run.calendar.now
            self.staged[view.number] = now, self._form
            gap = self.role.gaps.pop(view.number, None)
            if gap is not None:
                gap.end, gap.restorer = now, self.restorer(place)
                run.changes.append((now, view.number, self._form, now))
                if plan.slow:
                    self._cut_over(place, gap.restorer, now)
        if place == len(plan.views) - 1:
            self.over = True
            self.role.replaced(self.staged)

    def restorer(self, place: int) -> Work | None:
        """The work whose end brought a view back: of all it waited for, what finished last."""
        done = [work for item in self.plan.views[place].needs if (work := self.done[item]) is not None]
        return last_finished(done or self.after)

    def _cut_over(self, place: int, restorer: Work | None, now: float) -> None:
        run = self.run
        work = Work(self.plan.cutting_over[place], now, () if restorer is None else (restorer,))
        end = now + self._form[-1][0]
        if end < run.timetable.horizon:
            work.end = end
        run.works.append(work)

    def abandon(self) -> None:
        """The supplier itself is back: put all work down, let the engineers go."""
        run = self.run
        now = run.calendar.now
        self.over = True
        if self.search is not None:
            self.search.abandon()
            self.search = None
        if self.failed is not None:
            self.failed.end = now
        for request, wait in self.waiting.values():
            wait.end = now
            assert run.engineers is not None
            run.engineers.withdraw(request)
        for task, work in self.working.items():
            work.end = now
            if self.plan.tasks[task].engineers:
                assert run.engineers is not None
                run.engineers.give_back(self.plan.tasks[task].engineers)
        run.log((now, self.plan.role, "abandoned", self.plan.role))
