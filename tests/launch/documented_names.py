"""Looks up every name in a page of tables that say what stands here for what was elsewhere. Prints TAP.

What the first column of a table names is not ours. Whatever else stands in the font of code is looked
up: pieces of launch lines are parsed, functions and words found by introspection, commands, events and
their fields in their tables, options in the help of the program.

usage: documented_names.py SOURCE_ROOT PAGE
"""

import pathlib
import re
import subprocess
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstGeminiLive", "1.0")
from gi.repository import GLib, GObject, Gst, GstGeminiLive  # pylint: disable=wrong-import-position

CODE = re.compile(r"`([^`]+)`")
# Elements that need not be on this machine.
ELSEWHERE = {"pulsesrc", "pulsesink", "pipewiresrc", "osxaudiosrc", "wasapi2src", "webrtcdsp",
             "livekitwebrtcsrc", "livekitwebrtcsink"}
OF_GSTREAMER = {"GST_DEBUG", "GST_DEBUG_DUMP_DOT_DIR"}


def names_of(page):
    """What the page names, without headings, first columns and blocks."""
    text = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^#.*$|^\|[^|]*\|", "", text, flags=re.MULTILINE)
    return sorted(set(CODE.findall(text)))


class Names:
    """All that there is to name."""

    def __init__(self, root):
        elements = Gst.Registry.get().get_feature_list_by_plugin("geminilive")
        types = [GstGeminiLive.Session, *(type(each.create()) for each in elements)]
        self.words = {each.name for one in types for each in one.list_properties()}
        self.words |= {name for one in types for name in GObject.signal_list_names(one)}
        self.words |= {each.value_name.rsplit("SCHEDULING_")[-1]
                       for each in GstGeminiLive.Scheduling.__enum_values__.values()}
        events = (root / "docs" / "events.md").read_text(encoding="utf-8")
        self.words |= set(CODE.findall(events.split("| event | fields |")[1].split("\n\n")[0]))
        commands = (root / "docs" / "commands.md").read_text(encoding="utf-8")
        self.commands = set(re.findall(r'`\{("[a-z-]+":)', commands))
        self.variables = {name for each in GstGeminiLive.Session.list_properties()
                          for name in re.findall(r"[A-Z]+(?:_[A-Z]+)+", each.blurb)}
        self.root = root

    def fault_of_program(self, command):
        """A program of the examples and its options."""
        program, *arguments = command.split()
        shown = subprocess.run([sys.executable, self.root / program, "--help"], text=True,
                               stdout=subprocess.PIPE, check=True).stdout
        for option, value in zip(arguments, arguments[1:] + [""]):
            if option.startswith("--") and option not in shown:
                return f"there is no {option}"
            if option in ("--input", "--output") and value not in shown.split(option)[-1]:
                return f"{option} knows no {value}"
        return ""

    def fault_of(self, name):
        """What is wrong with a name; nothing if it is one."""
        if name.startswith("examples/"):
            return self.fault_of_program(name)
        if name.startswith("{"):
            known = any(name.startswith("{" + each) for each in self.commands)
            return "" if known else "there is no such command"
        if function := re.fullmatch(r"(?:session\.|gst_gemini_live_session_)(\w+)\(\)", name):
            return "" if hasattr(GstGeminiLive.Session, function[1]) else "there is no such function"
        if name == "GstGeminiLive.Session" or name in self.words | self.variables | ELSEWHERE:
            return ""
        first = re.split("[ =]", name)[0]
        if first in OF_GSTREAMER or first in ELSEWHERE:
            return ""
        try:
            Gst.parse_launch(f"geminilivesink {name}" if first in self.words else name)
        except GLib.Error as error:
            return error.message
        return ""


def main():
    """One point for each name."""
    Gst.init()
    root, page = map(pathlib.Path, sys.argv[1:])
    known = Names(root)
    found = names_of(page.read_text(encoding="utf-8"))
    print(f"1..{len(found)}")
    for number, name in enumerate(found, 1):
        fault = known.fault_of(name)
        print(f"{'not ok' if fault else 'ok'} {number} - {name.replace('#', ' ')}")
        if fault:
            print(f"# {fault}")


if __name__ == "__main__":
    main()
