"""Write small.json anew: `python -m tests.golden.regenerate`. The suite never runs this.

Only after a change that is meant to move numbers; the commit says old and new values, and why.
"""

from __future__ import annotations

from tests.golden.record import KEPT, record, text

if __name__ == "__main__":
    KEPT.write_text(text(record()), encoding="utf-8")
