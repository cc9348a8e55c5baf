#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. The last line counts them.
set -euo pipefail
cd "$(dirname "$0")/.."

. scripts/packages.sh
install_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"

build=build-tests
[ -e "$build/build.ninja" ] || meson setup "$build" -Dwerror=true -Dexamples=enabled -Dtests=enabled
ninja -C "$build"

status=0
meson test -C "$build" --no-rebuild --print-errorlogs || status=$?
python3 tests/summary.py "$build/meson-logs/testlog.json"
exit "$status"
