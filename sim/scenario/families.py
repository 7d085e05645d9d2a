"""The families of laws by name."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.families_bounded import Beta, Constant, Empirical, Pert, Triangular, Uniform
from sim.scenario.families_unbounded import Exponential, Gamma, Lognormal, Weibull
from sim.scenario.family import Family

FAMILIES: Mapping[str, Family] = {
    "constant": Constant(),
    "pert": Pert(),
    "uniform": Uniform(),
    "exponential": Exponential(),
    "lognormal": Lognormal(),
    "weibull": Weibull(),
    "gamma": Gamma(),
    "triangular": Triangular(),
    "empirical": Empirical(),
    "beta": Beta(),
}
