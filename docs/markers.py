"""What a script writes into a page between two markers, and nothing else of the page."""

from __future__ import annotations


def between(page: str, name: str, made: str, where: str) -> str:
    """The page with `made` between the lines ``<!-- NAME: begin …-->`` and ``<!-- NAME: end -->``.

    Raises `ValueError` where the page, called `where`, has no such pair.
    """
    begin, end = f"<!-- {name}: begin", f"<!-- {name}: end -->"
    before, found, rest = page.partition(begin)
    line, _, rest = rest.partition("\n")
    _, closed, after = rest.partition(end)
    if not found or not closed:
        message = f"{where} has no pair of markers `{begin}` and `{end}`"
        raise ValueError(message)
    return f"{before}{begin}{line}\n{made}{end}{after}"
