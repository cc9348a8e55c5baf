"""Counts the checks in Meson's logs of test runs, all together.

A program counts by its own words, which are GstCheck's or TAP, else as one check.
"""

import json
import re
import sys

CHECKS = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.MULTILINE)
TAP = re.compile(r"^(not )?ok\b", re.MULTILINE)


def count(entry):
    """Passed, failed and skipped checks of one test program."""
    if entry["result"] == "SKIP":
        return 0, 0, 1
    output = entry.get("stdout", "")
    suites, points = CHECKS.findall(output), TAP.findall(output)
    total = sum(int(checks) for checks, _, _ in suites) + len(points) or 1
    failed = sum(int(failures) + int(errors) for _, failures, errors in suites)
    failed += sum(1 for refused in points if refused)
    if entry["result"] not in ("OK", "EXPECTEDFAIL"):
        failed = max(failed, 1)
    return total - min(failed, total), failed, 0


REFUSED = re.compile(r"^(not ok\b.*|.*:[FE]:.*)$", re.MULTILINE)
LAST_WORDS = 40


def refused_in(entry):
    """What a program said of its failed checks; all its last words if it came to no check."""
    output = entry.get("stdout", "")
    words = output + entry.get("stderr", "")
    return REFUSED.findall(output) or words.splitlines()[-LAST_WORDS:]


def counts(path):
    """What each program of one log counts; a log that is not there is a failure.

    What failed is named again, since its own words are far above by now.
    """
    try:
        with open(path, encoding="utf-8") as log:
            entries = [json.loads(line) for line in log]
    except OSError as error:
        print(error, file=sys.stderr)
        return [(0, 1, 0)]
    for entry in entries:
        if count(entry)[1] > 0:
            print(f"failed: {entry['name']} ({entry['result']}), in {path}")
            for line in refused_in(entry):
                print(f"  {line}")
    return [count(entry) for entry in entries]


passed, failed, skipped = (sum(column) for column in zip(*sum(map(counts, sys.argv[1:]), [])))
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
