"""Runs the shell script that holds a conversation, and looks at what was said.

usage: events.py SIMULATOR SCRIPT
"""

import os
import subprocess
import sys

from simulator import serving

SCENARIO = {"turns": [{"on": "text", "say": 'France, or "la France".'},
                      {"on": "text", "say": "Paris."}]}
EXPECTED = """\
user: Name a country.
model: France, or "la France".
user: What is its capital?
model: Paris.
"""
PATIENCE = 60


def converse(url, script):
    """What the script prints, and how it ends."""
    environment = dict(os.environ, GOOGLE_API_KEY="test", GOOGLE_GEMINI_BASE_URL=url)
    return subprocess.run(["bash", script], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=PATIENCE, check=False)


def main():
    """Fails with a sentence if a conversation was not held, or an error not told."""
    simulator, script = map(os.path.abspath, sys.argv[1:])
    with serving(simulator, scenario=SCENARIO) as (_, url, _):
        done = converse(url, script)
    if done.returncode or done.stdout != EXPECTED:
        sys.exit(f"exit status {done.returncode}:\n{done.stdout}{done.stderr}")
    refused = converse(url, script)  # nobody listens there any more
    if refused.returncode == 0 or "Check the network" not in refused.stderr:
        sys.exit(f"exit status {refused.returncode}, without a service:\n{refused.stderr}")


if __name__ == "__main__":
    main()
