"""What `strategies` prints: the hosting strategies that come with the package, or one of them as a file.

In: perhaps a name. Out: text.
"""

from __future__ import annotations

from sim.errors import UsageError
from sim.scenario.library import ORDER, entries, entry
from sim.views import places, terminal

_HOW = """To use one in a scenario file, name it; entries are combined in the order given, and what else the
strategy says comes on top:

strategies:
  single_host: {use: single_host}
  prepared: {use: [documented_plan, offsite_backups], role: host, label: Prepared}"""


def library_for_people() -> str:
    """Every entry: its name, what it is, and what it leaves open."""
    columns = terminal.width()
    parts = ["Hosting strategies that are ready to use (`strategies NAME` shows one with all its numbers):"]
    for each in entries():
        texts = [f"{each.about}", f"Leaves open: {each.leaves_open}"]
        body = terminal.paragraphs([f"  {text}" for text in texts], columns, hang=2)
        parts.append(f"{each.name}: {each.label}\n{body}")
    return "\n\n".join([*parts, _HOW])


def entry_for_people(name: str) -> str:
    """One entry as the file it is, comments and evidence included.

    Raises
    ------
    UsageError
        If the library has none of that name; says the nearest.
    """
    if name not in ORDER:
        near = places.did_you_mean(places.nearest(name, ORDER))
        message = f"The library has no strategy `{name}`.{near} It has: {', '.join(ORDER)}."
        raise UsageError(message)
    return entry(name).text.rstrip("\n")
