"""Runs a script with the pinned Node.js and Google's SDK, which it installs first if they are missing.

Several may run at once: one installs, the others wait for it.

usage: run.py SCRIPT ARGUMENT...
"""

import fcntl
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
NODE = MODULES / "node" / "bin" / "node"
STAMP = MODULES / ".installed"
LOCK_FILE = HERE / "package-lock.json"
MAJOR = "v22."


def installed():
    """Whether what the lock file lists is there, whole."""
    try:
        return STAMP.read_bytes() == LOCK_FILE.read_bytes()
    except OSError:
        return False


def install():
    """Installs what the lock file lists, and leaves a stamp; exits with a sentence if it cannot."""
    npm = shutil.which("npm")
    if not npm:
        sys.exit("Install npm, for example Debian's package npm: the tests with Google's SDK need it.")
    STAMP.unlink(missing_ok=True)
    done = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=HERE, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit("Make npm's registry reachable: the tests with Google's SDK could not be "
                 f"installed, npm ci said\n{done.stdout}")
    version = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith(MAJOR):
        sys.exit(f"Pin node 22 in {HERE / 'package.json'}: what came is {version.strip()}.")
    STAMP.write_bytes(LOCK_FILE.read_bytes())


def main():
    """Becomes the script."""
    with open(HERE / "package.json", encoding="utf-8") as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)
        if not installed():
            install()
    # The key and project of whoever runs the tests stay out of them.
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("GOOGLE_", "GEMINI_"))}
    os.execve(NODE, [str(NODE), "--test-reporter=tap", *sys.argv[1:]], environment)


if __name__ == "__main__":
    main()
