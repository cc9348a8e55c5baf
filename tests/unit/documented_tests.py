"""Finds the tests that the documentation names, and the messages of its tables of credentials in the
code. Prints TAP.

A name is `suite/program` with tests behind it, such as: pair/tools `a_call_is_answered_once`, `a_…`; an
ellipsis stands for anything.

usage: documented_tests.py SOURCE_ROOT
"""

import pathlib
import re
import sys

NAMED = re.compile(r"\b(\w+)/(\w+)((?:,? `[a-z0-9_…]+`)+)")
CALLS = "<!-- calls -->", "<!-- end of calls -->"
# What stands for something else in a message, or is put around it.
OPEN = re.compile(r"…|\b(?:URL|PATH|PROXY|HOST|TYPE|UNIVERSE|FIELD|DATE|N hours|N)\b|[();]|, or |"
                  r"the token_uri of the credentials|the (?:API key|credentials) file|the system's proxy")
SHORT = 8  # less is found anywhere


def named_in(text):
    """Each suite, program and test."""
    for suite, program, tests in NAMED.findall(text):
        for test in re.findall(r"`([^`]+)`", tests):
            yield suite, program, test


def missing_in(text, root):
    """What is named and not there, or not run, in sentences."""
    for suite, program, test in named_in(text):
        paths = [root / "tests" / suite / f"{program}{ending}" for ending in (".cpp", ".py")]
        code = "".join(path.read_text(encoding="utf-8") for path in paths if path.exists())
        name = test.replace("…", "[a-z0-9_{}]*")
        # Run by Check or by unit/check.hpp, or a row of a table in which each row is a test.
        if not re.search(rf'\btcase_add_\w+\(\w+, (test_)?{name}[,)]|^TEST\(test_{name}\)|"{name}"',
                         code, re.MULTILINE):
            yield f"{suite}/{program} has no test {test}"


def rows_of(text):
    """The cells of the rows of all tables."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| what |"):
            yield [cell.strip() for cell in line.strip().strip("|").split(" | ")]


def said_by(root):
    """All that the library can say: its texts, those that follow each other joined."""
    code = "".join(path.read_text(encoding="utf-8")
                   for path in sorted((root / "gst/geminilive").rglob("*.cpp")))
    return re.sub(r'"\s*"', "", code).replace('\\"', '"')


def made_up_in(text, said):
    """Messages of which a part is not in the code, and rows without a test, in sentences."""
    for cells in rows_of(text):
        message = cells[1]
        if "](" in message or message.startswith("the same"):
            continue
        for part in OPEN.split(message):
            part = part.strip(" ',:;")
            if len(part) > SHORT and part not in said:
                yield f"nobody says '{part}': {message}"
        if cells[-1] != "the same" and not list(named_in(cells[-1])):
            yield f"no test: {message}"


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
    said = said_by(root)
    checks["every message of credentials is said, and tested"] = list(
        made_up_in(texts["credentials.md"], said))
    checks["a wrong message would be found"] = (
        [] if list(made_up_in("| a | Guess what it is | b | pair/tools `a_…` |", said))
        else ["it was not"])
    checks["a wrong name would be found"] = (
        [] if list(missing_in("pair/tools `a_call_is_answered_never`", root)) else ["it was not"])
    print(f"1..{len(checks)}")
    for number, (name, wrong) in enumerate(checks.items(), 1):
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for sentence in wrong:
            print(f"# {sentence}")


if __name__ == "__main__":
    main()
