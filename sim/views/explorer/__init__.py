"""A page on this machine where the inputs of a scenario are moved and the results move along.

In: a scenario file and what a visitor sets. Out: answers over HTTP on the loopback address: controls, numbers
after one block of replications, better numbers after each further one.

Why this way: the page asks for what `run` would compute, block by block, so every number it shows is one
that `run --set` gives for the same replications; what a visitor sets is text of the form ``path=value`` and
goes through the loader like everything else. Blocks are computed in processes that can be ended, because no
check of a scenario can say how long it will take. Rejected: a front-end framework (a build step and hundreds
of packages for one page), and computing in the browser (a second simulator).
"""
