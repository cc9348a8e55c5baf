"""Asks an example for the weather, and looks at what it answers to the model and prints.

usage: weather.py SIMULATOR COMMAND...
"""

import json
import os
import subprocess
import sys

from simulator import serving

QUESTION = "What is the weather in Paris and in Atlantis?"
WEATHER = {"Paris": {"sky": "rain", "celsius": 14},
           "Atlantis": {"error": "nobody knows the weather in Atlantis"}}
PATIENCE = 60


def messages_in(log, kind):
    """What came of that kind."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [json.loads(line["json"]) for line in lines if line["kind"] == kind]


def ask(simulator, cities, question, command, **where):
    """Lets a program answer calls for these cities: how it ends, the tools that it declares and its
    answers."""
    calls = [{"name": "get_weather", "args": {"city": city}} for city in cities]
    turns = [{"on": "text", "say": "I hear: {answer}.", "tool": calls}]
    with serving(simulator, "--log", scenario={"turns": turns}) as (server, url, _):
        environment = dict(os.environ, GOOGLE_API_KEY="test", GOOGLE_GEMINI_BASE_URL=url)
        done = subprocess.run(command, env=environment, input=question + "\n", text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE,
                              check=False, **where)
        server.terminate()
        log = server.stdout.read()
    tools = [message["setup"].get("tools") for message in messages_in(log, "setup")]
    answers = [answer["response"] for message in messages_in(log, "tool-response")
               for answer in message["toolResponse"]["functionResponses"]]
    return done, tools, answers


def main():
    """Fails with a sentence if the model did not learn the weather, or the user the model's answer."""
    simulator, *command = sys.argv[1:]
    done, tools, answers = ask(os.path.abspath(simulator), WEATHER, QUESTION, command)
    if done.returncode:
        sys.exit(f"exit status {done.returncode}:\n{done.stdout}{done.stderr}")
    if '"get_weather"' not in json.dumps(tools):
        sys.exit(f"declared: {tools}")
    if sorted(map(str, answers)) != sorted(map(str, WEATHER.values())):
        sys.exit(f"answered: {answers}")
    user, model = done.stdout.splitlines()
    if user != f"user: {QUESTION}" or not model.startswith("model: I hear: "):
        sys.exit(f"printed:\n{done.stdout}")


if __name__ == "__main__":
    main()
