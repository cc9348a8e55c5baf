#!/usr/bin/env bash
# A conversation with the model, from nothing: installs what is missing, builds, talks.
set -euo pipefail

usage="usage: bash examples/talk.sh [--text]

Talks with the model and writes conversation.wav, the user on the left, the model on the right.
With GOOGLE_API_KEY it talks to the service, by microphone and speaker until Ctrl-C, or by a
recorded voice if there are none. Without a key a simulator and the recorded voice talk.

  --text   a typed chat: each line is a message, /quit ends it"

text=no
for argument in "$@"; do
  case $argument in
    --text) text=yes ;;
    --help) echo "$usage"; exit ;;
    *) echo "$usage" >&2; exit 2 ;;
  esac
done
[ -e /dev/fd/0 ] || exec </dev/null # standard input may be closed

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
simulator=tests/simulator/gemini-live-simulator
plugin=plugins/geminilive/libgstgeminilive.so

# Shows what a command prints only if it fails.
quietly()
{
  local log
  log=$("$@" 2>&1) || { printf '%s\n' "$log" >&2; exit 1; }
}

. "$root/scripts/packages.sh"
install_packages "${build_packages[@]}" "${run_packages[@]}"

echo "building in $build"
[ -e "$build/build.ninja" ] || quietly meson setup "$build" "$root"
quietly ninja -C "$build" examples/talk "$plugin" "$simulator"
export GST_PLUGIN_PATH=$build/plugins/geminilive

simulated=()
if [ -z "${GOOGLE_API_KEY:-}${GEMINI_API_KEY:-}" ]; then
  # In a session of its own, so that Ctrl-C ends the conversation first.
  exec {address}< <(exec setsid "$build/$simulator" --scenario "$root/examples/talk-scenario.json")
  simulator_id=$!
  trap 'kill "$simulator_id" || true' EXIT
  read -r line <&"$address"
  export GOOGLE_GEMINI_BASE_URL=${line#listening on } GOOGLE_API_KEY=simulated
  unset GOOGLE_GENAI_USE_ENTERPRISE GOOGLE_GENAI_USE_VERTEXAI
  simulated=(--simulated)
  echo "talking to a simulator, for there is no GOOGLE_API_KEY"
fi

if [ $text = yes ]; then
  [ ! -t 0 ] || echo "Type a message; /quit ends the conversation."
  gst-launch-1.0 -q fdsrc ! geminilivetextsink geminilivetextsrc which=conversation ! fdsink |
    cat # fdsink overwrites a file from its beginning
else
  "$build/examples/talk" "${simulated[@]}"
fi
