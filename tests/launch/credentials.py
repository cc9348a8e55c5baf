"""Holds conversations from launch lines with each kind of credentials, everything logged at every level,
and looks for the secrets in all that was written, whether it went well or not. Prints TAP.

usage: credentials.py SIMULATOR MINT-TOKEN [PYTHON]

PYTHON is one that has gi; with it, secrets that a launch line would show are set by a program.
"""

import base64
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable

from proxy import PASSWORD, USER, microsocks, tinyproxy
from simulator import serve

KEY = "AIzaSyHushHushHushHushHushHushHushHushH"
HEADER = "HushHeader"
QUERY = "HushQuery"
WORD = "HushWord"  # in userinfo
PATIENCE = 60
AMBIENT = ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS",
           "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION", "GOOGLE_GENAI_USE_VERTEXAI",
           "GOOGLE_GENAI_USE_ENTERPRISE")

# Sets what comes as a line of JSON, and writes all that can be read back.
PROGRAM = """
import json, sys, gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
pipeline = Gst.parse_launch("fdsrc ! geminilivetextsink name=typed geminilivetextsrc "
                            "which=conversation ! filesink location=" + sys.argv[1] +
                            " geminiliveeventsrc ! filesink location=" + sys.argv[2])
typed = pipeline.get_by_name("typed")
unbuffered = open(0, "rb", buffering=0, closefd=False)  # the rest is for fdsrc
for name, value in json.loads(unbuffered.readline()).items():
    typed.set_property(name, value if name != "extra-headers" else
                       Gst.Structure.from_string("h,x-h=" + value)[0])
pipeline.connect("deep-notify", lambda _, child, pspec: print(child, pspec.name))
pipeline.set_state(Gst.State.PLAYING)
Gst.debug_bin_to_dot_file(pipeline, Gst.DebugGraphDetails.ALL, "playing")
message = pipeline.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE,
                                                Gst.MessageType.EOS | Gst.MessageType.ERROR)
failed = message.type == Gst.MessageType.ERROR
if failed:
    print("ERROR", *message.parse_error(), message.get_structure().to_string())
print(typed.get_property("stats").to_string())
session = typed.get_property("session")
for thing in typed, session:
    for pspec in thing.list_properties() if thing else []:
        if pspec.flags & 1:  # GObject.ParamFlags.READABLE
            print(pspec.name, thing.get_property(pspec.name))
Gst.debug_bin_to_dot_file(pipeline, Gst.DebugGraphDetails.ALL, "over")
pipeline.set_state(Gst.State.NULL)
sys.exit(failed)
"""


@dataclasses.dataclass
class Way:
    """One way in."""

    what: str
    command: Callable  # of the files for the answer and for the events
    variables: dict
    secrets: list
    typed: str = ""     # before the greeting
    error: str = ""     # what there is instead of a conversation


def talk(way, folder):
    """What the program wrote, and the secrets that came meanwhile; fails with a sentence."""
    dots, answer, events = (folder / name for name in ("dots", "answer", "events"))
    shutil.rmtree(dots, ignore_errors=True)
    dots.mkdir()
    answer.write_bytes(b"")
    events.write_bytes(b"")
    environment = {name: value for name, value in os.environ.items() if name not in AMBIENT}
    environment.update(way.variables, GST_DEBUG="*:9", GST_DEBUG_NO_COLOR="1",
                       G_MESSAGES_DEBUG="all", GST_DEBUG_DUMP_DOT_DIR=str(dots),
                       CLOUDSDK_CONFIG=str(folder))
    done = subprocess.run(way.command(answer, events), input=(way.typed + "Hello\n").encode(),
                          env=environment, timeout=PATIENCE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    output = done.stdout.decode(errors="replace")
    errors = "\n".join([text for text in output.splitlines() if "ERROR" in text][:5])
    if way.error:
        assert done.returncode and way.error in output, f"'{way.error}' is not the error:\n{errors}"
        return output + dots_in(dots), []
    assert not done.returncode, f"exit status {done.returncode}:\n{errors}"
    assert "model: " in answer.read_text(encoding="utf-8"), f"no answer:\n{errors}"
    handles = handles_in(events)
    assert handles, "there was no handle"
    return output + dots_in(dots), handles


def dots_in(folder):
    """The pictures of the pipeline as text."""
    pictures = [path.read_text(errors="replace") for path in folder.iterdir()]
    assert pictures, "there is no picture of the pipeline"
    return "".join(pictures)


def handles_in(events):
    """Those of the lines of events, where they belong."""
    lines = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    return [line["handle"] for line in lines if line.get("handle")]


def launch(*properties):
    """A launch line."""
    return lambda answer, events: [
        "gst-launch-1.0", "-v", "-m", "fdsrc", "!", "geminilivetextsink", *properties,
        "geminilivetextsrc", "which=conversation", "!", "filesink", f"location={answer}",
        "geminiliveeventsrc", "!", "filesink", f"location={events}"]


def mint(example, url, *arguments):
    """An ephemeral token."""
    return subprocess.run([sys.executable, example, "--base-url", url, *arguments], text=True,
                          env={**os.environ, "GOOGLE_API_KEY": KEY}, stdout=subprocess.PIPE,
                          timeout=PATIENCE, check=True).stdout.strip()


def secrets_of(path):
    """What must not be seen of a file of credentials; of a key each line."""
    held = json.loads(path.read_text(encoding="utf-8"))
    lines = held.get("private_key", "").splitlines()
    found = [line for line in lines if not line.startswith("-")]
    return found + [held[name] for name in ("client_secret", "refresh_token") if name in held]


def google_ways(folder, url, robot, login):
    """Keys and files of credentials."""
    key_file = folder / "key"
    key_file.write_text(KEY)
    key_file.chmod(0o600)
    gemini, vertex = {"GOOGLE_GEMINI_BASE_URL": url}, {"GOOGLE_VERTEX_BASE_URL": url}
    shown = url.replace("//", f"//{USER}:{WORD}@") + f"/?word={QUERY}"
    issued = ["ya29.", "eyJ"]
    robots = [*issued, *secrets_of(robot)]
    return [
        Way("a key file", launch(f"api-key-file={key_file}"), gemini, [KEY]),
        Way("a key of the environment", launch(), {**gemini, "GOOGLE_API_KEY": KEY}, [KEY]),
        Way("userinfo and a query of the environment", launch(),
            {"GOOGLE_GEMINI_BASE_URL": shown, "GOOGLE_API_KEY": KEY}, [KEY, WORD, QUERY]),
        Way("a key for Vertex AI", launch("backend=vertex"), {**vertex, "GOOGLE_API_KEY": KEY},
            [KEY]),
        Way("a service account and nothing else", launch(f"credentials-path={robot}"), vertex,
            robots),
        Way("a service account of the environment", launch("backend=vertex"),
            {**vertex, "GOOGLE_APPLICATION_CREDENTIALS": str(robot)}, robots),
        Way("what a login left", launch(f"credentials-path={login}", "project-id=mine"), vertex,
            [*issued, *secrets_of(login)]),
        Way("the machine", launch("backend=vertex"),
            {**vertex, "GCE_METADATA_HOST": url.removeprefix("http://")}, issued),
    ]


def refused_ways(folder, url, closed_url, robot):
    """Those that come to nothing."""
    text = robot.read_text(encoding="utf-8")
    lost = folder / "lost.json"
    lost.write_text(text.replace(f"{url}/token", f"{closed_url}/token"), encoding="utf-8")
    lost.chmod(0o600)
    shown = closed_url.replace("//", f"//{USER}:{WORD}@") + f"/?word={QUERY}"
    return [
        Way("a key that is refused", launch(),
            {"GOOGLE_GEMINI_BASE_URL": shown, "GOOGLE_API_KEY": KEY}, [KEY, WORD, QUERY],
            error="Check the API key"),
        Way("a service account that is refused", launch(f"credentials-path={lost}"),
            {"GOOGLE_VERTEX_BASE_URL": url}, ["eyJ", *secrets_of(robot)],
            error="Make a new key for the service account"),
    ]


def proxies(kind, port, properties):
    """A proxy with its password and with a wrong one: what, properties and error."""
    uri = f"{{}}://{USER}:{{}}@127.0.0.1:{port}".format
    return [(f"a {kind} proxy with a password", {**properties, "proxy": uri(kind, PASSWORD)}, ""),
            (f"a {kind} proxy with a wrong password",
             {**properties, "proxy": uri(kind, f"x{PASSWORD}")},
             "Correct user and password in proxy")]


def program_ways(python, example, url, more):
    """Those of a program that sets what a launch line would show."""
    def program(what, properties, secrets, **rest):
        return Way(what, lambda answer, events: [python, "-u", "-c", PROGRAM, str(answer),
                                                 str(events)],
                   {}, secrets, typed=json.dumps(properties) + "\n", **rest)

    shown = url.replace("//", f"//{USER}:{WORD}@") + f"/?word={QUERY}"
    token, late = mint(example, url), mint(example, url, "--lifetime", "-1")
    setup = {"tools": [{"mcpServers": [{"streamableHttpTransport": {
        "url": f"https://{USER}:{WORD}@example.org/?word={QUERY}",
        "headers": {"authorization": HEADER}}}]}]}
    return [
        program("a key, userinfo and a query", {"api-key": KEY, "base-url": shown},
                [KEY, WORD, QUERY]),
        program("an ephemeral token and a header",
                {"auth-token": token, "base-url": url, "extra-headers": HEADER}, [token, HEADER]),
        program("a token that is used up", {"auth-token": token, "base-url": url}, [token],
                error="this one is used up"),
        program("a token that has expired", {"auth-token": late, "base-url": url}, [late],
                error="this one has expired"),
        program("a tool's own credentials",
                {"api-key": KEY, "base-url": url, "config": json.dumps(setup)},
                [KEY, HEADER, WORD, QUERY]),
        *[program(f"a handle that nobody gave, in {name}",
                  {"api-key": KEY, "base-url": url, name: value}, [KEY, WORD],
                  error="Requested entity was not found")
          for name, value in (
              ("config", json.dumps({"sessionResumption": {"handle": WORD}})),
              ("resumption-handle", WORD))],
        *[program(what, {"api-key": KEY, **properties},
                  [KEY, PASSWORD, base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()],
                  error=error)
          for what, properties, error in more],
    ]


def look(way, folder):
    """An empty string, or what is wrong."""
    try:
        output, handles = talk(way, folder)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        return str(error)
    secrets = way.secrets + handles
    shown = [text for text in output.splitlines() if any(secret in text for secret in secrets)]
    return "\n".join(["a secret is shown:", *shown[:5]]) if shown else ""


def main():
    """Runs all cases and prints how they fared."""
    simulator, example, *python = sys.argv[1:]
    running = []

    def start(server, *said):
        running.append(server)
        return said

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        robot, login = folder / "robot.json", folder / "login.json"
        try:
            url, _ = start(*serve(simulator, "--credentials", str(robot), "--login", str(login)))
            closed_url, _ = start(*serve(simulator, "--api-key", "other", "--credentials",
                                         str(folder / "other.json")))
            found = google_ways(folder, url, robot, login)
            found += refused_ways(folder, url, closed_url, robot)
            if python:
                secure_url, ca_file = start(*serve(simulator, "--tls"))
                more = [("a proxy that is not there",
                         {"proxy": f"http://{USER}:{PASSWORD}@127.0.0.1:1", "base-url": secure_url},
                         "Check proxy")]
                if shutil.which("microsocks"):
                    program, port = microsocks(folder, "socks", True)
                    running.append(program.process)
                    more += proxies("socks5", port, {"base-url": url})
                if shutil.which("tinyproxy"):
                    program, port = tinyproxy(folder, "http", True)
                    running.append(program.process)
                    more += proxies("http", port,
                                    {"base-url": secure_url, "tls-ca-file": ca_file})
                found += program_ways(python[0], example, url, more)
            print(f"1..{len(found)}")
            for number, way in enumerate(found, 1):
                failure = look(way, folder)
                print(f"{'not ok' if failure else 'ok'} {number} - {way.what}", flush=True)
                for detail in failure.splitlines():
                    print(f"# {detail}")
        finally:
            for process in running:
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main()
