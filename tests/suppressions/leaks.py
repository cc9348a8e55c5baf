"""Runs a test program under GStreamer's leaks tracer; fails if an object of ours outlives it.

usage: leaks.py PROGRAM ARGUMENT...
"""

import os
import re
import subprocess
import sys
import tempfile

ALIVE = re.compile(r"object-alive, type-name=\(string\)(\w+).*?ref-count=\(uint\)(\d+)")


def main():
    """Leaves the program's output as it is, and its status if it failed by itself."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as trace:
        settings = {"GST_DEBUG": "GST_TRACER:7", "GST_DEBUG_FILE": trace.name,
                    "GST_DEBUG_NO_COLOR": "1"}
        status = subprocess.run(sys.argv[1:], env=os.environ | settings, check=False).returncode
        text = trace.read()
    if "GST_TRACER" not in text:
        sys.exit("the tracer said nothing")
    alive = ALIVE.findall(text)
    for name, references in alive:
        print(f"still alive: {name}, {references} references", file=sys.stderr)
    sys.exit(status or bool(alive))


if __name__ == "__main__":
    main()
