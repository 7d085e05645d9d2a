"""One run told as a dated story, from what was recorded of it.

In: a `Case` and one of its runs. Out: a `Story`: moments in order of time, each with its sentences, as
plain text or HTML. What happened comes from the happenings and the capacities of the run, how many people
it concerned from its users at that moment; nothing is made up between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from sim.views import wording
from sim.views.case import Case, Run
from sim.views.labels import ability
from sim.views.narration import notes
from sim.views.saying import say

if TYPE_CHECKING:
    from sim.study import Study


@dataclass(frozen=True, slots=True)
class Moment:
    """What happens at one instant. ``main``: the story makes no sense without it."""

    hours: float
    when: datetime
    sentences: tuple[str, ...]
    main: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A run as moments in order of time."""

    title: str
    moments: tuple[Moment, ...]

    @property
    def text(self) -> str:
        """Plain text, a paragraph a moment."""
        year, lines = 0, [self.title, ""]
        for moment in self.moments:
            shown = f"{moment.when:%a} {moment.when.day} {moment.when:%b}"
            shown += f" {moment.when.year}" if moment.when.year != year else ""
            lines.append(f"{shown} {moment.when:%H:%M}. {' '.join(moment.sentences)}")
            year = moment.when.year
        return "\n".join(lines)

    def html(self, *, main_only: bool = False) -> str:
        """A list for a page; ``main_only`` leaves out what only the operator would notice."""
        items = [
            f'<li><time datetime="{m.when:%Y-%m-%dT%H:%MZ}">{m.when:%a} {m.when.day} {m.when:%b %Y, %H:%M}'
            "</time> "
            f"<span>{escape(' '.join(m.sentences))}</span></li>"
            for m in self.moments
            if m.main or not main_only
        ]
        return '<ol class="story">' + "".join(items) + "</ol>"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<h3>{escape(self.title)}</h3>{self.html()}"


def story(
    study: Study, strategy: str | None = None, which: int | Literal["typical", "worst"] = "typical"
) -> Story:
    """Tell one run of a study.

    Parameters
    ----------
    study
        Finished.
    strategy
        Which; default the baseline, or the first there is.
    which
        ``typical`` (nearest the middle), ``worst`` (loses the most users), or a replication's number, which
        may lie beyond those of the study.
    """
    return tell(*case_and_run(study, strategy, which))


def case_and_run(
    study: Study, strategy: str | None = None, which: int | Literal["typical", "worst"] = "typical"
) -> tuple[Case, Run]:
    """A strategy of a study and the run of it that is meant; see `story`."""
    from sim.views.gather import gather, one_run

    case = gather(study, strategy)
    if which == "typical":
        return case, case.typical
    name = case.provenance.strategy
    return case, one_run(study, name, study.worst(name) if which == "worst" else which)


def tell(case: Case, run: Run | None = None) -> Story:
    """Tell a run (default: the typical one).

    Parameters
    ----------
    case
        The strategy the run is one of.
    run
        Any of its runs.
    """
    run = run or case.typical
    moments = [_moment(case, 0.0, [_begins(run, case)], main=True)]
    told = run.at("active", 0.0)
    for hours, group in groupby(notes(case, run), key=lambda note: note.hours):
        together = list(group)
        sentences, main = (
            list(dict.fromkeys(note.text for note in together)),
            any(note.main for note in together),
        )
        active, would = run.at("active", hours), run.at("counterfactual", hours)
        # Numbers of users are told when they have changed by a tenth since the last time.
        if main and abs(active - told) > 0.1 * would:
            sentences.append(_counts(run, hours))
            told = active
        moments.append(_moment(case, hours, sentences, main=main))
    if len(moments) == 1:
        moments = [_moment(case, 0.0, [_begins(run, case), say("story", "quiet").text], main=True)]
    moments.append(_moment(case, case.horizon, _ends(case, run), main=True))
    strategy = f" of “{case.label}”" if case.provenance.strategy not in {"", "as_is"} else ""
    return Story(f"{case.scenario.title}: run {run.replication:,}{strategy}", tuple(moments))


def _counts(run: Run, hours: float) -> str:
    """Users by state just after an instant; a state nobody is in is left out."""
    gone = run.at("away", hours) + run.at("gone", hours) - run.at("left_anyway", hours)
    queue = 0.0 if run.door is None else run.at("door", hours)
    numbers = {
        "active": run.at("active", hours),
        "queue": queue,
        "waiting": run.at("waiting", hours) - queue,
        "left": gone,
    }
    parts = [
        say("story", name, users=wording.count(value)).text
        for name, value in numbers.items()
        if value >= 1 or name == "active"
    ]
    would = wording.count(run.at("counterfactual", hours))
    return say("story", "counts", parts=wording.listing(parts), would=would).text


def _begins(run: Run, case: Case) -> str:
    return say(
        "story", "opens", users=wording.count(run.at("active", 0.0)), unit=case.scenario.users.unit
    ).text


def _ends(case: Case, run: Run) -> list[str]:
    """The last moment: users, and what still cannot be done."""
    fields = {"users": run.at("active", case.horizon), "would": run.at("counterfactual", case.horizon)}
    said = [
        say(
            "story", "ends", unit=case.scenario.users.unit, **{k: wording.count(v) for k, v in fields.items()}
        ).text
    ]
    down = [
        name
        for name, level in run.timeline.levels.items()
        if level.down() and level.down()[-1][1] >= case.horizon
    ]
    queue = 0.0 if run.door is None else run.at("door", case.horizon)
    if queue >= 1:
        said.append(say("story", "still_queueing", users=wording.count(queue)).text)
    if down:
        said.append(
            say(
                "story",
                "still_down",
                what=wording.listing([wording.small(ability(case.scenario, n)) for n in down]),
            ).text
        )
    return said


def _moment(case: Case, hours: float, sentences: list[str], *, main: bool) -> Moment:
    return Moment(hours, wording.instant(case.start, hours), tuple(sentences), main)
