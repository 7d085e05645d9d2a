"""What every column of every table of a study means, and in which unit: the second header of an export.

In: the measures of a scenario. Out: `Column` records. The measures say their own unit and meaning; the other
columns are told here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.outcomes import Measure

RUN = {
    "strategy": ("", "the strategy's name"),
    "replication": ("", "number of the run, from 0; the same number meets the same draws in every strategy"),
}
INSTANT = ("UTC", "the same instant, ISO 8601, to the second")
USERS = ("users", "expected users, of the run's own segment or of all")

TOLD: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "outcomes": {
        **RUN,
        "failed_stage": ("", "where the run failed; empty if it did not"),
        "failed_reason": ("", "why it failed"),
    },
    "segments": {
        **RUN,
        "segment": ("", "the users' segment"),
        "users_lost": ("users", "would be active at the horizon without the events and are not"),
        "user_hours_lost": ("user-hours", "integral of (counterfactual - served users)"),
    },
    "attribution": {
        **RUN,
        "capability": ("", "what could not be used"),
        "outage": ("", "number of the interval in which it was down, from 0"),
        "cause": ("", "the task, wait, search or supplier that the time went into"),
        "kind": ("", "task, wait, search, supplier, cut_over or detection"),
        "hours": ("h", "time on the realised critical path; adds up to the downtime"),
        "censored": ("", "true where the horizon cut it"),
    },
    "events": {
        **RUN,
        "time": ("h", "since the scenario's start"),
        "instant": INSTANT,
        "entity": ("", "who or what it happened to"),
        "event": ("", "what happened"),
        "cause": ("", "because of what"),
    },
    "trajectories": {
        "strategy": RUN["strategy"],
        "time": ("h", "since the scenario's start"),
        "instant": INSTANT,
        "quantity": ("", "users by state; away.PLACE, those away there; beside.RIVAL, present users who use "
                     "it as well; door, those who stand at the door; or capability.NAME, its capacity from "
                     "0 to 1"),
        "segment": ("", "the users' segment, or all"),
        "mean": ("as the quantity", "mean over the runs"),
        **{f"p{share}": ("as the quantity", f"{int(share)} % of the runs are at or below")
           for share in ("05", "25", "50", "75", "95")},
        "counterfactual": ("as the quantity", "mean over the runs had these events not happened"),
    },
    "summary": {
        "strategy": RUN["strategy"],
        "measure": ("", "as in outcomes"),
        "unit": ("", "of the numbers in this row"),
        "runs": ("", "replications with an outcome"),
        **{
            f"{mark}{end}": ("as the row", f"{what}{more}")
            for mark, what in (("median", "median"), ("p05", "5 % quantile"), ("p95", "95 % quantile"))
            for end, more in (("", "; inf beyond the horizon"), ("_low", ", lower end of its 95 % interval"),
                              ("_high", ", upper end of its 95 % interval"))
        },
        "mean": ("as the row", "mean; of a flag the share of runs in which it is true"),
        "mean_low": ("as the row", "lower end of the mean's 95 % simulation interval"),
        "mean_high": ("as the row", "upper end of the mean's 95 % simulation interval"),
        "restricted": ("", "true where runs that the horizon cut enter the mean with what was seen of them"),
        "cvar": ("as the row", "mean of the worse 5 % of the runs; inf where the horizon cut any of them"),
        "cvar_low": ("as the row", "lower end of its 95 % BCa interval; -inf with cvar inf or under 20 runs"),
        "cvar_high": ("as the row", "upper end of it; inf with cvar inf or under 20 runs"),
        "unfinished": ("share", "runs that the horizon cut"),
        "failed": ("", "replications without an outcome"),
    },
    "comparison": {
        "strategy": RUN["strategy"],
        "baseline": ("", "the strategy it is compared with"),
        "measure": ("", "as in outcomes"),
        "unit": ("", "of the numbers in this row"),
        "runs": ("", "pairs"),
        "difference": ("as the row", "mean of strategy minus baseline, pair by pair"),
        "low": ("as the row", "lower end of its 95 % interval"),
        "high": ("as the row", "upper end of its 95 % interval"),
        "better": ("share", "pairs in which the strategy does better"),
        "correlation": ("", "between the two within the pairs"),
        "restricted": ("", "true where a run that the horizon cut enters with what was seen of it"),
        "bca_low": ("as the row", "lower end of the 95 % bootstrap (BCa) interval of the difference"),
        "bca_high": ("as the row", "upper end of it"),
        "compared": ("", "strategies compared with the baseline"),
        "joint_low": ("as the row", "lower end of the interval that holds for all of them together"),
        "joint_high": ("as the row", "upper end of it"),
        "p_value": ("", "of the paired t test that there is no difference"),
        "p_holm": ("", "the same, allowing for how many strategies are compared (Holm)"),
        "verdict": ("", "better, worse or undecided by the joint interval; same; cut by the horizon"),
        "better_low": ("share", "lower end of the 95 % interval of better"),
        "better_high": ("share", "upper end of it"),
        "equal": ("share", "pairs in which both do the same"),
        "cvar": ("as the row", "mean of the worse 5 % of the strategy minus that of the baseline"),
        "cvar_low": ("as the row", "lower end of its 95 % BCa interval; -inf with fewer than 20 pairs"),
        "cvar_high": ("as the row", "upper end of it; inf with fewer than 20 pairs"),
        **{
            f"{mark}{end}": ("as the row", more)
            for mark, what in (("median", "median"), ("p90", "90 % quantile"))
            for end, more in (("", f"{what} of the strategy minus that of the baseline"),
                              ("_low", "lower end of its 95 % interval (a bootstrap of the pairs)"),
                              ("_high", "upper end of it"))
        },
        "dominance": ("", "stochastic dominance of the runs: first or second order, none, or the same"),
        "dominant": ("", "the strategy that dominates"),
    },
    "criticality": {
        "strategy": RUN["strategy"],
        "capability": ("", "what could not be used"),
        "cause": ("", "the task, wait, search or supplier"),
        "kind": ("", "as in attribution"),
        "runs": ("share", "runs in which it took any of the downtime: its criticality index"),
        "hours": ("h", "mean critical time over all runs"),
        "downtime": ("share", "its share of the mean downtime"),
        "variance": ("share", "its share of the variance of the downtime"),
        "censored": ("share", "runs in which the horizon cut it"),
    },
    "inputs": {
        "strategy": RUN["strategy"],
        "path": ("", "where it stands in the scenario"),
        "text": ("", "the value as written"),
        "unit": ("", "the unit used inside"),
        "origin": ("", "file, default or set (on the command line)"),
        "line": ("", "of the file"),
        "mark": ("", "source or assumption"),
        "note": ("", "the source, or why it is assumed"),
        "choice": ("", "true for what the author decides, which no evidence is about"),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table."""

    table: str
    column: str
    unit: str
    meaning: str


def column_of(table: str, column: str, measures: Mapping[str, Measure], users: str) -> Column:
    """What is known of a column; a unit of "users" is the scenario's own word for them.

    Parameters
    ----------
    users
        What the scenario counts users as.
    """
    told = TOLD.get(table, {}).get(column)
    if told is None and table == "outcomes" and column in measures:
        one = measures[column]
        told = (one.unit if one.kind not in {"flag", "text"} else "", one.meaning)
    unit, meaning = told or ("", "")
    return Column(table, column, users if unit == "users" else unit, meaning)


def columns_of(
    tables: Mapping[str, Sequence[str]], measures: Mapping[str, Measure], users: str
) -> list[Column]:
    """Every column of the tables, in their order."""
    return [column_of(table, column, measures, users) for table, names in tables.items() for column in names]
