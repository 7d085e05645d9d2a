"""The hosting strategies that come with the package, as patches of any scenario.

In: names from `use:` in a strategy, and the role they are about. Out: the tree changed by them, in order.
An entry is a YAML file in `sim/scenario/hosting`: what it is called, what it does, what it leaves open, and
a patch in which `$role` stands for the role. It is read like any scenario, so each of its numbers carries a
source or an assumption, and `check` lists them as it lists everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from sim.errors import Problem
from sim.scenario.marks import strip_marks
from sim.scenario.nodes import Node, describe, nowhere
from sim.scenario.patches import merge
from sim.scenario.reader import read_text

FOLDER = Path(__file__).with_name("hosting")
ORDER = (
    "single_host", "documented_plan", "offsite_backups", "pilot_light", "warm_standby", "two_hosts",
    "own_hardware",
)  # fmt: skip
"""From what costs least to what costs most; the last comes into play last."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One strategy of the library.

    Attributes
    ----------
    label, about
        Its name, and what it does.
    leaves_open
        What it does not protect from.
    text
        The whole file, with its comments; `$role` where the role's name goes.
    patch
        What it changes, for the role it was read for.
    """

    name: str
    label: str
    about: str
    leaves_open: str
    text: str
    patch: Node


def entry(name: str, role: str = "host") -> Entry:
    """One entry, made out to a role.

    Raises
    ------
    KeyError
        If the library has no such entry.
    """
    if name not in ORDER:
        raise KeyError(name)
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    source = f"library entry {name}"
    said = read_text(text.replace("$role", role), source=source).mapping
    patch = strip_marks(said["patch"], source)
    assert not patch.problems
    words = {key: str(said[key].value) for key in ("label", "about", "leaves_open")}
    return Entry(name, **words, text=text, patch=nowhere(patch.node))


def entries() -> Iterator[Entry]:
    """All of them, the cheapest first."""
    return (entry(name) for name in ORDER)


def used(
    patch: Node, base: Node, where: str, source: str, problems: list[Problem]
) -> tuple[Node, list[Entry]]:
    """``base`` changed by what a strategy's ``use`` names, for its ``role``; and these entries."""
    wanted, about = patch.mapping.get("use"), patch.mapping.get("role")
    if wanted is None:
        if about is not None:
            problems.append(Problem(f"{where}.role", "is unused without `use`", about.key_line, source))
        return base, []
    role = str(about.value) if about is not None else "host"
    suppliers = base.child("suppliers")
    if suppliers is None or role not in suppliers.mapping:
        known = [] if suppliers is None else list(suppliers.mapping)
        message = (
            f"there is no supplier `{role}` for it to be about; write `role:` and one of {', '.join(known)}"
        )
        problems.append(Problem(f"{where}.use", message, wanted.key_line, source))
        return base, []
    found = []
    for item in wanted.items or [wanted]:
        if not isinstance(item.value, str) or item.value not in ORDER:
            near = get_close_matches(str(item.value), ORDER, n=1)
            fix = f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(ORDER)
            message = f"there is no strategy {describe(item.value)} in the library; {fix}"
            problems.append(Problem(f"{where}.use", message, item.line or wanted.key_line, source))
            continue
        found.append(entry(item.value, role))
        base = merge(base, found[-1].patch, source, problems)
    return base, found
