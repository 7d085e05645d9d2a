"""What a structure means, in sentences: which variant holds and the numbers in it.

In: an `Anatomy`. Out: sentences in reading order. The words are in `templates/structure_sentences.toml`.
"""

from __future__ import annotations

from functools import partial

from sim.clock import HOURS_IN_YEAR
from sim.views import saying, wording
from sim.views.anatomy import Anatomy
from sim.views.labels import ability, can, cannot, the
from sim.views.saying import Sentence

MOST_OWNERS = 3
"""Sentences about them; the tables have all."""


templates = partial(saying.templates, "structure_sentences")
say = partial(saying.fill, "structure_sentences")


def sentences(found: Anatomy) -> tuple[Sentence, ...]:
    """All that is to be said, the most wanted first."""
    return (*single_losses(found), *availability(found), *consequence(found))


def single_losses(found: Anatomy) -> list[Sentence]:
    """What one loss can do, and what none can."""
    all_of_them = [e for e, names in found.singles.items() if len(names) == len(found.cuts)]
    said = [_everything(found, all_of_them)] if all_of_them else [_headline(found)]
    said += [_owner(found, owner) for owner in list(found.owned)[:MOST_OWNERS]]
    kept = [name for name, cuts in found.cuts.items() if not cuts.singles]
    rest = [name for name in kept if name != found.scenario.headline]
    if rest:
        said.append(say("rest", "some", what=_names(found, rest)))
    return said


def _everything(found: Anatomy, events: list[str]) -> Sentence:
    what = _any_of(found, events)
    return say("everything", "one" if len(what) == 1 else "some", what=wording.listing(what))


def _any_of(found: Anatomy, events: list[str]) -> list[str]:
    """The events in words; two that take the same suppliers are one to whoever loses them."""
    return list(dict.fromkeys(found.lost(event) for event in events))


def _headline(found: Anatomy) -> Sentence:
    headline = found.scenario.headline
    fields = {"cannot": cannot(found.scenario, headline)}
    events = [event for event, names in found.singles.items() if headline in names]
    if events:
        what = _any_of(found, events)
        return say("headline", "one" if len(what) == 1 else "some", what=wording.listing(what), **fields)
    orders = found.cuts[headline].by_order
    if not any(orders):
        return say("headline", "never", **fields)
    order = next(size for size, count in enumerate(orders) if count)
    ways = wording.plural(wording.number(orders[order]), "such combination")
    return say("headline", "none", order=order, ways=ways, **fields)


def _owner(found: Anatomy, owner: str) -> Sentence:
    roles = [role for role, each in found.scenario.suppliers.items() if each.name == owner]
    stopped, every = len(found.owned[owner]), len(found.cuts)
    return say(
        "owner",
        "everything" if stopped == every else "some",
        owner=owner,
        parts=len(roles),
        roles=wording.listing([the(found.scenario, role) for role in roles]),
        number=stopped,
        all=every,
    )


def _names(found: Anatomy, capabilities: list[str]) -> str:
    return wording.listing([f"“{wording.small(ability(found.scenario, name))}”" for name in capabilities])


def availability(found: Anatomy) -> list[Sentence]:
    """How much of the time ordinary failures take the headline capability down, and which."""
    if not found.states_failures:
        return [say("availability", "unknown")]
    headline = found.scenario.headline
    words, share = cannot(found.scenario, headline), found.unavailability[headline]
    said = [say("availability", "never", cannot=words)]
    if share > 0.0:
        hours = wording.duration(share * float(HOURS_IN_YEAR))
        said = [say("availability", "down", cannot=words, share=wording.percent(share), hours=hours)]
        first, *rest = found.importances[headline]
        fields = {"first": wording.hundred(first.fussell_vesely), "what": found.lost(first.event)}
        if rest and rest[0].fussell_vesely >= 0.05:
            second = {"second": wording.hundred(rest[0].fussell_vesely), "next": found.lost(rest[0].event)}
            said.append(say("part", "two", **fields, **second))
        else:
            said.append(say("part", "one", **fields))
    if found.silent:
        counts = {"silent": len(found.silent), "all": len(found.scenario.suppliers)}
        said.append(say("silent", "some", **counts))
    return said


def consequence(found: Anatomy) -> list[Sentence]:
    """Who costs the most users, whether it is replaced in time, and how few owners hold the loss."""
    if found.consequences is None:
        return []
    scenario = found.scenario
    worst = max(found.consequences.roles, key=lambda one: one.users_lost)
    said = [replacement(found)]
    if worst.users_lost <= 1e-9 * scenario.users.start:
        said.append(say("consequence", "none"))
    else:
        half = (worst.high - worst.low) / 2
        fields = {
            "what": the(scenario, worst.roles[0]),
            "date": wording.date(scenario.clock.start, scenario.clock.horizon),
            "size": wording.count(worst.users_lost),
            "error": wording.count(half, 2),
            "unit": scenario.users.unit,
        }
        varies = half > 1e-9 * worst.users_lost
        said += [say("consequence", "some" if varies else "certain", **fields), concentration(found)]
    said.append(say("error", "some", runs=f"{worst.runs:,}"))
    return said


def replacement(found: Anatomy) -> Sentence:
    """The supplier without which the headline capability is down for longest, if there is one."""
    headline = found.scenario.headline
    missed = [one for one in found.survivals if one.capability == headline and not one.in_time]
    if not missed:
        return say("replacement", "survives", can=can(found.scenario, headline))
    longest = max(missed, key=lambda one: one.down)
    fields = {"what": the(found.scenario, longest.role), "cannot": cannot(found.scenario, headline)}
    if longest.down == float("inf"):
        return say("replacement", "never", **fields)
    return say("replacement", "late", half=wording.duration(longest.down), **fields)


def concentration(found: Anatomy) -> Sentence:
    """With how few owners the loss lies."""
    assert found.consequences is not None
    spread = found.consequences.concentration
    owner, share = max(spread.shares.items(), key=lambda item: item[1])
    owner = the(found.scenario, owner) if owner in found.scenario.suppliers else owner
    if share >= 1.0 - 1e-12:
        return say("concentration", "one", owner=owner)
    return say(
        "concentration",
        "some",
        number=wording.number(spread.effective_number, 2),
        index=wording.number(round(spread.index), 4),
        owner=owner,
        share=wording.percent(share, 2),
    )
