#!/usr/bin/env bash
# A conversation held by a shell script: commands and events are lines of JSON, and sed reads them.
# Wants the elements where GStreamer finds them, and GOOGLE_API_KEY in the environment.
set -euo pipefail

questions=("Name a country." "What is its capital?")

coproc live { exec gst-launch-1.0 -q fdsrc ! geminiliveeventsink geminiliveeventsrc ! fdsink; }
live_id=$live_PID
exec {events}<&"${live[0]}" # bash takes the array away when the pipeline has ended

# The text of an event, without its escapes.
text_of() { sed -E 's/.*"text":"(([^"\\]|\\.)*)".*/\1/; s/\\(.)/\1/g' <<<"$1"; }

# Asks the next question; without one, the end of the commands is the end of the conversation.
ask()
{
  if [ ${#questions[@]} -eq 0 ]; then
    exec {live[1]}>&-
    return
  fi
  echo "user: ${questions[0]}"
  printf '{"text":"%s"}\n' "${questions[0]}" >&"${live[1]}"
  questions=("${questions[@]:1}")
}

while read -r -u "$events" event; do
  case $event in
    '{"event":"state","state":"ready"'* | '{"event":"turn-complete"'*) ask ;;
    '{"event":"transcript","direction":"output"'*'"final":true'*) echo "model: $(text_of "$event")" ;;
    '{"event":"error"'*) text_of "${event/\"message\":/\"text\":}" >&2 ;;
  esac
done
wait "$live_id"
