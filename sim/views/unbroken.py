"""Text of a page in which numbers stay whole: no line ends inside one, nor between it and its percent sign.

In: a text, or what a template is about to write. Out: the same with no-break spaces.
"""

from __future__ import annotations

import re

from sim.views.saying import Sentence

SHORT = 20
"""Letters of a mean with its error, or of an interval in brackets, up to which it stays on one line."""


def unbroken(text: object) -> object:
    """Text with its numbers whole; what is markup, or no text, stays as it is."""
    from markupsafe import Markup

    if not isinstance(text, str | Sentence) or isinstance(text, Markup):
        return text
    words = str(text).replace(" %", "\u00a0%").replace("± ", "±\u00a0")
    if "±" in words and len(words) <= SHORT:
        return words.replace(" ", "\u00a0")
    short = rf"\([\d−][^()]{{1,{SHORT - 4}}}\)"
    return re.sub(short, lambda found: found[0].replace(" ", "\u00a0"), words)
