"""One attempt to fill a role anew: a search and a network of tasks, and the stages in which service returns.

In: a compiled plan and the moment it starts. Out: works, and the items that tasks and stages wait for, each
done at its time. An attempt is used once; the next fall of the role is another attempt with draws of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simpy.resources.container import ContainerGet

from sim.supply.calendar import OPERATOR, Act
from sim.supply.plan import ResponsePlan, SearchPlan
from sim.supply.returning import EVERYTHING, Pieces, scaled, shape
from sim.supply.search import Search
from sim.supply.work import Work, last_finished

if TYPE_CHECKING:
    from sim.supply.role import Role
    from sim.supply.run import Run


AT_HAND = "replacement"
"""What a replacement is called that nobody had to search for."""
_NEVER = 1_000_000
"""More than any task waits for: what has so much missing is never ready."""


class Response:
    """One attempt.

    ``over`` once it is finished or abandoned; ``failed`` is the work that nobody can do any more. ``ticked``
    says which items are done, ``done`` by which work. ``staged`` has for each view that is back since when
    and with what shape. ``row`` are its random quantities.

    ``player`` is the candidate that was found, by place, and ``who`` by name, with its ``capacity`` and the
    tasks it has ``spared``; ``disturbed`` says whether any task was put down or undone; ``relapses`` are the
    absences since what had come back was lost again.
    """

    __slots__ = (
        "_came", "_form", "_missing", "_more", "after", "attempt", "capacity", "disturbed", "done", "failed",
        "over", "plan", "player", "relapses", "role", "row", "run", "search", "spared", "staged", "ticked",
        "waiting", "who", "working",
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
        self.player: int | None = None
        self.who = AT_HAND
        self.capacity = 1.0
        self.spared: tuple[int, ...] = ()
        self.disturbed = False
        self.relapses: tuple[Work, ...] = ()
        self.done: list[Work | None] = [None] * len(plan.dependents)
        self.ticked = [False] * len(plan.dependents)
        self.staged: dict[int, tuple[float, Pieces]] = {}
        self.working: dict[int, Work] = {}
        self.waiting: dict[int, tuple[ContainerGet, Work]] = {}
        self._missing = list(plan.missing)
        self._came: dict[int, list[Work]] = {}
        self._more = role.again
        self.row = row = self.run.tables[plan.role].row(attempt, self.run.k)
        self._form = shape(*row[plan.times + 1 : plan.times + 4]) if plan.slow else EVERYTHING

    def start(self) -> None:
        """Ask the first candidates, begin what needs to wait for nothing."""
        plan = self.plan
        if plan.search is not None:
            self.search = Search(self, plan.search, self.after)
        for consumer in plan.free:
            self.ready(consumer)
        if self.over:
            return
        if self.role.absence is not None:
            self.item(plan.outage, None)
        if self.search is not None:
            self.search.ask()

    def row_of(self, key: int) -> tuple[Any, ...]:
        """The random quantities of the next time that a task is done, or (~j) candidate j is asked."""
        return self.run.tables[self.plan.role].row(self.attempt + self.role.again.get(key, 0), self.run.k)

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
                self.ready(consumer)
        if item in plan.heard:
            self.run.tell(plan.role, item, work)

    def hear(self, task: int, work: Work | None) -> None:
        """What a task waits for in another role's response is done, or not needed any more."""
        if work is not None:
            self._came.setdefault(task, []).append(work)
        if not self.disturbed or self.wants(task):
            self.ready(task)

    def wants(self, task: int) -> bool:
        """Whether a task is still to be begun and waits for nothing in this response."""
        waits = self._missing[task] or self.ticked[task] or task in self.working or task in self.waiting
        return not waits

    def wait_for(self, consumer: int, items: Iterable[int]) -> None:
        """A task or view waits (again) for those of the items that are not done."""
        self._missing[consumer] = sum(not self.ticked[item] for item in items)

    def ready(self, consumer: int) -> None:
        """All is done that a task or a view waits for in this response."""
        tasks = self.plan.tasks
        if consumer >= len(tasks):
            self._stage(consumer - len(tasks))
            return
        task = tasks[consumer]
        if task.foreign and self._must_wait(consumer):
            return
        if task.exports and task.exports in self._closed():
            self.item(consumer, last_finished(self.before(consumer)))  # nothing is left to be copied
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
        waiting = self.waiting.get(task)
        if self.over or waiting is None or waiting[0] is not request:
            assert self.run.engineers is not None
            self.run.engineers.give_back(self.plan.tasks[task].engineers)
            return
        wait = self.waiting.pop(task)[1]
        wait.end = self.run.calendar.now
        self.begin(task, (wait,))

    def begin(self, task: int, after: tuple[Work, ...]) -> None:
        """Work on a task begins."""
        role, run = self.plan, self.run
        row = self.row_of(task) if self._more else self.row
        plan = role.tasks[task]
        now = run.calendar.now
        self.working[task] = work = Work(plan.work, now, after)
        run.works.append(work)
        run.spent += row[role.costs + task]
        run.log((now, plan.entity, "started", role.role))
        Act(run.calendar, OPERATOR, row[task], self._finish, (task, work))

    def _finish(self, act: Act) -> None:
        if self.over:
            return
        task: int
        work: Work
        task, work = act.about
        if self.disturbed and self.working.get(task) is not work:
            return  # it was put down meanwhile
        plan, run = self.plan.tasks[task], self.run
        del self.working[task]
        work.end = now = run.calendar.now
        if self.plan.reworks >= 0 and self._again(task, work):
            return
        run.log((now, plan.entity, "finished", self.plan.role))
        if plan.exports and run.data is not None:
            run.data.exported(plan.exports, self.plan.role, task)
        if plan.engineers:
            assert run.engineers is not None
            run.engineers.give_back(plan.engineers)
        self.item(task, work)

    def _again(self, task: int, work: Work) -> bool:
        """Whether what is done has to be done again, which the same engineers begin at once."""
        if not self.row_of(task)[self.plan.reworks + task]:
            return False
        again = self.role.again
        again[task] = again.get(task, 0) + 1
        self.run.log((work.end, self.plan.tasks[task].entity, "to be done again", self.plan.role))
        self.begin(task, (work,))
        return True

    def _closed(self) -> set[str]:
        """The roles to whose data nobody has access."""
        assert self.run.data is not None
        return self.run.data.closed

    def cut_short(self, task: int) -> None:
        """Access to what a task copies out has ended: it is over, as far as it got."""
        if self.over or self.ticked[task]:
            return
        self.disturbed = True
        work = self.put_down(task, "cut short")
        settled = all(self.run.settled(*item) for item in self.plan.tasks[task].foreign)
        if work is not None or (settled and self.wants(task)):
            self.item(task, work)

    def put_down(self, task: int, word: str) -> Work | None:
        """Work on a task, or waiting for engineers, ends before it is done: that work, if there was any."""
        run, plan = self.run, self.plan.tasks[task]
        now = run.calendar.now
        work: Work | None = None
        if task in self.waiting:
            request, work = self.waiting.pop(task)
            assert run.engineers is not None
            run.engineers.withdraw(request)
        elif task in self.working:
            work = self.working.pop(task)
            if plan.engineers:
                assert run.engineers is not None
                run.engineers.give_back(plan.engineers)
        if work is not None:
            work.end = now
            run.log((now, plan.entity, word, self.plan.role))
        return work

    def engaged(self, plan: SearchPlan, work: Work) -> None:
        """Work with the candidate begins: what it spares is done, its capacity is what there will be."""
        j = self.player
        assert j is not None
        if plan.capacities >= 0:
            self.capacity = self.row_of(~j)[plan.capacities + j]
        if plan.skips and plan.skips[j]:
            self.spared = tuple([task for task in plan.skips[j] if not self.ticked[task]])
            self.disturbed = True
            for task in self.spared:
                self.put_down(task, "spared")
                self._missing[task] += _NEVER
        spared = self.spared
        self.item(self.plan.found, work)
        for task in spared:
            self.item(task, work)

    # -- stages and ends -----------------------------------------------------------------------------------

    def _stage(self, place: int) -> None:
        """All is done that one view of the role waits for; with the last view the response is finished."""
        plan, run = self.plan, self.run
        view = plan.views[place]
        if view.used:
            now = run.calendar.now
            form = self._form if self.capacity == 1.0 else scaled(self._form, self.capacity)
            self.staged[view.number] = now, form
            gap = self.role.gaps.pop(view.number, None)
            if gap is not None:
                gap.end, gap.restorer = now, self.restorer(place)
                run.changes.append((now, view.number, form, now))
                if plan.slow:
                    self._cut_over(place, gap.restorer, now)
        if place == len(plan.views) - 1:
            self.over = True
            if plan.special:
                self.search = None
                self._carry()
                self._relapse_over()
            self.role.replaced(self.staged)

    def _carry(self) -> None:
        """What was back before a candidate was found is carried by it from now on."""
        run, now = self.run, self.run.calendar.now
        for view, (since, form) in self.staged.items():
            if self.capacity < 1.0 and form is self._form:
                self.staged[view] = since, scaled(form, self.capacity)
                if self.role.absence is not None:
                    run.changes.append((now, view, self.staged[view][1], since))

    def _relapse_over(self) -> None:
        for absence in self.relapses:
            absence.end = min(absence.end, self.run.calendar.now)

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
        if self.relapses:
            self._relapse_over()
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
