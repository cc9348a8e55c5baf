#!/usr/bin/env python3
"""A conversation by keyboard, microphone, camera and commands, with functions that the model calls.

  chat.py                                        type, and read; /quit ends it
  chat.py --input microphone --output speaker    talk, and hear
  chat.py --input keyboard --input microphone --output console --output speaker
  chat.py --input commands --output events       lines of JSON, in and out
  chat.py --tools functions.py                   the model calls the functions of that file

A device may be named as GStreamer names it: --input "microphone=alsasrc device=hw:1". GStreamer must
find the elements and Python the typelib, as in `meson devenv -C build`, and GOOGLE_API_KEY be set.
"""

import argparse
import asyncio
import inspect
import json
import runpy
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstGeminiLive", "1.0")
from gi.repository import GLib, Gst, GstGeminiLive  # pylint: disable=wrong-import-position

# Pieces of pipeline from a device to the session, or back.
DEVICES = {"keyboard": "fdsrc", "commands": "fdsrc", "microphone": "autoaudiosrc",
           "camera": "autovideosrc", "speaker": "autoaudiosink", "events": "fdsink"}
INPUTS = {
    "keyboard": "{} ! geminilivetextsink",
    "commands": "{} ! geminiliveeventsink",
    "microphone": "{} ! audioconvert ! audioresample ! geminilivesink",
    "camera": "{} ! videoconvert ! jpegenc ! geminilivevideosink",
}
OUTPUTS = {
    "speaker": "geminilivesrc ! audioconvert ! audioresample ! {}",
    "events": "geminiliveeventsrc ! {}",
    "console": "",  # the program itself
}

# What the console shows of an event.
SPEAKERS = {"input": "user", "output": "model"}
SHOWN = {
    "transcript": lambda event: event["final"] and f"{SPEAKERS[event['direction']]}: {event['text']}",
    "text": lambda event: not event["thought"] and f"model: {event['text']}",
    "interrupted": lambda event: f"(interrupted after {event['heard'] / Gst.SECOND:.1f} s)",
    "turn-complete": lambda event: f"(turn {event['turn']} complete)",
    "tool-call": lambda event: f"(calls {event['name']} with {json.dumps(event['args'])})",
    "tool-result": lambda event: f"({event['name']} answers "
                                 f"{json.dumps(event.get('response', event.get('error')))})",
    "tool-cancelled": lambda event: f"({event['name']} is not wanted any more)",
    "state": lambda event: event["state"] == "closed" and "(the conversation is over)",
}

JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def part(table, wanted):
    """The piece of pipeline for NAME or NAME=DEVICE."""
    name, _, device = wanted.partition("=")
    if name not in table:
        sys.exit(f"Choose one of {', '.join(table)}: there is no {name}")
    return table[name].format(device or DEVICES.get(name))


def declaration_of(function):
    """What the model is told of a function: its name, its docstring, its annotated parameters."""
    parameters = inspect.signature(function).parameters.values()
    return json.dumps({
        "name": function.__name__,
        "description": inspect.getdoc(function),
        "parameters": {
            "type": "object",
            "properties": {each.name: {"type": JSON_TYPES[each.annotation]} for each in parameters},
            "required": [each.name for each in parameters if each.default is each.empty],
        }})


def answer_with(function):
    """Calls a function, each call on a thread of its own; the model is told what goes wrong."""
    def answer(_session, _call, arguments):
        try:
            result = function(**json.loads(arguments))
            return json.dumps(asyncio.run(result) if inspect.iscoroutine(result) else result)
        except Exception as error:  # pylint: disable=broad-except
            raise GLib.Error(f"{type(error).__name__}: {error}") from error
    return answer


class Chat:
    """One conversation: a session, the pieces of pipeline around it, and what is told of it."""

    def __init__(self, tools=(), **settings):
        self.session = GstGeminiLive.Session(**settings)
        for function in tools:
            self.session.add_tool(declaration_of(function), answer_with(function))
        self.session.connect("event", lambda _, text: GLib.idle_add(self.on_event, text))
        self.loop = GLib.MainLoop()
        self.pipeline = None
        self.has_console = self.has_ended = self.is_closed = False
        self.failure = None

    def start(self, inputs=("keyboard",), outputs=("console",)):
        """Holds the conversation to its end; what went wrong, or None."""
        self.has_console = "console" in outputs
        parts = [part(INPUTS, each) for each in inputs] + [part(OUTPUTS, each) for each in outputs]
        self.pipeline = Gst.parse_launch(" ".join(parts))
        for element in self.pipeline.children:
            if element.find_property("session-name"):
                element.props.session = self.session
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::eos", self.on_eos)
        bus.connect("message::error", self.on_error)
        self.pipeline.set_state(Gst.State.PLAYING)
        try:
            self.loop.run()
        finally:  # Ctrl-C leads here as well
            self.pipeline.set_state(Gst.State.NULL)
        return self.failure

    def on_event(self, text):
        """Every event of the session, in order."""
        event = json.loads(text)
        line = self.has_console and event["event"] in SHOWN and SHOWN[event["event"]](event)
        if line:
            print(line, flush=True)
        if event["event"] == "state" and event["state"] == "closed":
            self.is_closed = True
            if self.has_ended:
                self.loop.quit()
            else:  # by /quit or a command, while other inputs may go on for ever
                self.end_inputs()

    def end_inputs(self):
        """Those alone: the outputs still have something to say, and end by themselves."""
        for element in self.pipeline.children:
            if element.numsinkpads == 0 and not element.find_property("session-name"):
                element.send_event(Gst.Event.new_eos())

    def on_eos(self, _bus, _message):
        """All was said, and heard."""
        self.has_ended = True
        if self.is_closed:
            self.loop.quit()
        else:
            self.pipeline.set_state(Gst.State.NULL)  # closes the session

    def on_error(self, _bus, message):
        """The first error is the cause."""
        self.failure = self.failure or message.parse_error()[0].message
        self.loop.quit()


def functions_of(path):
    """The public functions that a Python file defines."""
    names = runpy.run_path(path, run_name="tools")
    return [each for name, each in names.items()
            if inspect.isfunction(each) and each.__module__ == "tools" and name[0] != "_"]


def main():
    """Puts together what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", action="append", help=f"of {', '.join(INPUTS)}: keyboard")
    parser.add_argument("--output", action="append", help=f"of {', '.join(OUTPUTS)}: console")
    parser.add_argument("--model", default="gemini-3.8-live")
    parser.add_argument("--api-key-file", help="instead of GOOGLE_API_KEY")
    parser.add_argument("--tools", help="a Python file")
    parser.add_argument("--config", help="whatever a Live setup can say: JSON, or @ and a file")
    options = parser.parse_args()
    Gst.init()
    try:
        chat = Chat(functions_of(options.tools) if options.tools else (), model=options.model,
                    api_key_file=options.api_key_file, config=options.config)
        sys.exit(chat.start(options.input or ["keyboard"], options.output or ["console"]))
    except GLib.Error as error:  # what a launch line has no element for
        sys.exit(error.message)


if __name__ == "__main__":
    main()
