"""Holds conversations through real proxies, tinyproxy (HTTP CONNECT) and microsocks (SOCKS5), with and
without a password, and looks at what is said when a proxy does not let one through. Prints TAP.

usage: proxy.py SIMULATOR
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

PATIENCE = 60
USER, PASSWORD = "walter", "hushhush"
PROGRAMS = ("tinyproxy", "microsocks")


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Program:
    """A server of this test, with what it says on a file; ends with the test."""

    def __init__(self, command, log):
        self.log = log
        with open(log, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out)

    def said(self):
        """Everything so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_port(self, port):
        """Until it listens."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    return
        sys.exit(f"{self.log.stem} does not listen: {self.said()}")

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait()


def tinyproxy(folder, name, password):
    """A running HTTP proxy, and its port."""
    port = free_port()
    lines = [f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 60", "LogLevel Info"]
    if password:
        lines.append(f"BasicAuth {USER} {PASSWORD}")
    config = folder / f"{name}.conf"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    program = Program(["tinyproxy", "-d", "-c", str(config)], folder / f"{name}.log")
    program.wait_port(port)
    return program, port


def microsocks(folder, name, password):
    """A running SOCKS proxy, and its port."""
    port = free_port()
    more = ["-u", USER, "-P", PASSWORD] if password else []
    program = Program(["microsocks", "-i", "127.0.0.1", "-p", str(port), *more],
                      folder / f"{name}.log")
    program.wait_port(port)
    return program, port


def serve(simulator, *options):
    """A running simulator, its URL and the file to trust."""
    server = subprocess.Popen([simulator, "--port", "0", *options], stdout=subprocess.PIPE,
                              text=True)
    url = server.stdout.readline().split()[-1]
    ca_file = server.stdout.readline().split()[-1] if "--tls" in options else ""
    return server, url, ca_file


def talk(folder, properties, variables):
    """The answer, and all that the program wrote."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("GOOGLE_", "GEMINI_"))}
    environment.update(variables, GST_DEBUG="*:6", GST_DEBUG_NO_COLOR="1")
    answer = folder / "answer"
    answer.write_bytes(b"")
    line = ["gst-launch-1.0", "fdsrc", "!", "geminilivetextsink", *properties,
            "geminilivetextsrc", "which=conversation", "!", "filesink", f"location={answer}"]
    done = subprocess.run(line, input=b"Hello\n", env=environment, timeout=PATIENCE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return answer.read_text(encoding="utf-8"), done.stdout.decode(errors="replace")


def check_talk(folder, properties, variables, expected):
    """An empty string, or why it is not as expected: None is a conversation, else an error."""
    answer, output = talk(folder, properties, variables)
    errors = [line for line in output.splitlines() if line.startswith("ERROR: from element")]
    if expected is None:
        return "" if "model: " in answer else "no answer:\n" + "\n".join(errors)
    # What the base class says of a source that stops may follow.
    if not errors or expected not in errors[0]:
        return f"'{expected}' is not the error:\n" + "\n".join(errors)
    return "the password is shown" if PASSWORD in errors[0] else ""


def main():
    """Runs all cases and prints how they fared."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        print(f"1..0 # SKIP without {' and '.join(missing)}")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        credentials = folder / "robot.json"
        open_http, http = tinyproxy(folder, "http", False)
        shut_http, closed_http = tinyproxy(folder, "http-password", True)
        open_socks, socks = microsocks(folder, "socks", False)
        shut_socks, closed_socks = microsocks(folder, "socks-password", True)
        plain, plain_url, _ = serve(sys.argv[1])
        secure, secure_url, ca_file = serve(sys.argv[1], "--tls", "--credentials", str(credentials))
        key = {"GOOGLE_API_KEY": "k"}
        ws = {**key, "GOOGLE_GEMINI_BASE_URL": plain_url}
        wss = {**key, "GOOGLE_GEMINI_BASE_URL": secure_url}
        vertex = {"GOOGLE_VERTEX_BASE_URL": secure_url}
        trust = f"tls-ca-file={ca_file}"
        login = f"{USER}:{PASSWORD}@"
        asks = "Set user and password in proxy"
        found = [
            ("HTTP", [f"proxy=http://127.0.0.1:{http}", trust], wss, None, open_http),
            ("HTTP with a password", [f"proxy=http://{login}127.0.0.1:{closed_http}", trust], wss,
             None, shut_http),
            ("HTTP without the password", [f"proxy=http://127.0.0.1:{closed_http}", trust], wss,
             asks, shut_http),
            ("HTTP with a wrong password", [f"proxy=http://{USER}:x{PASSWORD}@127.0.0.1:{closed_http}",
                                            trust], wss, "Check the credentials", shut_http),
            ("SOCKS", [f"proxy=socks5://127.0.0.1:{socks}"], ws, None, open_socks),
            ("SOCKS and TLS", [f"proxy=socks5://127.0.0.1:{socks}", trust], wss, None, open_socks),
            ("SOCKS with a password", [f"proxy=socks5://{login}127.0.0.1:{closed_socks}"], ws, None,
             shut_socks),
            ("SOCKS without the password", [f"proxy=socks5://127.0.0.1:{closed_socks}"], ws,
             asks, None),
            ("a token and the conversation", [f"proxy=http://127.0.0.1:{http}", trust,
                                              f"credentials-path={credentials}"], vertex, None,
             open_http),
            ("a proxy that is not there", [f"proxy=http://127.0.0.1:{free_port()}", trust], wss,
             "Could not connect to proxy server", None),
            ("what is no proxy", ["proxy=ftp://127.0.0.1:1"], ws, "Set proxy to a URI", None),
        ]
        try:
            print(f"1..{len(found)}")
            for number, (what, properties, variables, expected, proxy) in enumerate(found, 1):
                before = len(proxy.said()) if proxy else 0
                try:
                    failure = check_talk(folder, properties, variables, expected)
                except subprocess.TimeoutExpired:
                    failure = "not over in time"
                if not failure and proxy and len(proxy.said()) == before:
                    failure = "the proxy was not asked"
                print(f"{'not ok' if failure else 'ok'} {number} - {what}", flush=True)
                for detail in failure.splitlines():
                    print(f"# {detail}")
        finally:
            for program in open_http, shut_http, open_socks, shut_socks:
                program.stop()
            for server in plain, secure:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    main()
