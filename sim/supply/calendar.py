"""The calendar of one replication: SimPy's event queue, with the order of what happens at one instant.

A thing that will happen is an `Act`: it stands in the queue from when it is known and calls one function
when its time has come. What has been overtaken by then (the reply to an enquiry that was withdrawn) is not
taken out of the queue; who is called finds out that it is stale and ignores it.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from simpy import Container, Environment
from simpy.events import NORMAL, URGENT, Event, EventPriority
from simpy.resources.container import ContainerGet, ContainerPut

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
    """SimPy's environment, which also says how many events it has processed.

    ``now`` is SimPy's ``_now`` as a plain attribute, without a Python call each time it is looked at.
    """

    __slots__ = ("now",)
    now: float

    def __init__(self) -> None:
        super().__init__(0.0)
        self.now = 0.0

    def play(self, horizon: float) -> None:
        """Process all events before the horizon.

        SimPy's ``run(until=horizon)`` less its care for events that fail, as none of ours does, and without a
        call for each event.
        """
        queue = self._queue
        end = Event(self)
        heappush(queue, (horizon, URGENT, next(self._eid), end))
        while True:
            now, _, _, event = heappop(queue)
            self.now = self._now = now
            if event is end:
                return
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
            for callback in callbacks:
                callback(event)

    @property
    def processed(self) -> int:
        """Events processed so far; call it once, after the run (it takes a number from SimPy's own count).

        The event that ends the run at the horizon is not one of them.
        """
        return next(self._eid) - len(self._queue) - 1

    def clear(self) -> None:
        """Forget what would have happened after the horizon."""
        self._queue.clear()


class Act(Event):
    """One thing that will happen `delay` hours from now: calls ``do(act)``; ``act.about`` says to whom."""

    _ok = True
    _value = None

    def __init__(
        self, calendar: Calendar, priority: EventPriority, delay: float, do: Callable[[Any], None], about: Any
    ) -> None:
        # What Event.__init__ and Environment.schedule do, without the two calls: a third of its time.
        self.env = calendar
        self.callbacks = [do]
        self.about = about
        heappush(calendar._queue, (calendar.now + delay, priority, next(calendar._eid), self))


class Engineers(Container):
    """The one pool of engineers: a task takes all it needs at once, strictly first come, first served.

    `Take` and `Return` are SimPy's own requests with shorter constructors, and nobody ever waits to return.
    """

    def __init__(self, calendar: Calendar, number: int) -> None:
        super().__init__(calendar, capacity=number, init=number)
        self.calendar = calendar

    def take(self, number: int) -> ContainerGet:
        """Ask for engineers; the request is triggered when they come, perhaps at once."""
        return Take(self, number)

    def give_back(self, number: int) -> None:
        """Engineers are free again; whoever waits first may now get all it needs."""
        Return(self, number)

    def withdraw(self, request: ContainerGet) -> None:
        """Take a waiting request back; who stood behind it may now be first in line, so look again."""
        request.cancel()
        self._trigger_get(None)

    def _trigger_get(self, put_event: object) -> None:
        """Whoever is first in line takes all it needs, or nobody takes anything."""
        waiting = self.get_queue
        while waiting and self._level >= waiting[0].amount:
            request = waiting.pop(0)
            self._level -= request.amount
            request.succeed()


class Take(ContainerGet):
    """A request for engineers."""

    def __init__(self, engineers: Engineers, amount: int) -> None:
        self.env = engineers.calendar
        self.callbacks = []
        self.resource = engineers
        self.amount = amount
        if engineers._level >= amount and not engineers.get_queue:
            engineers._level -= amount
            self.succeed()
        else:
            engineers.get_queue.append(self)
            engineers._trigger_get(None)

    def succeed(self, value: Any = None) -> Take:
        """The engineers come. SimPy's own, less its care for requests that are granted twice."""
        self._ok = True
        self._value = value
        calendar = self.resource.calendar
        heappush(calendar._queue, (calendar.now, NORMAL, next(calendar._eid), self))
        return self


class Return(ContainerPut):
    """Engineers that come back: an event of its own, so that they are given out in its turn."""

    _ok = True
    _value = None

    def __init__(self, engineers: Engineers, amount: int) -> None:
        self.env = calendar = engineers.calendar
        self.callbacks = [engineers._trigger_get]
        engineers._level += amount
        heappush(calendar._queue, (calendar.now, NORMAL, next(calendar._eid), self))
