#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test: as users build it, then with GStreamer's leaks
# tracer, under sanitizers and under fuzzers. With --long the fuzzers and the soak take much longer.
# The last line counts the checks of all runs.
set -euo pipefail
cd "$(dirname "$0")/.."

long=no
[ "${1:-}" = --long ] && long=yes

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

# Builds what these tests need and runs them.
# run LOG BUILD OPTION...
run()
{
  rm -f "$2/meson-logs/$1.json"
  meson test -C "$2" --print-errorlogs "${@:3}" || status=$?
  logs+=("$2/meson-logs/$1.json")
}

setup build-tests -Dwerror=true -Dexamples=enabled
ninja -C build-tests

sanitized build-asan address,undefined
sanitized build-tsan thread
CC=clang CXX=clang++ cpp_args=-fsanitize=fuzzer-no-link sanitized build-fuzz address,undefined
seconds=10
[ $long = no ] || seconds=600
meson configure build-fuzz -Dfuzz=$seconds

# The other builds, beside tests that mostly wait. What fails here fails again below, and is seen.
{
  nice ninja -C build-asan
  nice ninja -C build-tsan pure-tests
  nice ninja -C build-fuzz fuzzers
} >build-tests/background.log 2>&1 &
run testlog build-tests
run testlog-leaks build-tests --setup leaks --suite pair

wait
# Whoever fills the registry reads every plugin, which leaks a little of GLib's.
ASAN_OPTIONS=detect_leaks=0 meson test -C build-asan --quiet states || status=$?
run testlog-asan build-asan --setup asan --suite unit --suite element --suite pair --suite fault

# Only what uses no lock of GLib's, which is not instrumented.
run testlog-tsan build-tsan --setup tsan --suite pure
run testlog build-fuzz --suite fuzz

[ $long = no ] || run testlog-long build-tests --setup long --suite soak

python3 tests/summary.py "${logs[@]}" || status=1
exit "$status"
