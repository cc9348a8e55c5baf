"""Runs every gst-launch line of the documentation against the simulator, as a reader would.

The machine of a test has no microphone, camera or speaker: a recording, a test picture and a sink that
keeps time stand in for them. Nothing else of a line is changed. Prints TAP.

usage: run_lines.py SIMULATOR SOURCE_ROOT
"""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

RECORDING = "/usr/share/sounds/alsa/Front_Center.wav"
STAND_INS = {
    "autoaudiosrc": f"filesrc location={RECORDING} ! wavparse",
    "autoaudiosink": "fakesink sync=true",
    "autovideosrc": "videotestsrc num-buffers=60",
}
TYPED = b"Good morning.\n"
PATIENCE = 60


def lines_of(path):
    """Each gst-launch line of a file; a backslash at its end joins the next one."""
    text = re.sub(r"\s*\\\n\s*(\* )?", " ", path.read_text(encoding="utf-8"))
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip().removeprefix("* ").strip()
        if line.startswith("gst-launch-1.0 ") or " | gst-launch-1.0 " in line:
            yield number, line


def stand_in(line):
    """The line with what a test's machine has."""
    for name, replacement in STAND_INS.items():
        line = re.sub(rf"\b{name}\b", replacement, line)
    return line


def run(line, url, folder):
    """An empty string, or why the line failed."""
    (folder / "question.wav").write_bytes(pathlib.Path(RECORDING).read_bytes())
    environment = f"GOOGLE_API_KEY=test GOOGLE_GEMINI_BASE_URL={shlex.quote(url)}"
    command = f"export {environment}; {stand_in(line)} | cat; exit ${{PIPESTATUS[0]}}"
    try:
        done = subprocess.run(["bash", "-c", command], cwd=folder, input=TYPED, timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except subprocess.TimeoutExpired as expired:
        return f"not over after {PATIENCE} s:\n" + (expired.stdout or b"").decode(errors="replace")
    output = done.stdout.decode(errors="replace")
    return f"exit status {done.returncode}:\n{output}" if done.returncode else ""


def main():
    """Runs all lines and prints how they fared."""
    simulator, root = sys.argv[1], pathlib.Path(sys.argv[2])
    paths = [root / "README.md", *sorted((root / "docs").glob("*.md")),
             *sorted((root / "plugins" / "geminilive").glob("*.cpp"))]
    found = {}
    for path in paths:
        for number, line in lines_of(path):
            found.setdefault(line, f"{path.relative_to(root)}:{number}")
    print(f"1..{len(found)}")
    with subprocess.Popen([simulator, "--port", "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().split()[-1]
            for index, (line, where) in enumerate(found.items(), 1):
                with tempfile.TemporaryDirectory() as folder:
                    failure = run(line, url, pathlib.Path(folder))
                print(f"{'not ok' if failure else 'ok'} {index} - {where} {line}", flush=True)
                for detail in failure.splitlines():
                    print(f"# {detail}")
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
