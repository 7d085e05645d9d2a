"""Users who act on each other: the numbers of users followed in steps of time.

In: a scenario, timelines and inputs. Out: a `History`.

Why this way: friends who pull friends away, rivals who grow, and a queue at the door tie users to each
other, so no closed form carries their numbers over a phase. What ties them is a few totals, though, so
numbers of users in few states are enough, and a step is a short list of moves between them. Everything else
is worked out before the first step. Rejected: a solver for stiff equations a replication (hundreds of times
slower in this language), hazards frozen for a day (an error of 2 % of everyone, see theory case G9).
"""

from sim.demand.stepping.simulate import simulate

__all__ = ["simulate"]
