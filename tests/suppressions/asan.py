"""Runs a test program under AddressSanitizer; a leak must be seen twice to be one.

When a program ends, workers may still hold what LeakSanitizer does not find in their hands: the pool's
threads are not joined. Such a thing is not there again; a leak is. Every other fault counts at once.

usage: asan.py PROGRAM ARGUMENT...
"""

import subprocess
import sys

FAULTS = ("ERROR: AddressSanitizer", "runtime error:", ":F:", "Test timeout expired", "not ok ")


def run():
    """The program's status and output."""
    done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def main():
    """Leaves the output as it is, and the status of the run that counts."""
    status, output = run()
    if status and "LeakSanitizer" in output and not any(fault in output for fault in FAULTS):
        print(output.replace("Checks:", "checks:"), "Once more, to see whether it is a leak.", sep="\n",
              file=sys.stderr)
        status, output = run()
    sys.stdout.write(output)
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
