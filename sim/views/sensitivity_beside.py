"""A sensitivity study that stands beside a finished study: what the report says of it.

In: a finished study. Out: the `Explanation` of the sensitivity study of the same scenario and strategy whose
folder is in the study's own or next to it, as both are by default; None where there is none. It is read,
never computed, and no lock is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.errors import HostfallError
from sim.study.archive import Archive

if TYPE_CHECKING:
    from sim.study import Study
    from sim.study.sensitivity.order import Order
    from sim.views.sensitivity import Explanation

FOLDERS = "sensitivity_*"
"""How they are called unless another folder was named."""


def beside(study: Study, strategy: str) -> Explanation | None:
    """The one with shares of the variance rather than a screening, and of these the one from most points.

    Checked by: tests/unit/test_views_sensitivity_beside.py
    """
    from sim.study.sensitivity.look import look
    from sim.views.sensitivity import Explanation

    if study.users != "expected":
        return None  # its runs follow users as expected numbers
    found = sorted(_orders(study, strategy), key=lambda one: (one[1].screen, -one[1].base))
    for archive, order in found:
        try:
            return Explanation(look(order, archive, kept=True, done=True), study.file.title)
        except (OSError, ValueError, HostfallError):
            continue  # damaged: the verb says so, a report does without
    return None


def _orders(study: Study, strategy: str) -> Iterator[tuple[Archive, Order]]:
    """What was asked for in each finished one that is of this scenario and strategy."""
    from sim.errors import UsageError
    from sim.study.sensitivity.order import FORMAT, names, order_of

    for place in (*study.folder.glob(FOLDERS), *study.folder.parent.glob(FOLDERS)):
        archive = Archive(place)
        said: dict[str, Any] = archive.manifest()
        about = [said.get(key) for key in ("kind", "format", "scenario_digest", "strategy")]
        if not said.get("complete") or about != ["sensitivity", FORMAT, study.file.digest, strategy]:
            continue
        groups = {name: paths for name, paths in said["inputs"].items() if paths and paths != [name]}
        try:
            order = order_of(study.file, strategy, said["measures"], said["base"], groups, said["screen"], "")
        except UsageError:
            continue
        if order.digest == said["digest"] and all((place / name).is_file() for name in names(order)):
            yield archive, order
