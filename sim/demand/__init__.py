"""The demand side: what the users do about a timeline of what could be used when.

In: a `Timeline` a replication. Out: one `History` a block: users by state, segment and time.

Why this way: given the timeline users are independent wherever a user's hazards depend on that user's own
state and the timeline alone, so numbers of users are exactly computable at a cost that does not depend on
how many there are. Time is cut into phases in which nothing changes for a segment; each phase is one exact
step whatever its length. Rejected: one process a user (cost grows with the users; kept in the tests as the
twin), time steps of a day (an error of the order of a day, and results that move with the step).
"""

from sim.demand.history import STATES, History
from sim.demand.simulate import simulate_demand

__all__ = ["STATES", "History", "simulate_demand"]
