#!/bin/sh
# Makes .venv with what requirements.txt ("run") or requirements-dev.txt ("dev") pins, or .venv-train
# with what requirements-train.txt does ("train"). Does nothing when that is there already. Needs Python 3.12 or newer; uses uv where it works.
set -eu
cd "$(dirname "$0")/.."

usage="usage: scripts/environment.sh run|dev|train"
purpose=${1:?"$usage"}
case $purpose in
# PyTorch is too large to be in everybody's way.
train) venv=.venv-train ;;
*) venv=.venv ;;
esac
venv_python=$venv/bin/python

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
stamp() { printf '%s/.%s-%s' "$venv" "$1" "$(cksum <"$2" | cut -d' ' -f1)"; }
# Commands are asked rather than looked up: version managers leave stand-ins that only fail.
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }
uv_works() { uv --version >/dev/null 2>&1; }

run_stamp=$(stamp run requirements.txt)
case $purpose in
run) requirements=requirements.txt stamps=$run_stamp ;;
# Everything needed to run is needed to develop, at the same versions.
dev) requirements=requirements-dev.txt stamps="$(stamp dev requirements-dev.txt) $run_stamp" ;;
train) requirements=requirements-train.txt stamps=$(stamp train requirements-train.txt) ;;
*) die "$usage" ;;
esac

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_new_enough "$PYTHON" || die "PYTHON=$PYTHON is not Python 3.12 or newer."
        printf '%s' "$PYTHON"
        return
    fi
    seen=
    for candidate in python3.12 python3.13 python3.14 python3 python; do
        if is_new_enough "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
        found=$("$candidate" --version 2>/dev/null) && seen="${seen:+$seen, }$found as $candidate"
    done
    if uv_works && found=$(uv python find --no-python-downloads '>=3.12' 2>/dev/null); then
        printf '%s' "$found"
        return
    fi
    die "Newsroom needs Python 3.12 or newer (found: ${seen:-none}):" \
        "install it, or name it as in: make demo PYTHON=/path/to/python3.12"
}

make_venv() {
    python=$(find_python)
    python=$("$python" -c 'import sys; print(sys.executable)')
    rm -rf "$venv"
    if uv_works; then
        uv venv --quiet --no-python-downloads --python "$python" "$venv"
    elif ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            die "$python comes without venv: on Debian or Ubuntu, apt-get install python3-venv."
        die "$python -m venv $venv failed: run it by hand to see why."
    fi
}

install() {
    say "Installing $requirements into $venv …"
    # No package is built from source: nothing but Python is needed, and no setup script runs.
    if uv_works; then
        uv pip install --quiet --python "$venv_python" --no-build --require-hashes -r "$1"
    else
        "$venv_python" -m pip --version >/dev/null 2>&1 || "$venv_python" -m ensurepip >/dev/null
        "$venv_python" -m pip install --quiet --disable-pip-version-check --no-input \
            --only-binary :all: --require-hashes -r "$1"
    fi
}

is_new_enough "$venv_python" || make_venv
for stamp in $stamps; do
    [ -e "$stamp" ] || missing=yes
done
if [ -n "${missing:-}" ]; then
    install "$requirements"
    rm -f "$venv"/.run-* "$venv"/.dev-* "$venv"/.train-*
    for stamp in $stamps; do : >"$stamp"; done
fi
