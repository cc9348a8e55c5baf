"""Mints ephemeral tokens with the example, talks by them from launch lines, and looks at what is
said when there is none. Prints TAP.

usage: mint_token.py SIMULATOR EXAMPLE
"""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

from simulator import serving

KEY = "AIzaSyHushHushHushHushHushHushHushHushH"
PATIENCE = 60
SCENARIO = {"turns": [{"on": "text", "say": "I am told: {system-instruction}"}]}
SETUP = {"model": "models/gemini-3.8-live", "systemInstruction": {"parts": [{"text": "Be brief."}]}}


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Sends everybody to another place, and writes down with what they came."""

    came = []

    def do_POST(self):  # pylint: disable=invalid-name
        """Redirects."""
        self.came.append((self.path, self.headers["x-goog-api-key"]))
        self.send_response(302)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):  # pylint: disable=arguments-differ
        """Nothing."""


def environment(url, key):
    """Of one who has nothing else."""
    variables = {name: value for name, value in os.environ.items()
                 if not name.startswith(("GOOGLE_", "GEMINI_"))}
    variables["GOOGLE_GEMINI_BASE_URL"] = url
    if key:
        variables["GOOGLE_API_KEY"] = key
    return variables


class Case:
    """The example, the simulator that it asks, and a folder."""

    def __init__(self, example, url, folder):
        self.example, self.url, self.folder = example, url, folder

    def run(self, *arguments, key=KEY):
        """How the example ended."""
        done = subprocess.run([sys.executable, self.example, *arguments], text=True, check=False,
                              env=environment(self.url, key), timeout=PATIENCE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert KEY not in done.stdout + done.stderr, "the key is shown"
        return done

    def mint(self, *arguments):
        """The token, which is all that is printed."""
        done = self.run(*arguments)
        assert done.returncode == 0 and not done.stderr, done.stderr
        name, end = done.stdout[:-1], done.stdout[-1:]
        assert name.startswith("auth_tokens/") and end == "\n" and name.split() == [name], name
        return name

    def refused(self, expected, *arguments, key=KEY):
        """The one line that says what to do."""
        done = self.run(*arguments, key=key)
        assert done.returncode and not done.stdout, f"minted {done.stdout}"
        assert done.stderr.startswith(expected) and done.stderr.count("\n") == 1, done.stderr

    def talk(self, token):
        """What a conversation by a token gave, and the first error."""
        answer = self.folder / "answer"
        answer.write_bytes(b"")
        line = ["gst-launch-1.0", "fdsrc", "!", "geminilivetextsink", f"auth-token={token}",
                "geminilivetextsrc", "which=conversation", "!", "filesink", f"location={answer}"]
        done = subprocess.run(line, input="Hello\n", text=True, check=False, timeout=PATIENCE,
                              env=environment(self.url, None), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        errors = [text for text in done.stdout.splitlines() if text.startswith("ERROR: from")]
        return answer.read_text(encoding="utf-8"), "".join(errors[:1])

    def file(self, text):
        """Its path."""
        path = self.folder / "setup.json"
        path.write_text(text, encoding="utf-8")
        return str(path)


def one_conversation(case):
    """A token is good for one conversation."""
    token = case.mint()
    answer, error = case.talk(token)
    assert "model: " in answer and not error, error
    answer, error = case.talk(token)
    assert "Mint a new ephemeral token: this one is used up" in error, error


def as_many_as_asked_for(case):
    """Two conversations, within its time."""
    token = case.mint("--uses", "2", "--lifetime", "600", "--start-within", "300")
    for _ in range(2):
        answer, error = case.talk(token)
        assert "model: " in answer and not error, error


def over(case):
    """A token whose time is over."""
    _, error = case.talk(case.mint("--lifetime", "-1"))
    assert "Mint a new ephemeral token: this one has expired" in error, error


def frozen(case):
    """What is frozen holds."""
    setup = case.file(json.dumps(SETUP))
    token = case.mint("--setup", setup, "--freeze", "model,systemInstruction")
    answer, error = case.talk(token)
    assert "I am told: Be brief." in answer, answer + error


def wrong_key(case):
    """Keys that are none."""
    case.refused("Check GOOGLE_API_KEY: API key not valid.", key="other")
    case.refused("Check GOOGLE_API_KEY: it holds a space", key=KEY + " x")
    case.refused("Set GOOGLE_API_KEY", key="")


def wrong_setup(case):
    """Files and fields that are wrong."""
    case.refused("Make the file of --setup readable", "--setup", "/nonexistent")
    case.refused("Correct the file of --setup", "--setup", case.file("{"))
    case.refused('Correct the options: Invalid JSON payload received. Unknown name "modell"',
                 "--setup", case.file('{"modell":"m"}'))
    case.refused("Correct the options: Maximum lifetime is 20h", "--lifetime", "80000")


def wrong_place(case):
    """Where there is no such service."""
    case.refused("Check --base-url and --api-version", "--api-version", "v9")
    case.refused("Check the network and --base-url", "--base-url", "http://127.0.0.1:1")
    case.refused("Use https in --base-url", "--base-url", "http://example.org")
    case.refused("Set --base-url", "--base-url", "file:///etc/passwd")


def redirected(case):
    """The key goes nowhere else."""
    with http.server.HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        case.refused("Check --base-url and --api-version: Found (HTTP 302)", "--base-url",
                     f"http://127.0.0.1:{server.server_port}/x/")
        server.shutdown()
    assert Elsewhere.came == [("/x/v1beta/auth_tokens", KEY)], f"{len(Elsewhere.came)} requests"


CASES = [one_conversation, as_many_as_asked_for, over, frozen, wrong_key, wrong_setup, wrong_place,
         redirected]


def main():
    """Runs all cases and prints how they fared."""
    simulator, example = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with serving(simulator, "--api-key", KEY, scenario=SCENARIO) as (_, url, _):
            case = Case(example, url, folder)
            print(f"1..{len(CASES)}")
            for number, test in enumerate(CASES, 1):
                try:
                    test(case)
                    failure = ""
                except (AssertionError, subprocess.TimeoutExpired) as error:
                    failure = str(error)
                print(f"{'not ok' if failure else 'ok'} {number} - {test.__doc__}", flush=True)
                for detail in failure.splitlines():
                    print(f"# {detail}")


if __name__ == "__main__":
    main()
