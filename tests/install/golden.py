"""Compares what gst-inspect-1.0 says of each element with what is written down. Prints TAP.

A difference is a change of what users see. If it is meant, `golden.py --update` writes it down, in
an environment in which gst-inspect-1.0 finds the elements (`meson devenv -C build`).

usage: golden.py [--update]
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys

GOLDEN = pathlib.Path(__file__).resolve().parent / "inspect"
PLUGIN = "geminilive"
GSTREAMER = "1.22"  # whose form the files have
SIGNAL_LISTS = ("Element Signals:", "Element Actions:")


def inspect(*arguments):
    """The output of gst-inspect-1.0, in English and without colours."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="C", GST_INSPECT_NO_COLORS="1")
    return subprocess.run(["gst-inspect-1.0", "--no-colors", *arguments], env=environment,
                          stdout=subprocess.PIPE, text=True, check=True).stdout


def sorted_signals(block):
    """A list of signals by name; GObject lists them in the order in which it met their names."""
    head, *lines = block.splitlines()
    signals = re.findall(r'^  ".*?;$', "\n".join(lines), re.MULTILINE | re.DOTALL)
    return "\n".join([head, *sorted(signals)])


def portable(text):
    """Without what differs between machines and versions."""
    text = re.sub(r"(?m)^  (Filename|Version) .*\n", "", text)
    text = re.sub(r"(?m)[ \t]+$", "", text).strip()
    blocks = [sorted_signals(block) if block.startswith(SIGNAL_LISTS) else block
              for block in text.split("\n\n")]
    return "\n\n".join(blocks) + "\n"


def elements():
    """The names of the plugin's elements."""
    return sorted(re.findall(r"^  (\w+): ", inspect(PLUGIN), re.MULTILINE))


def update(found):
    """Writes all files anew."""
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.txt"):
        path.unlink()
    for name, text in found.items():
        (GOLDEN / f"{name}.txt").write_text(text, encoding="utf-8")


def compare(found):
    """Prints how each element fares; one without a file and a file without one differ too."""
    written = {path.stem: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt")}
    names = sorted({*found, *written})
    print(f"1..{len(names)}")
    for number, name in enumerate(names, 1):
        difference = list(difflib.unified_diff(
            written.get(name, "").splitlines(), found.get(name, "").splitlines(),
            f"inspect/{name}.txt", f"gst-inspect-1.0 {name}", lineterm=""))
        print(f"{'not ok' if difference else 'ok'} {number} - {name}")
        for line in difference:
            print(f"# {line}")


def main():
    """Compares, or writes."""
    if sys.argv[1:] not in ([], ["--update"]):
        sys.exit(__doc__)
    if not re.search(rf"version {re.escape(GSTREAMER)}\.", inspect("--version")):
        print(f"1..0 # SKIP the files have the form of GStreamer {GSTREAMER}")
        return
    found = {name: portable(inspect(name)) for name in elements()}
    if sys.argv[1:]:
        update(found)
    else:
        compare(found)


if __name__ == "__main__":
    main()
