"""The calendar of one replication: SimPy's event queue, with the order of what happens at one instant.

A thing that will happen is an `Act`: it stands in the queue from when it is known and calls one function
when its time has come. What has been overtaken by then (the reply to an enquiry that was withdrawn) is not
taken out of the queue; who is called finds out that it is stale and ignores it.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from operator import attrgetter
from typing import Any

from simpy import Container, Environment
from simpy.events import Event, EventPriority
from simpy.resources.container import ContainerGet

RESTORE = EventPriority(1)
"""A supplier serves again. First, so that who is back at an instant is not missed at that instant."""
SUPPLIER = EventPriority(2)
"""A supplier acts: gives notice, leaves, answers an enquiry."""
OPERATOR = EventPriority(3)
"""The operator acts: notices, finishes a task, asks the next candidate."""
ASSIGN = EventPriority(4)
"""Engineers go to what has become ready at this instant, when all of it is known."""
REPORT = EventPriority(5)
"""Whoever only looks, looks last."""


class Calendar(Environment):
    """SimPy's environment, which also says how many events it has processed."""

    now = property(attrgetter("_now"))  # SimPy's own, without a Python call each time

    @property
    def processed(self) -> int:
        """Events processed so far; call it once, after the run (it takes a number from SimPy's own count).

        The event that ends the run at the horizon is not one of them.
        """
        return next(self._eid) - len(self._queue) - 1


class Act(Event):
    """One thing that will happen `delay` hours from now: calls ``do(act)``, with ``act.about`` saying to whom."""

    _ok = True
    _value = None

    def __init__(
        self, calendar: Calendar, priority: EventPriority, delay: float, do: Callable[[Any], None], about: Any
    ) -> None:
        # What Event.__init__ and Environment.schedule do, without the two calls: a third of the time of an act.
        self.env = calendar
        self.callbacks = [do]
        self.about = about
        heappush(calendar._queue, (calendar._now + delay, priority, next(calendar._eid), self))


class Engineers(Container):
    """The one pool of engineers: a task takes all it needs at once, strictly first come, first served."""

    def __init__(self, calendar: Environment, number: int) -> None:
        super().__init__(calendar, capacity=number, init=number)

    def _trigger_get(self, put_event: object) -> None:
        """Whoever is first in line takes all it needs, or nobody takes anything."""
        waiting = self.get_queue
        while waiting and self._level >= waiting[0].amount:
            request = waiting.pop(0)
            self._level -= request.amount
            request.succeed()

    def _trigger_put(self, get_event: object) -> None:
        """Nobody waits to put back: who puts has taken, so there is room."""
        returned = self.put_queue
        while returned:
            request = returned.pop()
            self._level += request.amount
            request.succeed()

    def withdraw(self, request: ContainerGet) -> None:
        """Take a waiting request back. Who stood behind it may now be first in line, which SimPy does not look at."""
        request.cancel()
        self._trigger_get(None)
