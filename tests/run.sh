#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test; with --long again under sanitizers, a leak
# tracer and fuzzers. The last line counts the checks.
set -euo pipefail
cd "$(dirname "$0")/.."

long=no
[ "${1:-}" = --long ] && long=yes

. scripts/packages.sh
install_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"

[ $long = no ] || install_packages "${long_packages[@]}"

status=0
logs=()

# setup BUILD OPTION...
setup() { [ -e "$1/build.ninja" ] || meson setup "$@" -Dtests=enabled; }

# run LOG BUILD OPTION...
run()
{
  rm -f "$2/meson-logs/$1.json"
  meson test -C "$2" --no-rebuild --print-errorlogs "${@:3}" || status=$?
  logs+=("$2/meson-logs/$1.json")
}

setup build-tests -Dwerror=true -Dexamples=enabled
ninja -C build-tests
run testlog build-tests
[ $long = no ] || . tests/long.sh

python3 tests/summary.py "${logs[@]}" || status=1
exit "$status"
