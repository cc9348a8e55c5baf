"""Holds a conversation from launch lines with each kind of credentials, everything logged at every
level, and looks for the secrets in all that was written. Prints TAP.

usage: credentials.py SIMULATOR [PYTHON]

PYTHON is one that has gi; with it, secrets that a launch line would show are set by a program.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

KEY = "AIzaSyHushHushHushHushHushHushHushHushH"
HEADER = "HushHeader"
PATIENCE = 60
AMBIENT = ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS",
           "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION", "GOOGLE_GENAI_USE_VERTEXAI",
           "GOOGLE_GENAI_USE_ENTERPRISE")


PROGRAM = """
import sys, gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
pipeline = Gst.parse_launch("fdsrc ! geminilivetextsink name=typed geminilivetextsrc "
                            "which=conversation ! filesink location=" + sys.argv[1])
typed = pipeline.get_by_name("typed")
unbuffered = open(0, "rb", buffering=0, closefd=False)  # the rest is for fdsrc
token, header = (unbuffered.readline().decode().strip() for _ in range(2))
typed.set_property("auth-token", token)
typed.set_property("extra-headers", Gst.Structure.from_string("h,x-h=" + header)[0])
pipeline.set_state(Gst.State.PLAYING)
Gst.debug_bin_to_dot_file(pipeline, Gst.DebugGraphDetails.ALL, "playing")
message = pipeline.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE,
                                                Gst.MessageType.EOS | Gst.MessageType.ERROR)
pipeline.set_state(Gst.State.NULL)
sys.exit(message.type != Gst.MessageType.EOS)
"""


def talk(command, typed, variables, folder):
    """What the program wrote, the answer on a file of its own; fails with a sentence."""
    dots = folder / "dots"
    dots.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name not in AMBIENT}
    environment.update(variables, GST_DEBUG="*:9", GST_DEBUG_NO_COLOR="1", G_MESSAGES_DEBUG="all",
                       GST_DEBUG_DUMP_DOT_DIR=str(dots), CLOUDSDK_CONFIG=str(folder))
    answer = folder / "answer"
    answer.write_bytes(b"")
    done = subprocess.run(command(answer), input=typed.encode(), env=environment, timeout=PATIENCE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    output = done.stdout.decode(errors="replace")
    if done.returncode or "model: " not in answer.read_text(encoding="utf-8"):
        errors = [text for text in output.splitlines() if "ERROR" in text]
        raise AssertionError(f"exit status {done.returncode}: " + "\n".join(errors[:5]))
    return output + "".join(path.read_text(errors="replace") for path in dots.iterdir())


def launch(*properties):
    """A launch line that writes its answer to a file."""
    return lambda answer: ["gst-launch-1.0", "-v", "-m", "fdsrc", "!", "geminilivetextsink",
                           *properties, "geminilivetextsrc", "which=conversation", "!", "filesink",
                           f"location={answer}"]


def serve(simulator, *options):
    """A running simulator and its URL."""
    server = subprocess.Popen([simulator, "--port", "0", *options], stdout=subprocess.PIPE,
                              text=True)
    return server, server.stdout.readline().split()[-1]


def mint(url):
    """An ephemeral token."""
    request = urllib.request.Request(f"{url}/v1beta/auth_tokens", b"{}", {"x-goog-api-key": KEY})
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
        return json.load(reply)["name"]


def secrets_of(credentials):
    """What must not be seen of a file of credentials; of a key each line."""
    held = json.loads(credentials.read_text())
    return [line for line in held["private_key"].splitlines() if not line.startswith("-")]


def cases(folder, credentials, url, python):
    """Name, command, what is typed before the greeting, variables and secrets of each way in."""
    key_file = folder / "key"
    key_file.write_text(KEY)
    key_file.chmod(0o600)
    gemini, vertex = {"GOOGLE_GEMINI_BASE_URL": url}, {"GOOGLE_VERTEX_BASE_URL": url}
    tokens = ["ya29.", "eyJ", *secrets_of(credentials)]
    ways = [
        ("a key file", launch(f"api-key-file={key_file}"), "", gemini, [KEY]),
        ("a key of the environment", launch(), "", {**gemini, "GOOGLE_API_KEY": KEY}, [KEY]),
        ("a service account and nothing else", launch(f"credentials-path={credentials}"), "",
         vertex, tokens),
        ("a service account of the environment", launch("backend=vertex"), "",
         {**vertex, "GOOGLE_APPLICATION_CREDENTIALS": str(credentials)}, tokens),
        ("the machine", launch("backend=vertex"), "",
         {**vertex, "GCE_METADATA_HOST": url.removeprefix("http://")}, tokens),
    ]
    if python:
        token = mint(url)
        ways.append(("an ephemeral token and a header",
                     lambda answer: [python, "-u", "-c", PROGRAM, str(answer)],
                     f"{token}\n{HEADER}\n", gemini, [token, HEADER]))
    return ways


def main():
    """Runs all cases and prints how they fared."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        credentials = folder / "robot.json"
        server, url = serve(sys.argv[1], "--credentials", str(credentials))
        try:
            found = cases(folder, credentials, url, "".join(sys.argv[2:]))
            print(f"1..{len(found)}")
            for number, (what, command, first, variables, secrets) in enumerate(found, 1):
                try:
                    output = talk(command, first + "Hello\n", variables, folder)
                    shown = [text for text in output.splitlines()
                             if any(secret in text for secret in secrets)]
                    failure = "\n".join(["a secret is shown:", *shown[:5]]) if shown else ""
                except (AssertionError, subprocess.TimeoutExpired) as error:
                    failure = str(error)
                print(f"{'not ok' if failure else 'ok'} {number} - {what}", flush=True)
                for detail in failure.splitlines():
                    print(f"# {detail}")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
