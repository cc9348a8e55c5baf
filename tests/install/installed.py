"""Installs the build into an empty folder and uses it from there, as a stranger would. Prints TAP.

The folder is the sysroot of a cross compilation: pkg-config finds the library in it and nothing of
the build.
"""

import argparse
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

HERE = pathlib.Path(__file__).resolve().parent
RECORDING = "/usr/share/sounds/alsa/Front_Center.wav"
PACKAGE = "gstgeminilive-1.0"
SONAME = "libgstgeminilive-1.0.so.0"
EXPORTED = ("gst_gemini_live_",)
EXPORTED_BY_PLUGIN = ("gst_plugin_",)
GIR = "{http://www.gtk.org/introspection/core/1.0}"
GLIB = "{http://www.gtk.org/introspection/glib/1.0}"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
PATIENCE = 120


class Failure(Exception):
    """What is wrong, in a sentence or in a program's own words."""


class Skipped(Exception):
    """Why something cannot be tried here."""


def run(command, environment=None):
    """What a command prints; a failure is ours."""
    try:
        done = subprocess.run(command, env=environment, timeout=PATIENCE, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as expired:
        raise Failure(f"{command[0]} was not over after {PATIENCE} s") from expired
    if done.returncode:
        raise Failure(f"{shlex.join(map(str, command))}\nexit status {done.returncode}:\n"
                      f"{done.stdout}")
    return done.stdout


class Tree:
    """What was installed, and how to use it."""

    def __init__(self, root, options):
        self.root, self.options = root, options
        self.work = root.parent
        self.bin, self.include = self.place(options.bindir), self.place(options.includedir)
        self.lib, self.data = self.place(options.libdir), self.place(options.datadir)
        self.library = self.lib / options.library
        self.plugin = self.lib / "gstreamer-1.0" / "libgstgeminilive.so"

    def place(self, path):
        """Where a path of the system is in the sysroot."""
        return self.root / path.lstrip("/")

    def expected(self):
        """Every file, no more and no less."""
        headers = self.include / "gstreamer-1.0" / "gst" / "geminilive"
        yield self.bin / "gemini-live-simulator"
        for name in ("geminilive", "geminilive-enums", "geminilive-enumtypes",
                     "geminilive-prelude", "geminilive-session"):
            yield headers / f"{name}.h"
        yield from (self.library, self.lib / SONAME, self.lib / SONAME.removesuffix(".0"))
        yield self.plugin
        yield self.lib / "pkgconfig" / f"{PACKAGE}.pc"
        if self.options.introspection:
            yield self.lib / "girepository-1.0" / "GstGeminiLive-1.0.typelib"
            yield self.data / "gir-1.0" / "GstGeminiLive-1.0.gir"

    def environment(self):
        """Where programs find library, plugin and typelib: here and not in the build."""
        return dict(os.environ, LD_LIBRARY_PATH=str(self.lib),
                    GST_PLUGIN_PATH=str(self.plugin.parent),
                    GST_REGISTRY=str(self.work / "registry.bin"),
                    GI_TYPELIB_PATH=str(self.lib / "girepository-1.0"))

    def pkg_config(self, *arguments):
        """What pkg-config says of the installed library."""
        environment = dict(os.environ, PKG_CONFIG_SYSROOT_DIR=str(self.root),
                           PKG_CONFIG_PATH=str(self.lib / "pkgconfig"))
        return shlex.split(run(["pkg-config", *arguments, PACKAGE], environment))

    def borrow_dependencies(self):
        """Links the headers of GStreamer into the sysroot, where they would be installed too."""
        for folder in shlex.split(run(["pkg-config", "--cflags-only-I", "gstreamer-1.0"])):
            folder = folder.removeprefix("-I")
            target = self.place(folder)
            target.mkdir(parents=True, exist_ok=True)
            run(["cp", "-rsn", f"{folder}/.", target])

    def compile(self, compiler, source, *options):
        """A program made with what pkg-config says and nothing else."""
        program = self.work / source.stem
        run([*shlex.split(compiler), *options, *WARNINGS, source, "-o", program,
             *self.pkg_config("--cflags", "--libs")])
        return program

    def converse(self, command, scenario):
        """Runs a program against the installed simulator."""
        server_command = [self.bin / "gemini-live-simulator", "--port", "0",
                          "--scenario", HERE / scenario]
        with subprocess.Popen(server_command, stdout=subprocess.PIPE, text=True) as server:
            try:
                url = server.stdout.readline().split()[-1]
                run([*command, url, RECORDING], self.environment())
            finally:
                server.terminate()


def check_files(tree):
    """the files"""
    found = {path for path in tree.root.rglob("*") if not path.is_dir()}
    expected = set(tree.expected())
    differences = [f"missing: {path.relative_to(tree.root)}" for path in expected - found]
    differences += [f"not expected: {path.relative_to(tree.root)}" for path in found - expected]
    if differences:
        raise Failure("\n".join(sorted(differences)))


def check_exports(tree):
    """the library and the plugin export their own names only"""
    for path, prefixes in (tree.library, EXPORTED), (tree.plugin, EXPORTED_BY_PLUGIN):
        lines = run(["nm", "-D", "--defined-only", "--no-demangle", path]).splitlines()
        names = [line.split()[-1] for line in lines]
        foreign = [name for name in names if not name.startswith(prefixes)]
        if foreign or not names:
            raise Failure("\n".join([f"{path.name} exports:", *(foreign or ["nothing"])]))


def check_dynamic_sections(tree):
    """the soname is right and nothing points into the build"""
    if f"[{SONAME}]" not in run(["readelf", "-d", tree.library]):
        raise Failure(f"the soname is not {SONAME}")
    for path in tree.library, tree.plugin, tree.bin / "gemini-live-simulator":
        if "PATH)" in run(["readelf", "-d", path]):
            raise Failure(f"{path.name} has a run path")


def check_pkg_config(tree):
    """the pkg-config file names the library, its version and its folders"""
    if tree.pkg_config("--modversion") != [tree.options.version]:
        raise Failure("the version is not that of the project")
    for name, folder in {"pluginsdir": f"{tree.options.libdir}/gstreamer-1.0",
                         "girdir": f"{tree.options.datadir}/gir-1.0",
                         "typelibdir": f"{tree.options.libdir}/girepository-1.0"}.items():
        found = [value.removeprefix(str(tree.root))
                 for value in tree.pkg_config(f"--variable={name}")]
        if found != [folder]:
            raise Failure(f"{name} is {found}, not {folder}")


def check_gir(tree):
    """the GIR documents every type, function and signal and says since when they are there"""
    if not tree.options.introspection:
        raise Skipped("built without introspection")
    kinds = [f"{GIR}{kind}" for kind in ("class", "enumeration", "constructor", "method")]
    root = ElementTree.parse(tree.data / "gir-1.0" / "GstGeminiLive-1.0.gir").getroot()
    described = [node for node in root.iter() if node.tag in (*kinds, f"{GLIB}signal")]
    bare = [node.get("name") for node in described
            if node.find(f"{GIR}doc") is None or node.get("version") is None]
    if bare or not described:
        raise Failure("\n".join(["not documented:", *(bare or ["anything"])]))


def check_c(tree):
    """a conversation in C"""
    program = tree.compile(tree.options.cc, HERE / "conversation.c", "-std=c11")
    tree.converse([program], "scenario.json")


def check_cpp(tree):
    """the header in C++"""
    for standard in "c++11", "c++20":
        run([tree.compile(tree.options.cxx, HERE / "header.cpp", f"-std={standard}")],
            tree.environment())


def check_python(tree, script="conversation.py", scenario="interrupted-scenario.json"):
    """a conversation in Python"""
    if not tree.options.introspection:
        raise Skipped("built without introspection")
    if not tree.options.python:
        raise Skipped("no Python with PyGObject")
    tree.converse([tree.options.python, HERE / script], scenario)


def check_python_tools(tree):
    """functions in Python"""
    check_python(tree, "tools.py", "tools-scenario.json")


def report(number, check, tree):
    """One point of TAP; whether it was passed."""
    try:
        check(tree)
    except Skipped as skipped:
        print(f"ok {number} - {check.__doc__} # SKIP {skipped}", flush=True)
    except Failure as failure:
        print(f"not ok {number} - {check.__doc__}")
        for line in str(failure).splitlines():
            print(f"# {line}", flush=True)
    else:
        print(f"ok {number} - {check.__doc__}", flush=True)


def parse_arguments():
    """Where things are, in Meson's words."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("meson", "build", "cc", "cxx", "version", "library", "bindir", "includedir",
                 "libdir", "datadir"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--python", default="", help="a Python with PyGObject")
    parser.add_argument("--introspection", action="store_true", help="GIR and typelib were built")
    return parser.parse_args()


def main():
    """Installs, then looks at everything; the order matters to the first look only."""
    options = parse_arguments()
    checks = (check_files, check_exports, check_dynamic_sections, check_pkg_config, check_gir,
              check_c, check_cpp, check_python, check_python_tools)
    print(f"1..{len(checks)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(pathlib.Path(folder).resolve() / "root", options)
        try:
            run([options.meson, "install", "-C", options.build, "--destdir", tree.root,
                 "--no-rebuild", "--quiet"])
        except Failure as failure:
            print(f"Bail out! {failure}")
            sys.exit(1)
        for number, check in enumerate(checks, 1):
            report(number, check, tree)
            if check is check_files:
                tree.borrow_dependencies()


if __name__ == "__main__":
    main()
