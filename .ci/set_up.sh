#!/bin/sh
# Makes .venv and installs this checkout into it: `sh .ci/set_up.sh [EXTRA]` (test, dev).
# Needs Python 3.11 or newer and a pip of 22.3 or newer, nothing else: the environment is made without pip
# and filled by the pip that is already there, which works without ensurepip and where the system's
# packages are "externally managed". PYTHON=... chooses the interpreter.
set -eu

extra=${1:-}
venv=${VENV:-.venv}
target=$venv/bin/python

usable() { "$@" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

stop() { printf '%s\n' "$@" >&2; exit 3; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        usable "$PYTHON" || stop "PYTHON=$PYTHON is not a Python 3.11 or newer."
        echo "$PYTHON"
        return
    fi
    for name in python3.11 python3 python3.12 python3.13 python3.14 python; do
        if usable "$name"; then echo "$name"; return; fi
    done
    stop "No Python 3.11 or newer found (tried python3.11, python3, python3.12, python3.13, python3.14, python)." \
         "Install one, or name it: make PYTHON=/path/to/python3.11"
}

# Any pip that knows --python will do: it need not belong to the interpreter that we install for.
find_pip() {
    for candidate in "$1 -m pip" "python3 -m pip" "pip3" "pip"; do
        if $candidate --python "$target" --version >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
    stop "No pip of version 22.3 or newer found. Install one, for example: sudo apt install python3-pip"
}

python=$(find_python)
if ! usable "$target"; then
    printf 'Setting up %s with %s (once; well under a minute on a usual connection) ...\n' "$venv" "$($python --version 2>&1)"
    "$python" -m venv --clear --without-pip "$venv"
else
    printf 'Bringing %s up to date ...\n' "$venv"
fi
pip=$(find_pip "$python")
PIP_DISABLE_PIP_VERSION_CHECK=1 $pip --python "$target" install --quiet \
    --constraint constraints.txt --editable ".${extra:+[$extra]}"
