"""What the page for a board says, in sentences: which variant holds and the numbers in it.

In: a `Decision`. Out: sentences, by their place on the page. The words are in
`templates/decision_sentences.toml`; here is only which of them is true.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from sim.views import movers, saying, wording
from sim.views.compare_sentences import in_words
from sim.views.decision import Decision
from sim.views.labels import ability, supplier, the
from sim.views.movers import say
from sim.views.saying import Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.exposure import Exposure
    from sim.study.yearly import TurningPoint
    from sim.views.decision_turns import Turn

MOST_TURNS = 2
"""Conditions told on the page."""

MOST_NAMES = 3
"""Strategies named in one sentence."""

MOST_RUNS = 1_000_000
"""If it took more to tell two apart, they are as good as the same."""

templates = partial(saying.templates, "decision_sentences")


# -- in words -------------------------------------------------------------------------------------------


def told(found: Decision, value: float, figures: int = 3) -> str:
    """An amount of the criterion: money, users or a length of time."""
    kind = {"cost": "money", "users_lost": "count", "downtime": "time"}[found.by]
    base = found.found.arm(found.found.baseline).scenario
    words = in_words(base, kind, value, figures)
    return f"{words} {base.users.unit}" if kind == "count" else words


def short(found: Decision, value: float, figures: int = 3) -> str:
    """The same without the unit of users, for a second amount in a sentence."""
    return told(found, value, figures).removesuffix(
        f" {found.found.arm(found.found.baseline).scenario.users.unit}"
    )


def labels(found: Decision, names: Sequence[str], last: str = "and") -> str:
    """Strategies in quotation marks, not more than a reader keeps in mind."""
    quoted = [f"“{found.found.arm(name).label}”" for name in names[:MOST_NAMES]]
    more = len(names) - MOST_NAMES
    quoted += [f"{more} more"] if more > 0 else []
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]


def criterion(found: Decision) -> str:
    """By what it is judged."""
    base = found.found.arm(found.found.baseline).scenario
    fields = {"unit": base.users.unit, "parts": "", "chances": ""}
    if found.by == "cost":
        earns = any(arm.outcomes["revenue_lost"].any() for arm in found.found.arms)
        fields["parts"] = templates()["parts"]["income" if earns else "costs"]
        fields["chances"] = chances(found)
    return templates()["criterion"][found.by].format(**fields)


def chances(found: Decision) -> str:
    """How likely it is a year, as the file says."""
    known = found.chances or {}
    if len(set(known.values())) == 1:
        return templates()["chances"]["one"].format(chance=wording.percent(next(iter(known.values()))))
    each = [
        f"{wording.percent(chance)} with “{found.found.arm(name).label}”" for name, chance in known.items()
    ]
    return templates()["chances"]["several"].format(each=wording.listing(each))


# -- the recommendation ---------------------------------------------------------------------------------


def head(found: Decision) -> Sentence:
    """We recommend, or we cannot yet tell."""
    best, count = found.best, len(found.values)
    if count == 1:
        return say("head", "one", only=found.found.arms[0].label)
    if len(best.alike) == count:
        return say("head", "same", count=count, what=noun(found))
    if found.decided and len(best.alike) > 1:
        return say("head", "alike", names=labels(found, best.alike))
    if found.decided:
        return say("head", "recommend", best=found.found.arm(best.strategy).label)
    others = open_rivals(found)
    return say("head", "undecided", first=labels(found, [best.strategy]), others=labels(found, others, "or"))


def ahead(found: Decision) -> Sentence:
    """The same without advice: a file may compare what nobody can choose between, such as crowds."""
    if not found.decided:
        return head(found)
    if len(found.best.alike) > 1:
        return say("head", "ahead_alike", names=labels(found, found.best.alike))
    return say("head", "ahead", best=found.found.arm(found.best.strategy).label)


def noun(found: Decision) -> str:
    """The criterion as a noun."""
    return {"cost": "cost a year", "users_lost": "users lost", "downtime": "downtime"}[found.by]


def open_rivals(found: Decision) -> list[str]:
    """Those who may yet be better than the leader, the nearest first."""
    return [name for name in found.rivals if name in found.possible]


def why(found: Decision) -> list[Sentence]:
    """By what it is judged, by how much, and how sure that is."""
    own = told(found, float(found.values[found.best.strategy].mean()))
    fields = {"criterion": criterion(found), "own": own}
    if not found.rivals:
        return [say("why", "one" if len(found.values) == 1 else "same", **fields)]
    rival = (open_rivals(found) or found.rivals)[0] if not found.decided else found.rivals[0]
    gap = found.gap(rival)
    fields |= {
        "rival": found.found.arm(rival).label,
        "best": found.found.arm(found.best.strategy).label,
        "size": short(found, gap.value),
        "low": short(found, gap.low),
        "high": short(found, gap.high),
    }
    if found.decided:
        fields["each"] = "each of them" if len(found.best.alike) > 1 else "it"
        return [say("why", "recommend", **fields), *besides(found)]
    return [say("why", "undecided", **fields), _needed(found, rival), *_ruled_out(found)]


def _needed(found: Decision, rival: str) -> Sentence:
    runs = found.needed(rival)
    if not runs <= MOST_RUNS:
        return say("needed", "many", most=f"{MOST_RUNS:,}")
    runs = max(runs, found.best.runs + 1.0)
    return say("needed", "some", runs=wording.number(runs, 2), made=f"{found.best.runs:,}")


def _ruled_out(found: Decision) -> list[Sentence]:
    names = [name for name in found.rivals if name not in found.possible]
    return [say("out", "some", names=labels(found, names))] if names else []


def besides(found: Decision) -> list[Sentence]:
    """What is given up: who loses fewer users, or costs less, if that is another and the runs tell."""
    rows = {row.strategy: row for row in found.rows}
    best = rows[found.best.strategy]
    if found.by == "cost":
        return _fewer(found)
    if best.cost is None:
        return []
    cheapest = min(rows.values(), key=lambda row: row.cost.value if row.cost else math.inf)
    if cheapest.strategy in found.best.alike or cheapest.cost is None:
        return []
    scenario = found.found.arm(best.strategy).scenario
    size = in_words(scenario, "money", best.cost.value - cheapest.cost.value)
    cost = in_words(scenario, "money", cheapest.cost.value)
    fields = {"name": cheapest.label, "best": best.label, "size": size, "cost": cost}
    variant = "cost" if _costs_least(found, cheapest.strategy) else "cost_open"
    return [say("besides", variant, **fields)] if best.cost.low > cheapest.cost.high else []


def _costs_least(found: Decision, cheapest: str) -> bool:
    """Whether a year with one strategy costs less than with every other by more than chance."""
    from sim.study.simultaneous import joint_interval

    if found.money is None or found.chances is None:
        return False
    years = {name: found.money.a_year(name, found.chances[name]) for name in found.money.loss}
    rest = [name for name in years if name != cheapest]
    return all(joint_interval(years[name] - years[cheapest], len(rest)).low > 0.0 for name in rest)


def _fewer(found: Decision) -> list[Sentence]:
    """Who loses the fewest users, where the judgement is by cost."""
    lead = next((one for one in found.found.leads if one.measure == "users_lost"), None)
    if lead is None or not lead.decided or found.best.strategy in lead.best.alike:
        return []
    rows = {row.strategy: row for row in found.rows}
    other, best = rows[lead.best.strategy], rows[found.best.strategy]
    scenario = found.found.arm(other.strategy).scenario
    fields = {
        "unit": scenario.users.unit,
        "name": other.label,
        "size": wording.count(best.users_lost.value - other.users_lost.value),
    }
    if other.cost is None or best.cost is None:
        return [say("besides", "users_lost_free", **fields)]
    cost = in_words(scenario, "money", other.cost.value - best.cost.value)
    return [say("besides", "users_lost", cost=cost, **fields)]


# -- how firm it is -------------------------------------------------------------------------------------


def stays(found: Decision) -> list[Sentence]:
    """In how many runs and draws it leads, and what would turn that."""
    if not found.rivals:
        return []
    if not found.decided:
        words = templates()["stays"]["open_one"]
        each = [
            words.format(name=found.found.arm(name).label, runs=wording.hundred(found.ahead[name]))
            for name in found.possible[:MOST_NAMES]
        ]
        return [say("stays", "open", each=wording.listing(each))]
    ahead = sum(found.ahead[name] for name in found.best.alike)
    fields = {"runs": wording.hundred(ahead), "count": movers.counted(len(found.draws)), **_they(found)}
    if not found.draws:
        return [say("stays", "chance", **fields), *_stops_by_chance(found)]
    if found.stays is None:
        return [say("stays", "few", **fields), *_stops_by_chance(found)]
    said = [say("stays", "both", draws=wording.hundred(found.stays), **fields)]
    said += [_stops(found, turn) for turn in found.turns[:MOST_TURNS]]
    return said + ([] if found.turns else [say("stops", "none")]) + _stops_by_chance(found)


def _they(found: Decision) -> dict[str, str]:
    """What stands for the leading strategy, or for several that come to the same."""
    if len(found.best.alike) > 1:
        return {"it": "they", "is_": "are", "stays": "stay", "stops": "stop"}
    return {"it": "it", "is_": "is", "stays": "stays", "stops": "stops"}


def _stops(found: Decision, turn: Turn) -> Sentence:
    """One unknown that turns it."""
    scenario = movers.scenario_with([arm.scenario for arm in found.found.arms])(turn.path)
    return say(
        "stops",
        "unknown",
        what=wording.small(movers.name(scenario, turn.path)),
        side=turn.side,
        value=movers.value_at(scenario, turn.path, turn.quantile),
        share=wording.percent(turn.share, 2),
        rival=found.found.arm(turn.rival).label,
        size=told(found, turn.lead.value),
        low=short(found, turn.lead.low),
        high=short(found, turn.lead.high),
        **_they(found),
    )


def _stops_by_chance(found: Decision) -> list[Sentence]:
    """Between which chances a year it costs the least, where that is judged and there is one chance."""
    known = set((found.chances or {}).values())
    if found.by != "cost" or len(known) != 1 or found.money is None:
        return []
    from sim.study.yearly import cheapest

    steps, chance = cheapest(found.money), known.pop()
    here = max(i for i, (start, _) in enumerate(steps) if start <= chance)
    if steps[here][1] not in found.best.alike:
        return []
    said = []
    if here > 0:
        said.append(_turning(found, "chance_below", steps[here][0], steps[here - 1][1]))
    if here + 1 < len(steps):
        said.append(_turning(found, "chance_above", *steps[here + 1]))
    return said or [say("stops", "chance_never")]


def _turning(found: Decision, variant: str, chance: float, rival: str) -> Sentence:
    """The chance at which the order with one rival turns, and between which the runs do not tell."""
    pair = {found.best.strategy, rival}
    point: TurningPoint | None = next(
        (one for one in found.found.turning if {one.first, one.second} == pair and one.verdict == "turns"),
        None,
    )
    interval = ""
    if point is not None and point.high - point.low > 1e-9:
        ends = {"low": wording.percent(point.low), "high": wording.percent(point.high)}
        interval = templates()["stops"]["interval"].format(**ends)
    fields = {"chance": wording.percent(chance), "rival": found.found.arm(rival).label}
    return say("stops", variant, interval=interval, **fields, **_they(found))


# -- what it does not protect from ----------------------------------------------------------------------


def exposed(found: Decision, strategy: str, exposures: Sequence[Exposure], most: int = 2) -> str:
    """A cell: the losses that stop the service even if all goes to plan, not more than ``most`` by name."""
    scenario = found.found.arm(strategy).scenario
    words = templates()["exposure"]
    if not exposures:
        return words["nothing"]
    said = []
    for one in exposures[:most]:
        names = list(dict.fromkeys(the(scenario, role) for role in one.roles))
        what = wording.listing(names)
        fields = {
            "what": f"{what} together" if len(names) > 1 else what,
            "hours": wording.duration(one.hours),
            "agrees": wording.percent(one.agrees, 2),
        }
        variant = "never" if math.isinf(one.hours) else "again" if math.isnan(one.agrees) else "again_agrees"
        said.append(words[variant].format(**fields))
    if len(exposures) > most:
        said.append(words["more"].format(count=len(exposures) - most))
    text = "; ".join(said)
    alone = len(exposures[0].events) == 1
    return wording.capital(text if alone else words["together"].format(what=text))


def unanswered(found: Decision) -> list[Sentence]:
    """What ends for good with a supplier that nobody stands in for, whatever the strategy."""
    if not found.unanswered:
        return []
    scenario = found.found.arms[0].scenario
    words = templates()["unanswered"]["one"]
    each = []
    for one in found.unanswered[:MOST_NAMES]:
        names = wording.listing([wording.small(ability(scenario, name)) for name in one.capabilities])
        each.append(words.format(supplier=supplier(scenario, one.role), abilities=names))
    more = len(found.unanswered) - MOST_NAMES
    return [say("unanswered", "some", what=wording.listing(each + [f"{more} more"] * (more > 0)))]
