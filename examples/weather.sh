#!/usr/bin/env bash
# A typed chat with a model that can ask for the weather: one launch line, and this script once more
# as the program that the line runs for each call of the model.
#
#   bash examples/weather.sh
#   echo "What is the weather in Paris?" | bash examples/weather.sh
#
# Wants the elements where GStreamer finds them, and GOOGLE_API_KEY in the environment.
set -euo pipefail

# The function's name is the argument, its arguments come as JSON; the answer goes out likewise. The
# last line of what goes to standard error tells the model why there is none.
if [ "${1:-}" = get_weather ]; then
  city=$(sed -E 's/.*"city": *"([^"]*)".*/\1/')
  case $city in
    Paris) echo '{"sky":"rain","celsius":14}' ;;
    Rome) echo '{"sky":"sun","celsius":24}' ;;
    *)
      echo "nobody knows the weather in $city" >&2
      exit 1
      ;;
  esac
  exit
fi

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec gst-launch-1.0 -q \
  fdsrc ! geminilivetextsink "tools=@$here/weather-tools.json" "tool-command=$here/weather.sh" \
  geminilivetextsrc which=conversation ! fdsink
