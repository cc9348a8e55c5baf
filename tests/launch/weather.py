"""Asks an example for the weather, and looks at what it answers to the model and prints.

usage: weather.py SIMULATOR COMMAND...
"""

import json
import os
import subprocess
import sys
import tempfile

QUESTION = "What is the weather in Paris and in Atlantis?"
SCENARIO = {"turns": [{"on": "text", "say": "I hear: {answer}.", "tool": [
    {"name": "get_weather", "args": {"city": "Paris"}},
    {"name": "get_weather", "args": {"city": "Atlantis"}}]}]}
EXPECTED = [{"sky": "rain", "celsius": 14}, {"error": "nobody knows the weather in Atlantis"}]
PATIENCE = 60


def converse(url, command):
    """What the example prints, and how it ends."""
    environment = dict(os.environ, GOOGLE_API_KEY="test", GOOGLE_GEMINI_BASE_URL=url)
    return subprocess.run(command, env=environment, input=QUESTION + "\n", text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE,
                          check=False)


def messages_in(log, kind):
    """What came of that kind."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [json.loads(line["json"]) for line in lines if line["kind"] == kind]


def check(done, log):
    """The model has got both answers, and the user the model's."""
    if done.returncode:
        sys.exit(f"exit status {done.returncode}:\n{done.stdout}{done.stderr}")
    declared = json.dumps(messages_in(log, "setup")[0]["setup"]["tools"])
    if '"get_weather"' not in declared:
        sys.exit(f"not declared: {declared}")
    answers = [answer["response"] for message in messages_in(log, "tool-response")
               for answer in message["toolResponse"]["functionResponses"]]
    if sorted(map(str, answers)) != sorted(map(str, EXPECTED)):
        sys.exit(f"answered: {answers}")
    user, model = done.stdout.splitlines()
    if user != f"user: {QUESTION}" or not model.startswith("model: I hear: "):
        sys.exit(f"printed:\n{done.stdout}")


def main():
    """Fails with a sentence if the model did not learn the weather."""
    simulator, *command = sys.argv[1:]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as scenario:
        json.dump(SCENARIO, scenario)
        scenario.flush()
        with subprocess.Popen(
                [simulator, "--port", "0", "--scenario", scenario.name, "--log"],
                stdout=subprocess.PIPE, text=True) as server:
            try:
                done = converse(server.stdout.readline().split()[-1], command)
            finally:
                server.terminate()
            log = server.stdout.read()
    check(done, log)


if __name__ == "__main__":
    main()
