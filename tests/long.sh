# The long part of run.sh, sourced by it: the same tests under sanitizers and a leak tracer, and each
# fuzz target for ten minutes.

# Optimised a little and with line numbers only, because these builds take most of the time.
# sanitized BUILD KIND OPTION...
sanitized()
{
  setup "$1" "-Db_sanitize=$2" -Db_lundef=false -Dbuildtype=plain -Dintrospection=disabled \
    -Dexamples=disabled \
    "-Dcpp_args=-O1 -g1 -fno-omit-frame-pointer -fno-sanitize-recover=undefined ${cpp_args:-}" "${@:3}"
}

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
meson configure build-fuzz -Dfuzz=600
ninja -C build-fuzz fuzz
run testlog build-fuzz --suite fuzz
