"""Talks with the chat program in each of its ways. Prints TAP.

usage: chat.py SIMULATOR PYTHON PROGRAM
"""

import array
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
import wave

from simulator import serving

SIMULATOR, PYTHON, PROGRAM = map(os.path.abspath, sys.argv[1:])
RECORDING = "/usr/share/sounds/alsa/Front_Center.wav"
SCENARIO = {"turns": [
    {"on": "text", "tool": {"name": "get_weather", "args": {"city": "Surabaya"}}, "say": "{answer}"},
    {"on": "text", "say": "Of course."},
    {"on": "speech", "heard": "Front center.", "say": "I hear you."}]}
TOOLS = '''
from json import dumps

async def get_weather(city: str, unit: str = "Celsius") -> str:
    """Tells the weather in a city."""
    with open("weather", encoding="utf-8") as service:  # waits for whoever writes
        return f"{service.read()} in {city}, in {unit}"

def _not_a_tool():
    return dumps(None)
'''
PATIENCE = 60


class Talk:
    """A run of the program; a line that does not come is an error."""

    url = ""

    def __init__(self, *arguments, key="test"):
        environment = dict(os.environ, GOOGLE_API_KEY=key, GOOGLE_GEMINI_BASE_URL=Talk.url)
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["timeout", str(PATIENCE), PYTHON, PROGRAM, *arguments], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=1)
        self.lines = []

    def type(self, line):
        """What a user would type."""
        self.process.stdin.write(line + "\n")

    def wait_for(self, beginning):
        """Reads up to the line that begins so."""
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith(beginning):
                return self.lines[-1]
        raise AssertionError(f"no line {beginning!r} after {self.lines}: {self.process.stderr.read()}")

    def end(self, status=0, is_input_open=False):
        """The rest of the lines, and what the program said of errors."""
        if is_input_open:
            self.process.wait()
        output, errors = self.process.communicate()
        self.lines += output.splitlines()
        assert self.process.returncode == status, (self.process.returncode, self.lines, errors)
        return errors


def typed_words_and_a_slow_function():
    """The conversation goes on while a function is busy, and /quit ends it."""
    pathlib.Path("tools.py").write_text(TOOLS, encoding="utf-8")
    os.mkfifo("weather")
    talk = Talk("--tools", "tools.py", "--config", '{"temperature": 0.5}')
    talk.type("What is the weather in Surabaya?")
    assert talk.wait_for("(calls") == '(calls get_weather with {"city": "Surabaya"})'
    talk.type("Can you tell me soon?")
    talk.wait_for("model: Of course.")
    assert not [line for line in talk.lines if "answers" in line], talk.lines
    pathlib.Path("weather").write_text("Cloudy", encoding="utf-8")
    answer = "Cloudy in Surabaya, in Celsius"
    assert answer in talk.wait_for("(get_weather answers")
    assert answer in talk.wait_for("model: ")
    talk.type("/quit")
    talk.end(is_input_open=True)
    assert talk.lines[-1] == "(the conversation is over)", talk.lines


def a_function_that_fails():
    """The model is told what went wrong."""
    pathlib.Path("tools.py").write_text(TOOLS, encoding="utf-8")
    talk = Talk("--tools", "tools.py")
    talk.type("What is the weather in Surabaya?")
    talk.wait_for("(calls")
    assert "FileNotFoundError" in talk.wait_for("(get_weather answers")
    assert "FileNotFoundError" in talk.wait_for("model: ")
    talk.end()  # of the typed words, which the model answers first


def a_recorded_voice():
    """A voice is heard and answered with one."""
    talk = Talk("--input", f"microphone=filesrc location={RECORDING} ! wavparse",
                "--output", "console", "--output", "speaker=wavenc ! filesink location=answer.wav")
    talk.end()
    assert talk.lines[:2] == ["user: Front center.", "model: I hear you."], talk.lines
    with wave.open("answer.wav") as answer:
        samples = array.array("h", answer.readframes(answer.getnframes()))
    assert max(map(abs, samples)) > 3000, "the model was not heard"


def quit_with_an_open_microphone():
    """The keyboard ends a conversation whose microphone goes on."""
    talk = Talk("--input", "keyboard", "--input", "microphone=audiotestsrc is-live=true volume=0",
                "--output", "speaker=fakesink sync=true", "--output", "console")
    talk.type("What is the weather in Surabaya?")
    talk.wait_for("(get_weather answers")  # an error: the model was told of no function
    talk.type("/quit")
    talk.end(is_input_open=True)


def commands_and_events():
    """Lines of JSON go in and come out; a command ends what a keyboard leaves open."""
    talk = Talk("--input", "commands", "--output", "events")
    talk.type('{"text":"What is the weather in Surabaya?"}')
    call = json.loads(talk.wait_for('{"event":"tool-call"'))
    talk.type(json.dumps({"tool-response": {"id": call["id"], "response": {"output": "Cloudy"}}}))
    talk.wait_for('{"event":"tool-result"')
    talk.wait_for('{"event":"transcript","direction":"output","text":"Cloudy"')
    talk.type('{"close":true}')
    talk.end(is_input_open=True)
    assert json.loads(talk.lines[-1]) == {"event": "state", "state": "closed"}, talk.lines


def a_command_ends_what_a_keyboard_leaves_open():
    """Nobody types, and yet it ends."""
    pathlib.Path("close.json").write_text('{"close":true}', encoding="utf-8")
    talk = Talk("--input", "keyboard", "--input", "commands=filesrc location=close.json")
    talk.end(is_input_open=True)
    assert talk.lines == ["(the conversation is over)"], talk.lines


def errors():
    """Each is one sentence and an exit status."""
    for arguments, key, sentence in (
            ((), "", "Set an API key"),
            (("--input", "voice"), "test", "Choose one of keyboard"),
            (("--output", "speaker=loudspeaker"), "test", "no element"),
            (("--config", '{"temprature": 1}'), "test", "Correct temprature in config")):
        told = Talk(*arguments, key=key).end(status=1)
        assert sentence in told and "Traceback" not in told, told


CHECKS = (typed_words_and_a_slow_function, a_function_that_fails, a_recorded_voice,
          quit_with_an_open_microphone, commands_and_events,
          a_command_ends_what_a_keyboard_leaves_open, errors)


def run(number, check):
    """One point of TAP, with a simulator and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, \
            serving(SIMULATOR, scenario=SCENARIO) as (_, Talk.url, _):
        os.chdir(folder)
        try:
            check()
        except (AssertionError, OSError, ValueError, KeyError):
            print(f"not ok {number} - {check.__name__}")
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
        else:
            print(f"ok {number} - {check.__name__}", flush=True)
        finally:
            os.chdir("/")


def main():
    """Runs all checks."""
    print(f"1..{len(CHECKS)}", flush=True)
    for number, check in enumerate(CHECKS, 1):
        run(number, check)


if __name__ == "__main__":
    main()
