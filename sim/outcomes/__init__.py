"""What came of it: one row of measures a replication.

In: a scenario, the timelines and histories of a block as they happened, and those of the counterfactual.
Out: an `Outcome`: a column a measure, losses by segment, where the downtime came from.

Why this way: everything is computed afterwards from what was recorded, nothing is counted while the model
runs; a counter kept inside a model is the one that some path forgets. Pure functions of their arguments.
Rejected: the mean time to recover of the runs that recovered (it leaves out the worst ones); loss against
the first day (it blames or praises the event for the trend).
"""

from sim.outcomes.attribution import Attribution
from sim.outcomes.measure import Outcome, assess, measure
from sim.outcomes.measures import MEASURES, Measure, measures_of, rival_of

__all__ = ["MEASURES", "Attribution", "Measure", "Outcome", "assess", "measure", "measures_of", "rival_of"]
