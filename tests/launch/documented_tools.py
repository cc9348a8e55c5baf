"""Runs every program of docs/tools.md against the simulator, which asks each of them for the weather.
Prints TAP.

usage: documented_tools.py SIMULATOR SOURCE_ROOT [PYTHON]
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from run_lines import stand_in
from weather import WEATHER, ask

QUESTION = "What is the weather in Paris?"


def programs(text):
    """Each block of a language that is run: its line, its language and its code."""
    for block in re.finditer(r"^```(bash|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, block.start()) + 1, block[1], stand_in(block[2])


def run(simulator, root, command):
    """An empty string, or what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "examples").symlink_to(root / "examples")
        try:
            done, _, answers = ask(simulator, ["Paris"], QUESTION, command, cwd=folder)
        except subprocess.TimeoutExpired as expired:
            return f"not over after {expired.timeout} s"
    if done.returncode or answers != [WEATHER["Paris"]]:
        return f"exit status {done.returncode}, answered {answers}:\n{done.stdout}{done.stderr}"
    return ""


def main():
    """Runs them all and prints how they fared."""
    simulator, root, *python = sys.argv[1:]
    simulator, root = os.path.abspath(simulator), pathlib.Path(root)
    found = list(programs((root / "docs" / "tools.md").read_text(encoding="utf-8")))
    print(f"1..{len(found)}")
    for number, (line, language, code) in enumerate(found, 1):
        command = ["bash"] if language == "bash" else python
        failure = run(simulator, root, [*command, "-c", code]) if command else ""
        skipped = "" if command else " # SKIP no Python with PyGObject"
        print(f"{'not ok' if failure else 'ok'} {number} - line {line}{skipped}", flush=True)
        for detail in failure.splitlines():
            print(f"# {detail}")


if __name__ == "__main__":
    main()
