"""Every broken scenario of the suite."""

from __future__ import annotations

from tests.broken.case import SOUND, Case
from tests.broken.cases_names import NAMES
from tests.broken.cases_operator import OPERATOR
from tests.broken.cases_suppliers import SUPPLIERS
from tests.broken.cases_users import USERS
from tests.broken.cases_values import VALUES

__all__ = ["CASES", "SOUND", "Case"]

CASES = (*VALUES, *NAMES, *OPERATOR, *SUPPLIERS, *USERS)
