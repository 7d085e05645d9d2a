"""What a comparison found, in sentences: which variant holds and the numbers in it.

In: a `Comparison`. Out: sentences, by what they are about. The words are in
`templates/compare_sentences.toml`, those about two strategies in `templates/sentences.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from sim.views import saying, sentences, wording
from sim.views.case import Difference
from sim.views.happenings import phrase
from sim.views.saying import Sentence
from sim.views.summary import shown

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.without import Blow
    from sim.study.without import Effect
    from sim.study.yearly import Account, TurningPoint
    from sim.views.comparison import Comparison

MAIN = ("downtime", "users_lost", "cost")
"""What is said in sentences; the tables have more."""

MOST = 3
"""Strategies beside the baseline told one by one; of more, words tell the best and tables the rest."""


templates = partial(saying.templates, "compare_sentences")
say = partial(saying.fill, "compare_sentences")


# -- strategies -----------------------------------------------------------------------------------------


def strategies(found: Comparison) -> list[Sentence]:
    """Every strategy against the baseline, by main measure; of many only the furthest below it of each.

    Whether it differs at all is said by the interval that holds for all comparisons together.
    """
    rows = [each for each in found.differences if each.measure in MAIN and not found.is_idle(each.measure)]
    if len(found.others) > MOST:
        about = {one: [each for each in rows if each.measure == one] for one in MAIN}
        rows = [min(each, key=lambda row: row.difference) for each in about.values() if each]
    said = []
    for each in rows:
        arm, base = found.arm(each.strategy), found.arm(each.baseline)
        kind = arm.measures[each.measure].kind
        told = partial(in_words, arm.scenario, kind)
        row = Difference(each.measure, each.unit, kind, each.difference, each.joint_low, each.joint_high)
        half = told((each.joint_high - each.joint_low) / 2, 2)
        said.append(sentences.compare(row, arm.label, base.label, told(abs(each.difference)), half))
    if len(found.others) > 1:
        said.append(say("strategies", "joint", compared=len(found.others)))
    for group in found.alike:
        names = wording.listing([f"“{found.arm(name).label}”" for name in group])
        said.append(say("strategies", "alike", names=names))
    return said


def in_words(scenario: Scenario, kind: str, value: float, figures: int = 3) -> str:
    """A value as it stands in a sentence: ``42 days`` rather than ``42 d``."""
    return wording.duration(value) if kind == "time" else shown(scenario, kind, value, figures)


# -- without events -------------------------------------------------------------------------------------


def without(found: Comparison, strategy: str) -> list[Sentence]:
    """What each blow did, what all of them did, and whether that is the sum."""
    said: list[Sentence] = []
    rows = [each for each in found.effects if each.strategy == strategy]
    scenario = found.arm(strategy).scenario
    for measure in MAIN:
        about = [each for each in rows if each.measure == measure]
        if not about or found.is_idle(measure):
            continue
        for each in about:
            if each.what == "interaction":
                said.append(_interaction(found, scenario, each, about))
            else:
                said.append(_effect(found, scenario, each))
        if found.shared(strategy):
            said.append(say("interaction", "shared"))
    return said + [
        say("yardstick", "other", blow=blow_words(scenario, blow)) for blow in found.other_yardstick(strategy)
    ]


def variant_of(value: float, low: float, high: float, *, up: str, down: str) -> str:
    """Whether a difference is one, and which way; `same` where it is 0 in every run."""
    if low == high == 0.0:
        return "same"
    if low <= 0.0 <= high:
        return "undecided"
    return up if value > 0.0 else down


def _effect(found: Comparison, scenario: Scenario, each: Effect) -> Sentence:
    """The world without one blow."""
    told = partial(in_words, scenario, found.arm(each.strategy).measures[each.measure].kind)
    blow = next(one for one in found.worlds if one.name == each.events)
    whole = blow not in found.blows
    count = "both" if len(found.blows) == 2 else f"all {len(found.blows)}"
    words = templates()["blow"]["all"].format(count=count) if whole else blow_words(scenario, blow)
    before, after = told(each.happened), told(each.without)
    if before == after and each.effect:
        before, after = _told_apart(told, each.happened, each.without)
    return say(
        f"without_{each.measure}",
        variant_of(each.effect, each.low, each.high, up="less", down="more"),
        blow=words,
        size=told(abs(each.effect)),
        interval=interval(told, *sorted((abs(each.low), abs(each.high)))),
        without=after,
        happened=before,
        unit=scenario.users.unit,
    )


def _told_apart(told: partial[str], one: float, other: float) -> tuple[str, str]:
    """Two values with as many figures as it takes to see that they differ."""
    texts = told(one), told(other)
    for figures in range(4, 9):
        if told.args[1] == "time":
            texts = f"{wording.number(one, figures)} hours", f"{wording.number(other, figures)} hours"
        else:
            texts = told(one, figures), told(other, figures)
        if texts[0] != texts[1]:
            break
    return texts


def interval(told: Callable[..., str], low: float, high: float) -> str:
    """``95 % interval 3 to 5``; ``the same in every run`` where there is nothing between the ends."""
    return "the same in every run" if low == high else f"95 % interval {told(low)} to {told(high)}"


def _interaction(found: Comparison, scenario: Scenario, each: Effect, about: Iterable[Effect]) -> Sentence:
    """Whether together is more or less than the sum of each alone."""
    told = partial(in_words, scenario, found.arm(each.strategy).measures[each.measure].kind)
    summed = sum(one.effect for one in about if one.what == "alone")
    variant = variant_of(each.effect, each.low, each.high, up="more", down="less")
    ends = (each.low, each.high) if variant == "undecided" else sorted((abs(each.low), abs(each.high)))
    return say(
        "interaction",
        variant,
        size=told(abs(each.effect)),
        sum=told(summed),
        word="more" if each.effect > 0 else "less",
        interval=interval(told, *ends),
    )


def blow_words(scenario: Scenario, blow: Blow) -> str:
    """The events of a blow by their labels, and how many more go with them."""
    from sim.scenario.without import taken_out

    events = [event for event in scenario.events if event.id in blow.events]
    named = wording.listing([f"“{phrase(scenario, event)}”" for event in events]) or f"“{blow.name}”"
    more = len(taken_out(scenario.events, blow)) - len(events)
    if not more:
        return named
    it = "it" if len(events) == 1 else "them"
    count = wording.plural(str(more), "event")
    return templates()["blow"]["because"].format(events=named, count=count, it=it)


# -- a year ---------------------------------------------------------------------------------------------


def chances(found: Comparison) -> list[Sentence]:
    """How likely it is, as the file has it, and how long what follows is counted."""
    longest = max(arm.scenario.clock.horizon for arm in found.arms)
    return [_chance(found), say("chance", "horizon", horizon=wording.duration(longest))]


def _chance(found: Comparison) -> Sentence:
    given = found.accounts[-1].given
    stated = {name: chance for name, chance in given.items() if chance is not None}
    each = wording.listing(
        [f"{wording.percent(chance)} with “{found.arm(name).label}”" for name, chance in stated.items()]
    )
    if not stated:
        return say("chance", "none")
    if len(stated) < len(given):
        return say("chance", "some", each=each)
    if len(set(stated.values())) > 1:
        return say("chance", "differ", each=each)
    scenario = found.arm(found.baseline).scenario
    roots = [event for event in scenario.events if event.takes_away and event.because is None]
    events = [event for event in roots if event.chance is not None]
    chance = wording.percent(next(iter(stated.values())))
    if len(events) > 1:
        return say("chance", "several", count=len(events), chance=chance)
    variant = "given" if len(roots) == 1 else "given_all"
    return say("chance", variant, chance=chance, event=phrase(scenario, events[0]))


def yearly(found: Comparison, account: Account) -> list[Sentence]:
    """What a year costs at the given chance, which strategy costs least, and where that turns."""
    said = given_year(found, account)
    scenario = found.arm(found.baseline).scenario
    if account.kind == "users":
        return said
    if not scenario.users.revenue:
        said.append(say("year_money", "lost_users"))
    if len(found.arms) > 2:
        said.append(cheapest(found, account))
    wanted = [p for p in found.turning if len(found.arms) <= MOST or found.baseline in {p.first, p.second}]
    said += [turning(found, point) for point in wanted if not _is_plain(point)]
    return said + never(found, [point for point in wanted if _is_plain(point)])


def _is_plain(point: TurningPoint) -> bool:
    """Whether one strategy surely costs less at every chance."""
    # Where the standing costs are equal the two meet at a chance of 0, which is no chance.
    return point.verdict == "never" and not point.high > 0.0


def never(found: Comparison, points: Iterable[TurningPoint]) -> list[Sentence]:
    """Which strategies cost less than which others, however likely it is."""
    worse: dict[str, list[str]] = {}
    for point in points:
        worse.setdefault(point.below, []).append(point.second if point.below == point.first else point.first)
    return [
        say(
            "turning",
            "never",
            better=found.arm(better).label,
            worse=wording.listing([f"“{found.arm(name).label}”" for name in names]),
        )
        for better, names in worse.items()
    ]


def given_year(found: Comparison, account: Account) -> list[Sentence]:
    """What a year costs with each strategy at the chance that it is given."""
    lines = [line for line in found.years if line.given and line.account == account.kind]
    if not lines:
        return []
    kind = "money" if account.kind == "money" else "count"
    told = partial(shown, found.arm(found.baseline).scenario, kind)
    one = len({line.chance for line in lines}) == 1
    each = [
        f"{told(line.a_year)} with “{found.arm(line.strategy).label}”"
        + ("" if one else f" (at {wording.percent(line.chance)})")
        for line in lines
    ]
    if len(lines) > MOST + 1:
        best = min(lines, key=lambda line: line.a_year).strategy
        lines = [line for line in lines if line.strategy in {found.baseline, best}]
    if len(account.loss) == 1:
        line = lines[0]
        fields = {"chance": wording.percent(line.chance), "a_year": told(line.a_year), "unit": account.unit}
        return [say(f"year_{account.kind}", "single", **fields)]
    when = f"at a chance of {wording.percent(lines[0].chance)} a year" if one else "at these chances"
    return [say(f"year_{account.kind}", "given", when=when, each=wording.listing(each), unit=account.unit)]


def cheapest(found: Comparison, account: Account) -> Sentence:
    """Which strategy costs least a year, from which chance on."""
    from sim.study.yearly import cheapest as envelope

    steps = envelope(account)
    labels = [found.arm(name).label for _, name in steps]
    if len(steps) == 1:
        return say("cheapest", "one", first=labels[0])
    then = ""
    for i in range(1, len(steps)):
        last = i == len(steps) - 1
        until = "" if last else wording.percent(steps[i + 1][0])
        words = templates()["cheapest"]["then" if last else "then_until"]
        then += words.format(strategy=labels[i], until=until)
    until = wording.percent(steps[1][0])
    return say("cheapest", "several", first=labels[0], until=until, then=then)


def turning(found: Comparison, point: TurningPoint) -> Sentence:
    """At which chance the order of two strategies turns, and how sure that is."""
    first, second = found.arm(point.first).label, found.arm(point.second).label
    if point.verdict == "same":
        return say("turning", "same", better=first, worse=second)
    ends = {"low": wording.percent(point.low), "high": wording.percent(point.high)}
    if point.verdict == "never":
        if _is_plain(point):
            return never(found, [point])[0]
        better, worse = (first, second) if point.below == point.first else (second, first)
        return say("turning", "never_partly", better=better, worse=worse, **ends)
    below, above = found.arm(point.below).label, found.arm(point.above).label
    variant = "turns"
    if point.high - point.low <= 1e-9:
        variant = "exact"
    elif point.low <= 0.0 and point.high >= 1.0:
        variant = "undecided"
    return say("turning", variant, below=below, above=above, chance=wording.percent(point.chance), **ends)
