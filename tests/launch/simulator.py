"""The simulator's program, for as long as a test needs it."""

import contextlib
import json
import subprocess
import tempfile


def serve(simulator, *options):
    """A running simulator, its URL and the file to trust; who asks for it ends it."""
    server = subprocess.Popen([simulator, "--port", "0", *options], stdout=subprocess.PIPE,
                              text=True)
    url = server.stdout.readline().split()[-1]
    ca_file = server.stdout.readline().split()[-1] if "--tls" in options else ""
    return server, url, ca_file


@contextlib.contextmanager
def serving(simulator, *options, scenario=None):
    """The same until the end of the block, with a scenario that is no file yet."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        if scenario is not None:
            json.dump(scenario, file)
            file.flush()
            options += ("--scenario", file.name)
        server, url, ca_file = serve(simulator, *options)
        with server:
            try:
                yield server, url, ca_file
            finally:
                server.terminate()
