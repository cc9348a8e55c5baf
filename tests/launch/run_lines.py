"""Runs every gst-launch line of the documentation against the simulator, as a reader would.

The machine of a test has no microphone, camera, screen or speaker, and not every plugin: a recording, a
test picture, a sink that keeps time and an element that does nothing stand in for them. Nothing else
of a line is changed. Prints TAP.

usage: run_lines.py SIMULATOR SOURCE_ROOT
"""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

from simulator import serving

RECORDING = "/usr/share/sounds/alsa/Front_Center.wav"
VOICE = f"filesrc location={RECORDING} ! wavparse"
SPEAKER = "fakesink sync=true"
PICTURES = "videotestsrc num-buffers=60"
STAND_INS = {
    "autoaudiosrc": VOICE, "alsasrc": VOICE,
    "autoaudiosink": SPEAKER, "alsasink": SPEAKER,
    "autovideosrc": PICTURES, "ximagesrc": PICTURES,
    "webrtcdsp": "identity", "webrtcechoprobe": "identity",
}
FILES = {
    "question.wav": pathlib.Path(RECORDING).read_bytes(),
    "config.json": b'{"temperature": 0.5}',
}
TYPED = b"Good morning.\n"
PATIENCE = 25  # less than drain-timeout, after which what nobody answers would end as well


def lines_of(path):
    """Each gst-launch line of a file; a backslash at its end joins the next one."""
    text = re.sub(r"\s*\\\n\s*(\* )?", " ", path.read_text(encoding="utf-8"))
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip().removeprefix("* ").strip()
        if line.startswith("gst-launch-1.0 ") or " | gst-launch-1.0 " in line:
            yield number, line


def stand_in(line, stand_ins=STAND_INS):
    """The line with what a test's machine has; the name of a device goes with the device."""
    for name, replacement in stand_ins.items():
        line = re.sub(rf"\b{name}\b( [\w-]+=\S+)*", replacement, line)
    return line


def run(line, url, folder):
    """An empty string, or why the line failed."""
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    (folder / "examples").symlink_to(pathlib.Path(__file__).resolve().parents[2] / "examples")
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
    with serving(simulator) as (_, url, _):
        for index, (line, where) in enumerate(found.items(), 1):
            with tempfile.TemporaryDirectory() as folder:
                failure = run(line, url, pathlib.Path(folder))
            print(f"{'not ok' if failure else 'ok'} {index} - {where} {line}", flush=True)
            for detail in failure.splitlines():
                print(f"# {detail}")


if __name__ == "__main__":
    main()
