"""How fast, as ratios of CPU time in one run, so that they hold on any machine.

``python -m benchmarks`` runs all of them, prints a table, writes `benchmarks/results.md` and ends with
status 1 if a ratio is broken. One file a benchmark; each has a `measure` that gives its ratios.
"""
