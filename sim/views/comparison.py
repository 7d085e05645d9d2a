"""Strategies and worlds side by side, for people: the findings of `compare`.

In: arms, and the effects of events taken out. Out: a `Comparison`: sentences, tables, figures and files, each
made when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.views.case import Provenance

if TYPE_CHECKING:
    from sim.scenario.without import Blow
    from sim.study.arms import Arm
    from sim.study.comparison import Difference
    from sim.study.race import Chosen
    from sim.study.until import Enough
    from sim.study.without import Effect
    from sim.study.yearly import Account, TurningPoint, YearLine
    from sim.views.figures.picture import Picture
    from sim.views.saying import Sentence
    from sim.views.selecting import Lead, Place
    from sim.views.table import Table

FIGURES = ("comparison", "best", "pareto", "yearly", "waiting")


@dataclass(frozen=True)
class Comparison:
    """Strategies and worlds side by side, for people.

    Attributes
    ----------
    name, title
        Of the scenario.
    arms, baseline
        The strategies with their outcomes, and which of them the others are compared with.
    blows, worlds
        The blows that were named, and those that were simulated: also all of them together.
    effects
        What each did.
    folder
        Where tables and figures are; None if they are not kept.
    stopped
        What made the runs stop, a strategy chosen or a precision reached; None for a fixed number of runs.
    """

    name: str
    title: str
    arms: tuple[Arm, ...]
    baseline: str
    blows: tuple[Blow, ...]
    worlds: tuple[Blow, ...]
    effects: tuple[Effect, ...]
    folder: Path | None
    stopped: Chosen | Enough | None = None

    def arm(self, strategy: str) -> Arm:
        """One strategy."""
        return next(arm for arm in self.arms if arm.strategy == strategy)

    @property
    def others(self) -> list[Arm]:
        """The strategies but the baseline."""
        return [arm for arm in self.arms if arm.strategy != self.baseline]

    @cached_property
    def differences(self) -> list[Difference]:
        """Every strategy against the baseline: the rows of `comparison.csv`."""
        from sim.study.comparison import Other, compare_all

        base = self.arm(self.baseline)
        others = [Other(arm.strategy, arm.measures, arm.outcomes) for arm in self.others]
        return compare_all(others, self.baseline, base.outcomes, seed=base.scenario.seed)

    @cached_property
    def leads(self) -> list[Lead]:
        """Who leads in each main measure, and who may yet."""
        from sim.views.selecting import leads

        return leads(self)

    @cached_property
    def places(self) -> list[Place]:
        """Every strategy in cost and users lost; none where there is no money: the rows of `pareto.csv`."""
        from sim.views.selecting import places

        return places(self)

    @cached_property
    def accounts(self) -> list[Account]:
        """In money, if there is any, and in users; baseline first."""
        from sim.study.yearly import accounts

        return accounts([self.arm(self.baseline), *self.others])

    @cached_property
    def years(self) -> list[YearLine]:
        """What a year costs: the rows of `yearly.csv`."""
        from sim.study.yearly import year_lines

        return [line for account in self.accounts for line in year_lines(account, self.baseline)]

    @cached_property
    def turning(self) -> list[TurningPoint]:
        """Where the order of two strategies turns, in money: the rows of `turning_points.csv`."""
        from sim.study.yearly import turning_points

        return [
            point for account in self.accounts if account.kind == "money" for point in turning_points(account)
        ]

    @property
    def band(self) -> str:
        """What the runs differ by."""
        return "chance and unknowns" if any(arm.scenario.unknowns for arm in self.arms) else "chance only"

    @property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        base = self.arm(self.baseline)
        runs = max(arm.runs for arm in self.arms)
        digests = ", ".join(dict.fromkeys(arm.digest for arm in self.arms))
        return Provenance(self.name, digests, base.scenario.seed, sim.__version__, runs)

    def is_idle(self, measure: str) -> bool:
        """Whether a measure is 0 in every run of every strategy, as money is where none is given."""
        return all(measure not in arm.measures or not arm.outcomes[measure].any() for arm in self.arms)

    @cached_property
    def alike(self) -> list[list[str]]:
        """Strategies with the same downtime and the same users in every run, group by group."""
        from sim.study.comparison import paired

        groups: dict[bytes, list[str]] = {}
        worlds = paired(*(arm.outcomes for arm in self.arms))
        for arm, world in zip(self.arms, worlds, strict=True):
            key = b"".join(world[one].tobytes() for one in ("downtime", "users_lost", "user_hours_lost"))
            groups.setdefault(key, []).append(arm.strategy)
        return [group for group in groups.values() if len(group) > 1]

    def shared(self, strategy: str) -> bool:
        """Whether several blows were named and some event goes with two of them."""
        about = {e.what for e in self.effects if e.strategy == strategy}
        return "together" in about and "interaction" not in about

    def other_yardstick(self, strategy: str) -> list[Blow]:
        """Blows that take out what the counterfactual keeps."""
        from sim.scenario.without import same_yardstick

        return [blow for blow in self.blows if not same_yardstick(self.arm(strategy).scenario, blow)]

    # -- what people see ----------------------------------------------------------------------------------

    @property
    def parts(self) -> list[tuple[str, list[Sentence], list[Table]]]:
        """Heading, sentences and tables of each part there is."""
        from sim.views import compare_sentences, compare_tables, pair_sentences, selecting, stopping

        found: list[tuple[str, list[Sentence], list[Table]]] = []
        if self.others:
            said = stopping.words(self.stopped)
            said += compare_sentences.strategies(self) + pair_sentences.pairs(self)
            said += selecting.sentences(self) + pair_sentences.cautions(self)
            shown = [compare_tables.strategies(self), compare_tables.quantiles(self)]
            shown += [compare_tables.sureness(self), selecting.table(self)]
            found.append(("", said, shown))
        for arm in self.arms if self.blows else ():
            table = compare_tables.without(self, arm.strategy)
            # In words for the baseline; the other tables are read like its own.
            mine = arm.strategy == self.baseline
            heading = f"With “{arm.label}”, without some events:" if mine and self.others else ""
            said = compare_sentences.without(self, arm.strategy) if mine else []
            found.append((heading, said, [table]))
        said = compare_sentences.chances(self)
        tables = []
        for account in self.accounts:
            said += compare_sentences.yearly(self, account)
            tables.append(compare_tables.yearly(self, account))
        if len(self.turning) > 1:
            tables.insert(1, compare_tables.turning(self))
        found.append(("How likely is it, and what does that make a year?", said, tables))
        return found

    @cached_property
    def figures(self) -> dict[str, Picture]:
        """`comparison`, `best` and `waiting` of strategies, where there is money `pareto` and `yearly`."""
        from sim.views.figures import best, comparison, pareto, survival, yearly

        if not self.others:
            return {}
        found = {"comparison": comparison.picture(self)}
        if self.leads:
            found["best"] = best.picture(self)
        if self.places:
            found["pareto"] = pareto.picture(self)
        if self.accounts[0].kind == "money":
            found["yearly"] = yearly.picture(self)
        found["waiting"] = survival.compared(self)
        return found

    def save(self) -> None:
        """Write tables and figures into the folder, each whole or not at all; nothing without a folder."""
        from sim.study.archive import Archive
        from sim.study.comparison import Difference
        from sim.study.tables import write_csv
        from sim.study.without import Effect
        from sim.study.yearly import TurningPoint, YearLine
        from sim.views.selecting import Place, Standing, standings

        if self.folder is None:
            return
        archive = Archive(self.folder)
        rows: dict[str, tuple[Any, Iterable[Any]]] = {
            "comparison.csv": (Difference, self.differences),
            "selection.csv": (Standing, standings(self) if self.others else []),
            "pareto.csv": (Place, self.places),
            "without.csv": (Effect, self.effects),
            "yearly.csv": (YearLine, self.years),
            "turning_points.csv": (TurningPoint, self.turning),
        }
        for file, (record, lines) in rows.items():
            write_csv(archive, file, record, lines)
        for name in FIGURES:
            for left in (self.folder / f"{name}.png", self.folder / f"{name}.svg"):
                left.unlink(missing_ok=True)  # of a comparison that had more to draw
            if name in self.figures:
                self.figures[name].save(self.folder)

    def __str__(self) -> str:
        """Sentences, then tables."""
        return "\n\n".join(
            text
            for heading, said, tables in self.parts
            for text in (heading, "\n".join(map(str, said)), *map(str, tables))
            if text
        )

    def _repr_html_(self) -> str:
        """Sentences and tables for a notebook."""
        from html import escape

        html = f"<h3>{escape(self.title)}</h3>"
        for heading, said, tables in self.parts:
            html += f"<h4>{escape(heading)}</h4>" if heading else ""
            html += "<ul>" + "".join(f"<li>{escape(each.text)}</li>" for each in said) + "</ul>"
            html += "".join(table._repr_html_() for table in tables)
        return html
