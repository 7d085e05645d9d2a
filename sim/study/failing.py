"""Under which values of what nobody knows a strategy fails: boxes of unknowns in which most failing runs lie.

In: the draws of the unknowns of finished runs, and which of the runs fail. Out: a `Failing` with a `Box` for
each region that fails more or less often than all. Nothing is simulated.

Why this way: the boxes are leaves of a small classification tree (scikit-learn, an extra): every run lies in
exactly one, and a box is a sentence about few unknowns. A tree always finds something, so it grows on every
second run, and what is said of its boxes is counted on the others, of which it knows nothing. Rejected: PRIM,
whose peeling finds one box after another, and whose kept Python package brings a plotting stack with it; a
regression, which has no boxes.

References
----------
Breiman, Friedman, Olshen and Stone 1984, Classification and Regression Trees, doi 10.1201/9781315139470;
Lempert, Bryant and Bankes 2008, "Comparing algorithms for scenario discovery", RAND WR-557 (a tree and PRIM
side by side; coverage and density); Miller and Siegmund 1982, "Maximally selected chi square statistics",
Biometrics 38, 1011-1016, doi 10.2307/2529881.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.study.statistics import Array, Interval, share_interval

Mask = NDArray[np.bool_]

MOST_BOXES = 6
"""More are no answer that somebody remembers."""

DEEPEST = 3
"""Unknowns in one box, at most."""

FEWEST = 25
"""Runs in a box of those the tree grows on: with fewer its share says little."""

EXPECTED = 2.0
"""Runs that fail, or that do not, in a box of those the tree grows on if it were like all: with fewer
expected, two that happen to fall together look like a reason."""

BY_CHANCE = 0.05
"""Of studies in which the unknowns decide nothing, about so many are split at most."""

ENOUGH = 4 * FEWEST
"""Runs without which nothing is looked for."""


@dataclass(frozen=True, slots=True)
class Box:
    """A region of the unknowns, and how it goes there.

    Attributes
    ----------
    bounds
        Lowest and highest quantile of each unknown that bounds it, in the order of the tree.
    runs, failing
        Of those held back, in the box.
    share
        Of its runs that fail, with Wilson's 95 % interval.
    covers
        Share of all failing runs that lie in it.
    """

    bounds: Mapping[str, tuple[float, float]]
    runs: int
    failing: int
    share: Interval
    covers: float


@dataclass(frozen=True, slots=True)
class Failing:
    """Where runs fail.

    Attributes
    ----------
    runs, failing
        In all.
    share
        Of all runs, with Wilson's 95 % interval.
    held_back
        Runs that the boxes are counted on.
    boxes
        The whole range of the unknowns, the box with the largest share first; a single box where no unknown
        tells failing runs from the others.
    """

    runs: int
    failing: int
    share: Interval
    held_back: int
    boxes: tuple[Box, ...]

    @property
    def worse(self) -> tuple[Box, ...]:
        """Boxes that fail more often than all runs do, by their interval."""
        return tuple(box for box in self.boxes if box.share.low > self.share.value)

    @property
    def safer(self) -> tuple[Box, ...]:
        """Boxes that fail less often than all runs do, by their interval; those first that do least often."""
        return tuple(box for box in self.boxes[::-1] if box.share.high < self.share.value)


def failing(draws: Mapping[str, Array], fails: Mask) -> Failing:
    """Where in the unknowns runs fail.

    Parameters
    ----------
    draws
        Quantiles in [0, 1) of every unknown, each of shape (runs,).
    fails
        Which runs fail. Shape (runs,).

    Raises
    ------
    UsageError
        If nothing is unknown, runs are too few, or the library for trees is not installed.

    Checked by: tests/unit/test_study_failing.py
    """
    runs, count = len(fails), int(fails.sum())
    if not draws:
        raise UsageError(
            "Nothing is unknown in these runs (`unknowns:` of the scenario), so it is all chance"
        )
    if runs < ENOUGH:
        raise UsageError(f"{runs:,} runs are too few to tell where they fail; {ENOUGH} are the least")
    share = share_interval(count, runs)
    grown, held = np.arange(runs) % 2 == 0, np.arange(runs) % 2 == 1
    table = np.column_stack(list(draws.values()))
    tree, worth = _tree(table[grown], fails[grown]), _worth(len(draws), fails[grown])
    boxes = [_box(bounds, draws, fails, held) for bounds in _bounds(list(draws), tree, worth)]
    ordered = sorted(boxes, key=lambda box: -box.share.value)
    return Failing(runs, count, share, int(held.sum()), tuple(ordered))


def _tree(table: Array, fails: Mask) -> Any:
    """A small tree; which of two equally good splits is taken does not depend on chance."""
    try:
        library = import_module("sklearn.tree")
    except ImportError:
        raise UsageError(
            "To find where it fails needs the library scikit-learn: python -m pip install 'hostfall[rules]' "
            "(in a clone: -e '.[rules]')"
        ) from None
    grower = library.DecisionTreeClassifier(
        max_depth=DEEPEST, max_leaf_nodes=MOST_BOXES, min_samples_leaf=_fewest(fails), random_state=0
    )
    return grower.fit(table, fails).tree_


def _fewest(fails: Mask) -> int:
    """Runs in a box, at least, of those the tree grows on."""
    rarer = min(int(fails.sum()), int((~fails).sum()))
    return max(FEWEST, math.ceil(EXPECTED * len(fails) / rarer)) if rarer else FEWEST


def _worth(unknowns: int, fails: Mask) -> float:
    """Chi-square that a split has to have, or one below it.

    The best of all edges of any unknown, at any node of the tree, reaches it by chance in `BY_CHANCE` of
    studies at most, by the limit for many runs (Miller and Siegmund 1982, above).
    """
    from scipy.optimize import brentq

    edge = min(_fewest(fails) / len(fails), 0.49)
    span = 2.0 * math.log((1.0 - edge) / edge)
    allowed = BY_CHANCE / (unknowns * (MOST_BOXES - 1))

    def beyond(b: float) -> float:
        """Probability that the largest of the standardised differences is above b, less what is allowed."""
        density = math.exp(-0.5 * b * b) / math.sqrt(2.0 * math.pi)
        return density * (4.0 / b + (b - 1.0 / b) * span) - allowed

    return float(brentq(beyond, 2.0, 12.0)) ** 2


def _bounds(
    names: list[str], tree: Any, worth: float, node: int = 0
) -> Iterator[dict[str, tuple[float, float]]]:
    """The box of every leaf, where a split that may be chance has been taken back."""
    if not _matters(tree, worth, node):
        yield {}
        return
    name, edge = names[int(tree.feature[node])], float(tree.threshold[node])
    for child, side in ((tree.children_left[node], (0.0, edge)), (tree.children_right[node], (edge, 1.0))):
        for box in _bounds(names, tree, worth, int(child)):
            low, high = box.pop(name, (0.0, 1.0))
            yield {name: (max(low, side[0]), min(high, side[1])), **box}


def _matters(tree: Any, worth: float, node: int) -> bool:
    """Whether a node is split for a reason, or some node below it is."""
    left, right = int(tree.children_left[node]), int(tree.children_right[node])
    if left < 0:
        return False
    size, impurity = tree.n_node_samples, tree.impurity
    below = float(size[left] * impurity[left] + size[right] * impurity[right])
    gain = float(size[node] * impurity[node]) - below
    # twice p (1 - p) is the impurity, so this is the chi-square of the table of side against failing
    enough = gain >= worth * float(impurity[node])
    return enough or _matters(tree, worth, left) or _matters(tree, worth, right)


def _box(
    bounds: Mapping[str, tuple[float, float]], draws: Mapping[str, Array], fails: Mask, held: Mask
) -> Box:
    inside = held.copy()
    for name, (low, high) in bounds.items():
        # the library compares in single precision
        inside &= (draws[name].astype(np.float32) > low) | (low == 0.0)
        inside &= draws[name].astype(np.float32) <= high
    runs, count, total = int(inside.sum()), int((inside & fails).sum()), int((held & fails).sum())
    share = share_interval(count, runs) if runs else Interval(0.0, 0.0, 1.0)
    return Box(bounds, runs, count, share, count / total if total else 0.0)
