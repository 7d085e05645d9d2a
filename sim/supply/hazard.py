"""When something of changing hazard happens: when the integrated hazard reaches a threshold.

In: a constant hazard, pushes that fade with one time constant, and a threshold, -log(1 - U). Out: the
instant, exact, in closed form, as long as nobody pushes again. In this way an event of state-dependent hazard
needs one draw and no small steps.
"""

from __future__ import annotations

from math import exp, expm1, inf, isfinite, log, log1p

_CLOSE = 1e-14
"""Relative; Newton's steps are that small when they end."""
_LARGEST = 600.0
"""exp of more would come near to what a float cannot hold."""


class Clock:
    """Integrates ``hazard(t) = constant + sum of push x exp(-(t - time of push) / fades_over)``.

    Attributes
    ----------
    constant
        Hazard an hour that is always there.
    fades_over
        Hours in which a push falls to 1/e; infinite where it stays.
    left
        What the integrated hazard still has to grow until it happens, at the time that it was last looked at.

    Checked by: tests/unit/test_supply_hazard.py, tests/theory/test_c8_contagion.py
    """

    __slots__ = ("_now", "_pushed", "constant", "fades_over", "left")

    def __init__(self, now: float, threshold: float, constant: float, fades_over: float = inf) -> None:
        self._now = now
        self._pushed = 0.0
        self.constant = constant
        self.fades_over = fades_over
        self.left = threshold

    def push(self, now: float, amount: float) -> None:
        """At `now`, not earlier than before, the hazard rises by an amount, which then fades."""
        hours, fades = now - self._now, self.fades_over
        if fades == inf:
            self.left -= (self.constant + self._pushed) * hours
        else:
            self.left -= self.constant * hours - self._pushed * fades * expm1(-hours / fades)
            self._pushed *= exp(-hours / fades)
        self._now = now
        self._pushed += amount

    def rings(self) -> float:
        """The hours from the last push (else the start) until it happens, infinite if it never does."""
        if self.left <= 0.0:
            return 0.0
        if self.fades_over == inf or self._pushed == 0.0:
            hazard = self.constant + self._pushed
            return self.left / hazard if hazard > 0.0 else inf
        return self.fades_over * _crossing(
            self.constant * self.fades_over, self._pushed * self.fades_over, self.left
        )


def _crossing(constant: float, pushed: float, left: float) -> float:
    """The x at which ``constant x + pushed (1 - exp(-x))`` is `left`; infinite if that is never.

    With Lambert's W it is ``W(pushed / constant exp(e)) - e``, ``e = (pushed - left) / constant``. The
    argument overflows where the constant part is small, and the difference loses digits, so Newton's method
    goes on from there, or from 0: the function is concave and rises, so no step leads too far.
    """
    if constant == 0.0:
        share = left / pushed
        return -log1p(-share) if share < 1.0 else inf
    exponent = (pushed - left) / constant
    x = 0.0
    if isfinite(exponent) and exponent + log(pushed / constant) < _LARGEST and exponent < _LARGEST:
        from scipy.special import lambertw

        x = max(float(lambertw(pushed / constant * exp(exponent)).real) - exponent, 0.0)
    for _ in range(200):
        step = (left - constant * x + pushed * expm1(-x)) / (constant + pushed * exp(-x))
        x += step
        if abs(step) <= _CLOSE * x:
            break
    return x
