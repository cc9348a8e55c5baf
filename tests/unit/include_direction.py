#!/usr/bin/env python3
"""Fails when an #include goes against the direction of the layers.

    include_direction.py SOURCE_ROOT    proves itself, then checks the tree
    include_direction.py --self-test    only proves itself

plugins → the library's public C headers; session → engine → {wire, net, auth, media, tools} → base.
Those five do not know each other. The simulator knows nothing of the library, so that a misreading cannot
sit on both sides.
"""

import posixpath
import re
import sys
import tempfile
from pathlib import Path

LIBRARY = "gst/geminilive"
PLUGINS = "plugins"
SIMULATOR = "tests/simulator"
CHECKED = ("gst", PLUGINS, SIMULATOR)
SUFFIXES = {".c", ".cc", ".cpp", ".h", ".hpp", ".inc", ".ipp"}

PUBLIC_TYPES = {f"{LIBRARY}/geminilive-enums.h", f"{LIBRARY}/geminilive-enumtypes.h"}
LAYERS = {
    "base": {"base"},
    "wire": {"wire", "base"},
    "net": {"net", "base"},
    "auth": {"auth", "base"},
    "media": {"media", "base"},
    "tools": {"tools", "base"},
    "engine": {"engine", "wire", "net", "auth", "media", "tools", "base"},
}

INCLUDE = re.compile(r'^\s*#\s*(?:include|include_next|import)\b\s*(?:([<"])([^>"]+)[>"]|(.*))')


def target_of(root, file, quote, name):
    """The path of an included file of this tree from its root; None if it is the system's."""
    if quote == '"':
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(file), name))
        if (root / beside).is_file() or not (root / name).is_file():
            return beside  # also what is generated during the build
    path = posixpath.normpath(name)
    ours = path.startswith((LIBRARY + "/", "plugins/", "tests/"))
    return path if ours or (root / path).is_file() else None


def layer_of(path):
    """The folder of a file of the library, "" for the session's, None for other files."""
    if not path.startswith(LIBRARY + "/"):
        return None
    return path[len(LIBRARY) + 1 :].rpartition("/")[0]


def is_public_header(path):
    return layer_of(path) == "" and path.endswith(".h")


def offence(file, target):
    """Why `file` may not include `target`, or None."""
    if file.startswith(SIMULATOR + "/"):
        if target.startswith((LIBRARY + "/", "plugins/")):
            return "the simulator may know nothing of the library"
        return None
    if file.startswith(PLUGINS + "/"):
        own = posixpath.dirname(target) == posixpath.dirname(file)
        if own or is_public_header(target):
            return None
        return "plugins may only include the library's public C headers and their own folder's"
    layer = layer_of(file)
    if layer is None:
        return "only gst/geminilive has a place in the order of the layers"
    target_layer = layer_of(target)
    if target_layer is None:
        return "the library may not include what lies outside of it"
    if layer == "":
        if is_public_header(file) and not is_public_header(target):
            return "a public header may only include public headers"
        if target_layer != "" and target_layer not in LAYERS:
            return f"{target_layer} has no place in the order of the layers"
        return None
    if layer not in LAYERS:
        return f"{layer} has no place in the order of the layers"
    if target_layer in LAYERS[layer]:
        return None
    if layer != "base" and target in PUBLIC_TYPES:
        return None
    return f"{layer} may not include {target_layer or 'the session level'}"


def includes(text):
    """(line, quote, name) of each include; quote is None where a macro names the file."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1], match[2] or match[3]


def check(root):
    root = Path(root)
    offences = []
    for folder in CHECKED:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in SUFFIXES or not path.is_file():
                continue
            file = path.relative_to(root).as_posix()
            for number, quote, name in includes(path.read_text(encoding="utf-8")):
                if quote is None:
                    why = "the file must be named, not computed"
                else:
                    target = target_of(root, file, quote, name)
                    why = offence(file, target) if target else None
                if why:
                    offences.append(f"{file}:{number}: {name}: {why}")
    return offences


# Each file of a wrong tree, and the lines that must be caught.
WRONG = {
    "gst/geminilive/base/a.hpp": (
        '#pragma once\n#include <vector>\n#include "b.hpp"\n#include "../wire/json.hpp"\n'
        '#include "../geminilive-enums.h"\n',
        [4, 5],
    ),
    "gst/geminilive/base/b.hpp": ("#include <gst/gst.h>\n#include <glib.h>\n", []),
    "gst/geminilive/wire/json.hpp": (
        '#include "../base/a.hpp"\n#include "../geminilive-enumtypes.h"\n'
        '#include "../media/m.hpp"\n  #  include "../geminilive-session.h"\n'
        "#include <gst/geminilive/engine/e.hpp>\n",
        [3, 4, 5],
    ),
    "gst/geminilive/net/n.cpp": ('#include "../auth/k.hpp"\n#include <libsoup/soup.h>\n', [1]),
    "gst/geminilive/auth/k.hpp": ('#include "../net/n.hpp"\n#include "../base/b.hpp"\n', [1]),
    "gst/geminilive/media/m.hpp": (
        '#include "../engine/e.hpp"\n#include "../wire/../base/b.hpp"\n'
        '#include "gst/geminilive/wire/json.hpp"\n',
        [1, 3],
    ),
    "gst/geminilive/engine/e.hpp": (
        '#include "../wire/json.hpp"\n#include "../net/n.hpp"\n#include "../auth/k.hpp"\n'
        '#include "../media/m.hpp"\n#include "../base/a.hpp"\n#include "../session.hpp"\n'
        "#include <gst/geminilive/geminilive-session.h>\n#include HEADER\n",
        [6, 7, 8],
    ),
    "gst/geminilive/extra/x.cpp": ('#include "../base/b.hpp"\n', [1]),
    "gst/geminilive/geminilive-session.h": (
        '#include <gst/geminilive/geminilive-enums.h>\n#include "session.hpp"\n',
        [2],
    ),
    "gst/geminilive/session.hpp": (
        '#include "engine/e.hpp"\n#include "wire/json.hpp"\n#include "geminilive-enumtypes.h"\n'
        '#include "../../plugins/geminilive/lines.hpp"\n#include "extra/x.hpp"\n',
        [4, 5],
    ),
    "plugins/geminilive/sink.cpp": (
        '#include "lines.hpp"\n#include <gst/geminilive/geminilive.h>\n#include <gst/gst.h>\n'
        "#include <gst/geminilive/session.hpp>\n#include <gst/geminilive/media/m.hpp>\n"
        '#include "../../gst/geminilive/base/b.hpp"\n// #include "../other.hpp"\n',
        [4, 5, 6],
    ),
    "plugins/geminilive/lines.hpp": ("#include <string>\n", []),
    "tests/simulator/main.cpp": (
        '#include "pcm.hpp"\n#include <gst/check/gstcheck.h>\n'
        "#include <gst/geminilive/geminilive.h>\n#include <gst/geminilive/base/pcm.hpp>\n"
        '#include "../../gst/geminilive/base/b.hpp"\n#include "plugins/geminilive/lines.hpp"\n',
        [3, 4, 5, 6],
    ),
}


def self_test():
    """What is wrong with this check."""
    with tempfile.TemporaryDirectory() as root:
        for file, (text, _) in WRONG.items():
            path = Path(root) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        caught = {tuple(text.split(":")[:2]) for text in check(root)}
    expected = {(file, str(line)) for file, (_, lines) in WRONG.items() for line in lines}
    return [f"not caught: {':'.join(place)}" for place in sorted(expected - caught)] + [
        f"caught by mistake: {':'.join(place)}" for place in sorted(caught - expected)
    ]


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    problems = self_test()
    if not problems and arguments[0] != "--self-test":
        root = Path(arguments[0])
        if not (root / LIBRARY).is_dir():
            problems = [f"{root} is no source root"]
        else:
            problems = check(root)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
