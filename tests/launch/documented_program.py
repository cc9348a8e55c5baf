"""Runs the Python of a page of the documentation, from top to bottom, as one program.

In place of the microphone stands one before which nobody speaks, so that the typed words alone are
answered. The program must print what the model's call came to and what the model said of it.

usage: documented_program.py SIMULATOR PYTHON PAGE
"""

import os
import re
import subprocess
import sys

from run_lines import STAND_INS, stand_in
from simulator import serving

QUIET = {**STAND_INS, "autoaudiosrc": "audiotestsrc is-live=true volume=0"}
SCENARIO = {"turns": [{"on": "text", "tool": {"name": "get_weather", "args": {"city": "Surabaya"}},
                       "say": "It is {answer}."}]}
EXPECTED = ("{'event': 'tool-result'", "'text': 'It is cloudy in Surabaya, 23 degrees.', 'final': True")
PATIENCE = 60


def program_of(page):
    """All blocks of Python."""
    with open(page, encoding="utf-8") as text:
        return "\n".join(re.findall(r"^```python\n(.*?)^```", text.read(), re.MULTILINE | re.DOTALL))


def main():
    """Fails with what the program printed if that is not what it should."""
    simulator, python, page = sys.argv[1:]
    with serving(simulator, scenario=SCENARIO) as (_, url, _):
        environment = dict(os.environ, GOOGLE_API_KEY="test", GOOGLE_GEMINI_BASE_URL=url)
        done = subprocess.run([python, "-c", stand_in(program_of(page), QUIET)], env=environment,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=PATIENCE, check=False)
    missing = [text for text in EXPECTED if text not in done.stdout]
    if done.returncode or missing:
        sys.exit(f"exit status {done.returncode}, without {missing}:\n{done.stdout}")


if __name__ == "__main__":
    main()
