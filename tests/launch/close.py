"""Holds many short conversations, each in a process that ends as soon as its pipeline has stopped, and
looks whether the service got a Close frame from each.

usage: close.py SIMULATOR
"""

from concurrent.futures import ThreadPoolExecutor
import json
import os
import subprocess
import sys

from simulator import serving

CONVERSATIONS = 60
AT_ONCE = 10
PATIENCE = 60
NORMAL = 1000


def converse(url, ca_file):
    """What the program wrote if it failed, else nothing."""
    environment = dict(os.environ, GOOGLE_API_KEY="test", GOOGLE_GEMINI_BASE_URL=url)
    line = ["gst-launch-1.0", "fdsrc", "!", "geminilivetextsink", f"tls-ca-file={ca_file}",
            "geminilivetextsrc", "!", "fakesink"]
    done = subprocess.run(line, input=b"Hello\n", env=environment, timeout=PATIENCE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode(errors="replace") if done.returncode else ""


def codes_in(log):
    """How the conversations ended, as the service saw it."""
    codes = []
    for line in log:
        received = json.loads(line)
        if received["kind"] == "close":
            codes.append(received["code"])
        if len(codes) == CONVERSATIONS:
            break
    return codes


def main():
    """Fails with a sentence if a conversation was not held, or not ended by a Close frame."""
    with serving(sys.argv[1], "--tls", "--log") as (server, url, ca_file), \
            ThreadPoolExecutor(AT_ONCE + 1) as pool:
        codes = pool.submit(codes_in, server.stdout)
        try:
            runs = [pool.submit(converse, url, ca_file) for _ in range(CONVERSATIONS)]
            failures = [run.result() for run in runs if run.result()]
            if failures:
                sys.exit(f"{len(failures)} programs failed:\n{failures[0]}")
            others = [code for code in codes.result(PATIENCE) if code != NORMAL]
        finally:
            server.terminate()
    if others:
        sys.exit(f"{len(others)} of {CONVERSATIONS} conversations ended with {others}")


if __name__ == "__main__":
    main()
