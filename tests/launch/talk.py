"""Runs the spoken example against the simulator and looks at the recording that it leaves.

usage: talk.py SIMULATOR TALK SCENARIO
"""

import array
import os
import subprocess
import sys
import tempfile
import wave

from simulator import serving


def loudest(samples):
    """The largest magnitude of some samples."""
    return max(map(abs, samples), default=0)


def main():
    """Fails with a sentence if the conversation was not held or not recorded."""
    simulator, talk, scenario = map(os.path.abspath, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        with serving(simulator, "--scenario", scenario) as (_, url, _):
            environment = dict(os.environ, GOOGLE_API_KEY="test", GOOGLE_GEMINI_BASE_URL=url)
            done = subprocess.run([talk, "--simulated"], cwd=folder, env=environment, check=False)
        if done.returncode:
            sys.exit("the conversation failed")
        with wave.open(os.path.join(folder, "conversation.wav")) as recording:
            if recording.getnchannels() != 2:
                sys.exit("the recording has not two channels")
            samples = array.array("h", recording.readframes(recording.getnframes()))
        for side, channel in ("user", samples[0::2]), ("model", samples[1::2]):
            if loudest(channel) < 3000:
                sys.exit(f"the recording has no voice of the {side}")


if __name__ == "__main__":
    main()
