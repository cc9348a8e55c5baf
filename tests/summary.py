"""Counts the checks in Meson's log of a test run.

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


with open(sys.argv[1], encoding="utf-8") as log:
    counts = [count(json.loads(line)) for line in log]
passed, failed, skipped = (sum(column) for column in zip(*counts))
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
