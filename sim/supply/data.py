"""What becomes of the data when whoever holds them leaves: copied out in time, or as old as the backups.

In: a supplier that has left, the tasks that copy its data out, and who keeps the backups. Out: what the run
says of data lost. Only scenarios with `exports` or `kept_at` come here; for all others the rule of
`Run.lose_data` is the whole story.

The rules that words leave open. With a task that exports a role's data, a notice saves nothing by itself: the
copy has to be finished before access ends, which is when the loss takes effect plus its grace. What is cut
short then counts as done for whoever waits for it, and so does what could only begin later. If several tasks
export the same role, all of them have to be finished. The backups are gone too if who keeps them is away at
that moment by a decision, or for a cause common to a group; a mere outage delays them only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.calendar import REPORT, SUPPLIER, Act

if TYPE_CHECKING:
    from sim.supply.role import Role
    from sim.supply.run import Run


class Data:
    """What one run knows of exports. ``closed`` are the roles to whose data nobody has access any more."""

    __slots__ = ("_done", "_first", "_run", "closed")

    def __init__(self, run: Run) -> None:
        self._run = run
        self._done: set[tuple[str, int]] = set()
        self._first: str | None = None
        self.closed: set[str] = set()

    def lost(self, role: Role, grace: float | None, *, warned: bool) -> None:
        """A role that holds data is lost; access ends after `grace`, or not at all if that is None."""
        run, name = self._run, role.plan.name
        assert role.absence is not None
        exporters = run.timetable.operator.exports.get(name, ())
        saved = self._saved(name) if exporters else warned
        if self._first is None:
            self._first = name
            run.lose_data(role.absence.start, saved)
            if not saved and run.timetable.operator.kept_at:
                Act(run.calendar, REPORT, 0.0, self._look_for_backups, role.absence.start)
        if exporters and grace is not None:
            Act(run.calendar, SUPPLIER, grace, self._close, (role, role.player))

    def exported(self, source: str, role: str, task: int) -> None:
        """A task has copied a role's data out."""
        self._done.add((role, task))
        if source == self._first and source not in self.closed and self._saved(source):
            self._run.data_lost, self._run.data_loss_window = "none", 0.0

    def open(self, name: str) -> None:
        """Somebody plays the role (again), and its data can be reached."""
        self.closed.discard(name)

    def _saved(self, name: str) -> bool:
        return self._done.issuperset(self._run.timetable.operator.exports[name])

    def _close(self, act: Act) -> None:
        """Access ends, unless the supplier has come back: what still copies is cut short."""
        role, player = act.about
        name = role.plan.name
        if role.player == player:
            if role.absence is None:
                return
            self.closed.add(name)
        for owner, task in self._run.timetable.operator.exports[name]:
            other = self._run.roles.get(owner)
            if other is not None and other.response is not None:
                other.response.cut_short(task)

    def _look_for_backups(self, act: Act) -> None:
        """At the end of the instant, so that who goes at the same one is gone."""
        run = self._run
        keeper = run.roles.get(run.timetable.operator.kept_at)
        if keeper is None or keeper.absence is None:
            return
        common = frozenset(group.fails for group in run.timetable.groups)
        if keeper.decided or keeper.hit_by(common):
            run.data_lost, run.data_loss_window = "all", act.about
