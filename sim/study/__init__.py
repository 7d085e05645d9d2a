"""Many runs of one scenario file, on disk: computed in blocks, summed up in tables, played again at will.

In: a `ScenarioFile`. Out: a `Study`, and a folder of Parquet and CSV that stands without this program.

Why this way: a block of 200 replications is the unit of randomness, of work and of a file, always computed
whole, so a replication is the same bits alone, among 500, or on another worker, and a study can be split,
stopped, continued and extended. A failed replication is a row with a reason. Everything but the blocks is
derived from them. Rejected: a worker that writes where the results are (a killed one would leave half a
file, and a cluster's cannot); a job queue with a data base (one folder and one writer do).
"""

from sim.study.claims import Verdict
from sim.study.comparison import Difference
from sim.study.criticality import Critical
from sim.study.run import StudyInterrupted, default_folder, run_study
from sim.study.simulate import BlockResult, simulate
from sim.study.study import Replay, Study
from sim.study.summary import Line

__all__ = [
    "BlockResult",
    "Critical",
    "Difference",
    "Line",
    "Replay",
    "Study",
    "StudyInterrupted",
    "Verdict",
    "default_folder",
    "run_study",
    "simulate",
]
