"""What a study found, in sentences: which variant holds and the numbers in it.

In: one strategy's `Case`. Out: sentences in reading order. The words are in `templates/sentences.toml`;
here is only which of them is true. A quantile never hides what the horizon cut: "more than 250 days" is
true of a run that was still down then, and how many were is said in the same sentence.
"""

from __future__ import annotations

import numpy as np

from sim.study.statistics import mean_interval
from sim.views import wording
from sim.views.case import Case, Check, Difference, Floats, Observed
from sim.views.crowd_sentences import crowd
from sim.views.labels import cannot
from sim.views.quantiles import quantile
from sim.views.saying import Sentence, say, templates


def findings(case: Case) -> tuple[Sentence, ...]:
    """All that is to be said of one strategy, the most wanted first."""
    said = [downtime(case), plan(case), users(case), missing(case), *crowd(case)]
    said += [path(case), users_back(case), cost(case), ordinary(case)]
    said += [observed(case, seen) for seen in case.observed]
    said += [check(each) for each in case.checks]
    said += [error(case), whose(case), evidence(case)]
    return tuple(sentence for sentence in said if sentence is not None)


def downtime(case: Case) -> Sentence:
    """How long the headline capability cannot be used."""
    hours, cut = case.column("downtime"), case.cut("downtime")
    half, tenth = quantile(hours, 0.5), quantile(hours, 0.9)
    fields = {
        "runs": f"{case.runs:,}",
        "cannot": cannot(case.scenario, case.scenario.headline),
        "half": wording.duration(half),
        "tenth": _again(tenth, half),
        "longest": wording.duration(float(hours.max())),
        "horizon": wording.duration(case.horizon),
        "down": wording.out_of(int((hours > 0).sum()), case.runs),
        "cut": wording.out_of(int(cut.sum()), case.runs),
    }
    return say("downtime", downtime_variant(hours, int(cut.sum())), **fields)


def _again(hours: float, before: float) -> str:
    """A second duration in one sentence: the bare number where the unit is the same."""
    return (
        wording.days_or_hours(hours)
        if before >= 1 and wording.in_days(hours) == wording.in_days(before)
        else (wording.duration(hours))
    )


def downtime_variant(hours: Floats, cut: int) -> str:
    """Which of the sentences about downtime is true."""
    runs, unfinished = hours.size, "_unfinished" if cut else ""
    if not hours.any():
        return "never"
    if runs == 1:
        return "single" + unfinished
    if cut == runs:
        return "nobody_back"
    if cut > runs / 2:
        return "mostly_unfinished"
    if quantile(hours, 0.5) == 0:
        return ("sometimes" if quantile(hours, 0.9) > 0 else "rarely") + unfinished
    if not cut and np.ptp(hours) <= 1e-9 * hours.max():
        return "certain"
    return "unfinished" if cut else "always_back"


def plan(case: Case) -> Sentence | None:
    """What the operator would have announced, beside what comes of it."""
    hours = case.column("downtime")
    if case.planned is None or not hours.any():
        return None
    longer = int((hours > case.planned * (1.0 + 1e-9) + 1e-6).sum())
    if not longer:
        return None
    variant = "nothing" if case.planned < 1e-6 else "some"
    return say(
        "plan", variant, planned=wording.duration(case.planned), longer=wording.out_of(longer, case.runs)
    )


def users(case: Case) -> Sentence:
    """How many fewer (or more) users at the end than there would have been."""
    lost, would = case.column("users_lost"), float(case.column("users_end_counterfactual").mean())
    mean, spread = float(lost.mean()), float(np.ptp(lost))
    word = "fewer" if mean >= 0 else "more"
    fields = {
        "date": wording.date(case.start, case.horizon),
        "size": wording.count(abs(mean)),
        "unit": case.scenario.users.unit,
        "would": wording.count(would),
        "band": case.band,
        "range": _range(lost, word),
        "word": word,
    }
    small = 1e-9 * max(would, 1.0)
    if np.abs(lost).max() <= small:
        return say("users", "same", **fields)
    if abs(mean) < 0.002 * would and quantile(lost, 0.05) < 0 < quantile(lost, 0.95):
        return say("users", "about_same", **fields)
    return say("users", "certain" if spread <= small or case.runs == 1 else word, **fields)


def _range(lost: Floats, word: str) -> str:
    """``4,000 to 1.7 million``; with words where the ends lie on both sides of nothing."""
    low, high = quantile(lost, 0.05), quantile(lost, 0.95)
    if low < 0 < high:
        return f"{wording.count(-low)} more to {wording.count(high)} fewer"
    if word == "more":
        low, high = -high, -low
    return f"{wording.count(low)} to {wording.count(high)}"


def missing(case: Case) -> Sentence | None:
    """Who they are that are missing: left, never joined, still wait."""
    names = ("users_not_returned", "users_not_joined", "users_waiting_end")
    left, unjoined, waiting = (float(case.column(name).mean()) for name in names)
    lost = left + unjoined + waiting
    would = float(case.column("users_end_counterfactual").mean())
    if abs(lost) < 0.002 * would or lost == 0:
        return None
    if lost < 0 or min(left, unjoined, waiting) < -0.005 * lost:
        shown = [wording.count(part) for part in (left, unjoined, waiting)]
        return say("missing", "counts", left=shown[0], unjoined=shown[1], waiting=shown[2], wait="wait")
    parts = [f"{part}" for part in wording.of_hundred([left, unjoined, waiting])]
    wait = "waits" if parts[2] == "1" else "wait"
    return say("missing", "of_hundred", left=parts[0], unjoined=parts[1], waiting=parts[2], wait=wait)


def path(case: Case) -> Sentence | None:
    """What the downtime goes into."""
    whole = sum(share.hours for share in case.shares)
    if whole <= 0:
        return None
    ordered = sorted(case.shares, key=lambda share: -share.hours)
    names = [share.spent for share in ordered[:2]]
    first = wording.hundred(ordered[0].hours / whole)
    if first == "100":
        return say("path", "whole", cause=names[0])
    unit = "days" if wording.in_days(whole) else "hours"
    if len(ordered) == 1 or ordered[1].hours < 0.05 * whole:
        return say("path", "one", first=first, unit=unit, cause=names[0])
    second = wording.hundred(ordered[1].hours / whole)
    return say("path", "two", first=first, unit=unit, cause=names[0], second=second, next=names[1])


def users_back(case: Case) -> Sentence | None:
    """When the users, not the service, are back."""
    if "time_to_recover_users" not in case.outcomes:
        return None
    hours, cut = case.column("time_to_recover_users"), case.cut("time_to_recover_users")
    number = int(cut.sum())
    half, tenth = (quantile(np.where(cut, np.inf, hours), share) for share in (0.5, 0.9))
    fields = {
        "runs": f"{case.runs:,}",
        "half": wording.duration(half),
        "tenth": _again(tenth, half),
        "cut": wording.out_of(number, case.runs),
    }
    if not number:
        variant = (
            "never_away"
            if not hours.any()
            else "certain"
            if quantile(hours, 0.05) == tenth
            else "always_back"
        )
        return say("users_back", variant, **fields)
    if number == case.runs:
        return say("users_back", "nobody_back", **fields)
    return say("users_back", "mostly_unfinished" if np.isinf(half) else "unfinished", **fields)


def cost(case: Case) -> Sentence | None:
    """What it costs, where the scenario says what anything costs."""
    if "cost" not in case.outcomes or not case.column("cost").any():
        return None
    money, currency = case.column("cost"), case.scenario.currency
    lost = float(case.column("revenue_lost").mean()) if "revenue_lost" in case.outcomes else 0.0
    ends = f"{wording.count(quantile(money, 0.05))} to {wording.count(quantile(money, 0.95))} {currency}"
    size = f"{wording.count(float(money.mean()))} {currency}"
    if np.ptp(money) <= 0.005 * abs(float(money.mean())):
        return say("cost", "certain", size=size)
    return say(
        "cost",
        "some" if lost > 0 else "no_revenue",
        size=size,
        range=ends,
        revenue=f"{wording.count(lost)} {currency}",
    )


def ordinary(case: Case) -> Sentence | None:
    """What the suppliers would cost anyway, where fewer are paid: else a loss looks like a saving."""
    if "cost_standing_counterfactual" not in case.outcomes:
        return None
    would = float(case.column("cost_standing_counterfactual").mean())
    if float(case.column("cost_standing").mean()) >= would * (1.0 - 0.005):
        return None
    return say("cost", "ordinary", ordinary=f"{wording.count(would)} {case.scenario.currency}")


def observed(case: Case, seen: Observed) -> Sentence:
    """What really happened, and where it falls among the runs."""
    value = told(seen, seen.value)
    if seen.at is not None and seen.at > case.horizon:
        return say("observed", "beyond", label=seen.label, value=value)
    below = int((seen.simulated[~seen.open] < seen.value).sum())
    unsure = int((seen.simulated[seen.open] < seen.low).sum())
    known = np.where(seen.open, np.inf, seen.simulated)
    inside = quantile(known, 0.05) <= seen.high and seen.low <= quantile(known, 0.95)
    fields = {
        "label": seen.label,
        "value": value,
        "whole": f"{wording.count(seen.of)} {seen.of_label}".strip(),
        "below": wording.out_of(below, seen.simulated.size),
        "open": wording.out_of(unsure, seen.simulated.size),
        "place": "" if inside else "; it lies outside what 9 runs in 10 give",
    }
    if seen.at is not None:
        return say("observed", "lower", **fields)
    if seen.kind == "time":
        return say("observed", "cut" if unsure else "shorter", **fields)
    return say("observed", "fewer" if seen.kind == "count" else "less", **fields)


def told(seen: Observed, value: float) -> str:
    """An observed value in its own unit."""
    if seen.kind == "time":
        return wording.duration(value)
    return wording.percent(value) if seen.kind == "share" else wording.count(value)


def check(each: Check) -> Sentence:
    """Whether a target or a claim is met."""
    share = wording.out_of(each.met, each.runs)
    if each.needed is None:
        variant = "always" if each.met == each.runs else "never" if each.met + each.undecided == 0 else "met"
        if each.undecided and variant == "met":
            variant = "open"
        return say(
            "target", variant, text=each.text, share=share, open=wording.out_of(each.undecided, each.runs)
        )
    ends = {"low": wording.percent(each.low), "high": wording.percent(each.high)}
    return say(
        "claim", each.verdict, text=each.text, share=share, needed=wording.percent(each.needed), **ends
    )


def error(case: Case) -> Sentence:
    """How far the averages may be from those of endlessly many runs."""
    if case.runs == 1:
        return say("error", "one_run")
    lost = case.column("users_lost")
    mean = mean_interval(lost)
    half = mean.high - mean.value
    if half <= 1e-9 * max(abs(float(lost.mean())), 1.0) and np.ptp(case.column("downtime")) == 0:
        return say("error", "none", runs=f"{case.runs:,}")
    return say("error", "some", runs=f"{case.runs:,}", users=wording.count(half, 2))


def whose(case: Case) -> Sentence | None:
    """How much of what lies between the runs is what nobody knows, and how much chance."""
    from sim.outcomes import measures_of
    from sim.views.kinds import explained

    if not case.uncertain or "replication" not in case.outcomes:
        return None
    share = explained(case.scenario, measures_of(case.scenario)["users_lost"], case.outcomes)
    if share is None:
        return None
    count = wording.plural(str(len(case.scenario.unknowns)), "unknown")
    told = f"about {wording.percent(share, 2)}" if share >= 0.01 else "less than 1 %"
    return say("error", "shared", share=told, unknowns=count)


def evidence(case: Case) -> Sentence | None:
    """How many inputs nobody has measured."""
    inputs, assumed = len(case.evidence), sum(item.assumed for item in case.evidence)
    if not inputs:
        return None
    variant = {0: "none", 1: "one", inputs: "all"}.get(assumed, "some")
    return say("evidence", variant, assumptions=f"{assumed:,}", inputs=f"{inputs:,}")


def compare(difference: Difference, strategy: str, baseline: str, size: str, error: str) -> Sentence:
    """How one strategy differs from the baseline; sure only if the interval holds no nothing."""
    fields = {"strategy": strategy, "baseline": baseline, "size": size, "error": error}
    what = templates()["what"][difference.measure]
    if difference.low == difference.high == 0:
        return say("comparison", "same", what=what, **fields)
    if difference.low <= 0 <= difference.high:
        return say("comparison", "undecided", what=what, **fields)
    return say("comparison", "less" if difference.mean < 0 else "more", what=what, **fields)
