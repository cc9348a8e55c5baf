#!/usr/bin/env python3
"""A typed chat with a model that can ask for the weather.

    python3 examples/weather.py
    echo "What is the weather in Paris?" | python3 examples/weather.py

Wants the elements and the library's typelib installed (or `meson devenv`), PyGObject, and
GOOGLE_API_KEY in the environment.
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstGeminiLive", "1.0")
from gi.repository import GLib, Gst, GstGeminiLive  # pylint: disable=wrong-import-position

DECLARATION = {
    "name": "get_weather",
    "description": "Tells the weather in a city at this moment.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city's English name"}},
        "required": ["city"],
    },
}
WEATHER = {
    "Paris": {"sky": "rain", "celsius": 14},
    "Rome": {"sky": "sun", "celsius": 24},
}


def get_weather(_session, _call, args):
    """Called on a thread of its own for each call; it may take its time."""
    city = json.loads(args).get("city")
    if city not in WEATHER:
        # The model is told. Of any other exception it is told only that there is no answer.
        raise GLib.Error(f"nobody knows the weather in {city}")
    return json.dumps(WEATHER[city])


def main():
    """Chats until the end of standard input or `/quit`."""
    Gst.init()
    session = GstGeminiLive.Session()
    session.add_tool(json.dumps(DECLARATION), get_weather)
    pipeline = Gst.parse_launch("fdsrc ! geminilivetextsink name=keyboard "
                                "geminilivetextsrc name=screen which=conversation ! fdsink")
    for name in "keyboard", "screen":
        pipeline.get_by_name(name).props.session = session
    pipeline.set_state(Gst.State.PLAYING)
    last = pipeline.get_bus().timed_pop_filtered(
        Gst.CLOCK_TIME_NONE, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)
    if last.type == Gst.MessageType.ERROR:
        sys.exit(last.parse_error()[0].message)


if __name__ == "__main__":
    main()
