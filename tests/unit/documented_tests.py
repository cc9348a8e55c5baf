"""Finds the tests that the documentation names. Prints TAP.

A name is `suite/program` with tests behind it, such as: pair/tools `a_call_is_answered_once`, `a_…`; an
ellipsis stands for anything.

usage: documented_tests.py SOURCE_ROOT
"""

import pathlib
import re
import sys

NAMED = re.compile(r"\b(\w+)/(\w+)((?:,? `[a-z0-9_…]+`)+)")
CALLS = "<!-- calls -->", "<!-- end of calls -->"


def named_in(text):
    """Each suite, program and test."""
    for suite, program, tests in NAMED.findall(text):
        for test in re.findall(r"`([^`]+)`", tests):
            yield suite, program, test


def missing_in(text, root):
    """What is named and not there, or not run, in sentences."""
    for suite, program, test in named_in(text):
        path = root / "tests" / suite / f"{program}.cpp"
        code = path.read_text(encoding="utf-8") if path.exists() else ""
        name = test.replace("…", "[a-z0-9_]*")
        # Run by Check or by unit/check.hpp, or a row of a table in which each row is a test.
        if not re.search(rf'\btcase_add_\w+\(\w+, (test_)?{name}[,)]|^TEST\(test_{name}\)|"{name}"',
                         code, re.MULTILINE):
            yield f"{suite}/{program} has no test {test}"


def untested_calls(text):
    """The rows of the table of calls that name no test."""
    table = text.split(CALLS[0])[1].split(CALLS[1])[0]
    for row in table.strip().splitlines()[2:]:
        if not list(named_in(row.strip("|").split("|")[-1])):
            yield f"no test: {row}"


def main():
    """Looks at every page, and proves on a made-up name that it would find one that is wrong."""
    root = pathlib.Path(sys.argv[1])
    pages = sorted((root / "docs").glob("*.md"))
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages}
    checks = {name: list(missing_in(text, root)) for name, text in texts.items()}
    checks["every row of the table of calls has a test"] = list(untested_calls(texts["tools.md"]))
    checks["a wrong name would be found"] = (
        [] if list(missing_in("pair/tools `a_call_is_answered_never`", root)) else ["it was not"])
    print(f"1..{len(checks)}")
    for number, (name, wrong) in enumerate(checks.items(), 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for sentence in wrong:
            print(f"# {sentence}")


if __name__ == "__main__":
    main()
