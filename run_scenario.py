"""Run a scenario: `python run_scenario.py scenarios/host_suspended.yaml`; `--help` tells the rest.

Hands the command line to `sim.views.cli`, the same as the installed command `hostfall`. Before that it
looks whether the libraries are there and, if not, prints the lines that set them up. It must stay readable
to any Python, old ones included, so that the wrong one is refused in words.
"""

import os
import sys

NEEDED = (
    "click",
    "duckdb",
    "jinja2",
    "matplotlib",
    "networkx",
    "numpy",
    "pydantic",
    "rich",
    "ruamel.yaml",
    "scipy",
    "simpy",
)

SET_UP = """hostfall is not set up yet for %s (missing: %s).

Linux and macOS, with make (sets up once, then runs):

    make run

Linux and macOS, without make:

    python3.11 -m venv .venv
    .venv/bin/python -m pip install -c constraints.txt -e .
    .venv/bin/python run_scenario.py scenarios/parler_2021.yaml

Windows PowerShell:

    py -3.11 -m venv .venv
    .venv\\Scripts\\python -m pip install -c constraints.txt -e .
    .venv\\Scripts\\python run_scenario.py scenarios\\parler_2021.yaml
"""

HERE = os.path.dirname(os.path.realpath(__file__))
BROKEN = 3


def missing():
    """Return the names of the libraries that this Python does not have."""
    from importlib.util import find_spec

    names = []
    for name in NEEDED:
        try:
            found = find_spec(name) is not None
        except ModuleNotFoundError:  # the package around "ruamel.yaml" is not there either
            found = False
        if not found:
            names.append(name)
    return names


def interpreter_of_checkout():
    """Return the Python that `make` has set up here, or None."""
    for parts in (("bin", "python"), ("Scripts", "python.exe")):
        path = os.path.join(HERE, ".venv", *parts)
        if os.path.exists(path) and os.path.exists(os.path.join(HERE, ".venv", "ready-run")):
            return os.path.relpath(path)
    return None


def complain(names):
    """Say how to get the libraries; shorter, if they are in `.venv` already."""
    ready = interpreter_of_checkout()
    if ready is not None and os.path.realpath(sys.prefix) != os.path.join(HERE, ".venv"):
        words = [ready, os.path.relpath(__file__)] + sys.argv[1:]
        sys.stderr.write("The libraries are in .venv, not in %s. Type:\n\n    " % sys.executable)
        sys.stderr.write(" ".join(words) + "\n")
    else:
        sys.stderr.write(SET_UP % (sys.executable, ", ".join(names)))
    return BROKEN


def main():
    """Hand over, if this Python can run what it is handed."""
    if sys.version_info < (3, 11):
        sys.stderr.write(
            "hostfall needs Python 3.11 or newer; %s is Python %d.%d.\n"
            "With make: `make run` looks for a newer one.\n"
            "Without: `python3.11 run_scenario.py`; on Windows: `py -3.11 run_scenario.py`.\n"
            % (sys.executable, sys.version_info[0], sys.version_info[1])
        )
        return BROKEN
    names = missing()
    if names:
        return complain(names)
    from sim.views.cli import main as command_line

    return command_line()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # before the command line was there to say so
        sys.exit(130)
