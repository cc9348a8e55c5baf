#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test, then again under sanitizers, a tracer and
# a fuzzer. With --long each fuzz target runs for ten minutes. The last line counts the checks.
set -euo pipefail
cd "$(dirname "$0")/.."

fuzz_seconds=10
[ "${1:-}" = --long ] && fuzz_seconds=600

. scripts/packages.sh
install_packages "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"

status=0
logs=()

# setup BUILD OPTION...
setup() { [ -e "$1/build.ninja" ] || meson setup "$@" -Dtests=enabled; }

# Optimised a little and with line numbers only, because these builds take most of the time.
# sanitized BUILD KIND OPTION...
sanitized()
{
  setup "$1" "-Db_sanitize=$2" -Db_lundef=false -Dbuildtype=plain -Dintrospection=disabled \
    -Dexamples=disabled \
    "-Dcpp_args=-O1 -g1 -fno-omit-frame-pointer -fno-sanitize-recover=undefined ${cpp_args:-}" "${@:3}"
}

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
run testlog-leaks build-tests --setup leaks --suite pair

sanitized build-asan address,undefined
ninja -C build-asan
# Whoever fills the registry reads every plugin, which leaks a little of GLib's.
ASAN_OPTIONS=detect_leaks=0 meson test -C build-asan --no-rebuild --quiet turns
run testlog-asan build-asan --setup asan --suite unit --suite element --suite pair --suite fault

# Only what uses no lock of GLib's, which is not instrumented.
pure=(uplink playout turns transcript text_feed settings lines)
sanitized build-tsan thread
ninja -C build-tsan "${pure[@]/#/tests/unit/unit-}"
run testlog-tsan build-tsan --setup tsan --suite unit "${pure[@]}"

CC=clang CXX=clang++ cpp_args=-fsanitize=fuzzer-no-link \
  sanitized build-fuzz address,undefined
meson configure build-fuzz "-Dfuzz=$fuzz_seconds"
ninja -C build-fuzz fuzz
run testlog build-fuzz --suite fuzz

python3 tests/summary.py "${logs[@]}" || status=1
exit "$status"
