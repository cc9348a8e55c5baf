"""Compares the table of events in the documentation with what really comes. Prints TAP.

What comes is in events.json, which the test `events` proves case by case; a few things do not come of
a message of the service and are shown by other tests. What the engine's code could say beyond that is
found by its names.

usage: documented_events.py SOURCE_ROOT
"""

import json
import pathlib
import re
import sys

# Events and fields that no message of the service makes.
ELSEWHERE = {
    "state": {"state"},  # element/eventsrc
    "transcript": {"start"},  # pair/script: only where a source plays the audio
    "warning": {"message"},  # pair/script
    "tool-result": {"id", "name", "response", "error", "duration", "final"},  # pair/tool_results
    "error": {"message", "close-code", "close-reason", "retryable",  # element/eventsrc
              "http-status"},  # fault/refusals
}


def documented(text):
    """The fields of each event, from the table whose head is `event | fields`."""
    table = text.split("| event | fields |\n|---|---|\n")[1].split("\n\n")[0]
    found = {}
    for row in table.splitlines():
        names, fields = row.strip("|").split("|")
        fields = set(re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", fields)))
        for name in re.findall(r"`([^`]+)`", names):
            found[name] = fields
    return found


def shown(cases):
    """The fields of each event of the cases, and what is shown elsewhere."""
    found = {name: set(fields) for name, fields in ELSEWHERE.items()}
    for case in cases:
        for event in case["events"]:
            found.setdefault(event["event"], set()).update(set(event) - {"event"})
    return found


def written(sources):
    """The names that the code gives to events, and to fields."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    events = re.findall(r'\bEvent(?: \w+)?\((?:[^"()]*\? )?"([a-z-]+)"(?: : "([a-z-]+)")?', code)
    fields = re.findall(r'\.add(?:_secret)?\("([a-z-]+)"', code)
    return {name for pair in events for name in pair if name}, set(fields)


def differences(left, right, what):
    """What one side has and the other has not, in sentences."""
    for name, fields in sorted(left.items()):
        missing = fields - right[name] if name in right else {"itself"}
        for field in sorted(missing):
            yield f"{name}: {field} is {what}"


def main():
    """Prints how documentation, cases and code fit."""
    root = pathlib.Path(sys.argv[1])
    table = documented((root / "docs" / "events.md").read_text(encoding="utf-8"))
    cases = json.loads((root / "tests" / "pair" / "events.json").read_text(encoding="utf-8"))
    events, fields = written(sorted((root / "gst" / "geminilive" / "engine").glob("*.cpp")))
    known = set().union(*table.values())
    checks = {
        "what comes is documented": list(differences(shown(cases), table, "not documented")),
        "what is documented comes": list(differences(table, shown(cases), "shown by no test")),
        "what the code can say is documented":
            [f"{name} is not documented" for name in sorted(events - set(table) | fields - known)],
        "the code was read": [] if len(events) > 10 else ["no events were found in it"],
    }
    print(f"1..{len(checks)}")
    for number, (name, wrong) in enumerate(checks.items(), 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong:
            print(f"# {line}")


if __name__ == "__main__":
    main()
