"""Functions that Python declares and answers, and what becomes of their exceptions.

usage: tools.py URL RECORDING
"""

import json
import queue
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstGeminiLive", "1.0")
from gi.repository import GLib, Gst, GstGeminiLive  # pylint: disable=wrong-import-position

PATIENCE = 60  # seconds
NO_ANSWER = "the function gave no answer"
EXPECTED = {
    "echo": {"response": {"n": 1}},
    "nothing": {"error": NO_ANSWER},
    "broken": {"error": NO_ANSWER},
    "refusing": {"error": "not today"},
    "later": {"response": {"output": "here it is"}},
    "silent": {"response": {"output": "done"}},
}


def require(truth, what):
    """Fails with a sentence if it is not so."""
    if not truth:
        sys.exit(f"not so: {what}")


def declaration(name):
    """JSON text that declares a function."""
    return json.dumps({"name": name, "description": f"Does {name}."})


def broken(_session, _call, _args):
    """What a mistake looks like."""
    raise ValueError("a mistake")


def refusing(_session, _call, _args):
    """What the model is to be told."""
    raise GLib.Error("not today")


def on_later(session, call, name, args):
    """Takes the call and answers it from another thread."""
    require((name, args) == ("later", "{}"), "the signal says what is called")
    threading.Thread(target=session.send_tool_response, args=(call, '"here it is"')).start()
    return True


def on_silent(session, call, _name, _args):
    """Answers at once, and says how the model is to use it."""
    session.send_tool_response_full(call, None, GstGeminiLive.Scheduling.SILENT, False)
    return False


def require_refusal(call, text):
    """The function raises what the documentation says."""
    try:
        call()
    except GLib.Error as error:
        require(error.matches(Gst.ResourceError.quark(), Gst.ResourceError.NOT_FOUND)
                and text in error.message, f"{text}: {error.message}")
        return
    sys.exit(f"not refused: {text}")


def main():
    """Lets the model call everything at once."""
    url, _ = sys.argv[1:]
    Gst.init()
    tools = json.dumps([json.loads(declaration(name)) for name in ("later", "silent")])
    session = GstGeminiLive.Session(base_url=url, api_key="any", tools=tools)
    session.add_tool(declaration("echo"), lambda _session, _call, args: args)
    session.add_tool(declaration("nothing"), lambda _session, _call, _args: None)
    session.add_tool(declaration("broken"), broken)
    session.add_tool(declaration("refusing"), refusing)
    session.connect("tool-call::later", on_later)
    session.connect("tool-call::silent", on_silent)
    events = queue.Queue()
    session.connect("event", lambda _session, event: events.put(json.loads(event)))
    session.open()
    session.send_text("Do everything.")
    results, ids = {}, []
    while len(results) < len(EXPECTED):
        event = events.get(timeout=PATIENCE)
        if event["event"] == "tool-result":
            ids.append(event["id"])
            results[event["name"]] = {key: event[key] for key in ("response", "error")
                                      if key in event}
    require(results == EXPECTED, f"everything is answered as it should be: {results}")
    require_refusal(lambda: session.send_tool_response(ids[0], "1"), "the call is over")
    require_refusal(lambda: session.fail_tool_call("never", "no"), "no call has this id")
    require(session.props.stats.get_uint64("tool-calls-failed") == (True, 3), "failures count")
    session.close()


if __name__ == "__main__":
    main()
