#!/bin/sh
# Runs pytest with the given options. Where there is no Chromium the browser tests are left out,
# except in CI, where they must run.
set -eu
cd "$(dirname "$0")/.."

CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
export CHROMIUM
if [ -z "${CI:-}" ] && [ ! -x "$CHROMIUM" ]; then
    printf '%s\n' "The browser tests are left out: there is no $CHROMIUM (set CHROMIUM to another)." >&2
    set -- "$@" -m "not browser"
fi
exec .venv/bin/python -m pytest "$@"
