"""Holds conversations through real proxies, tinyproxy (HTTP CONNECT) and microsocks (SOCKS5), with and
without a password, and looks at what is said when a proxy does not let one through. Prints TAP.

A proxy of the system is not asked for 127.0.0.1; 0.0.0.0 leads there, too.

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

from simulator import serve

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


def tinyproxy(folder, name, password, *more):
    """A running HTTP proxy, and its port."""
    port = free_port()
    lines = [f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 60", "LogLevel Info",
             *more]
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


def talk(folder, properties, variables):
    """The answer, and all that the program wrote."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("GOOGLE_", "GEMINI_"))
                   and not name.lower().endswith("_proxy")}
    environment.update(variables, GST_DEBUG="*:6", GST_DEBUG_NO_COLOR="1")
    answer = folder / "answer"
    answer.write_bytes(b"")
    line = ["gst-launch-1.0", "fdsrc", "!", "geminilivetextsink", *properties,
            "geminilivetextsrc", "which=conversation", "!", "filesink", f"location={answer}"]
    done = subprocess.run(line, input=b"Hello\n", env=environment, timeout=PATIENCE,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return answer.read_text(encoding="utf-8"), done.stdout.decode(errors="replace")


def check_talk(folder, properties, variables, expected):
    """An empty string, or why it is not as expected: None is a conversation, else what is in the error."""
    answer, output = talk(folder, properties, variables)
    errors = [line for line in output.splitlines() if line.startswith("ERROR: from element")]
    # gst-launch logs its line; what else is shown of the password is our fault.
    if PASSWORD in ("\n".join(errors) if PASSWORD in str(properties) else output):
        return "the password is shown"
    if expected is None:
        return "" if "model: " in answer else "no answer:\n" + "\n".join(errors)
    # What the base class says of a source that stops may follow.
    if not errors or any(part not in errors[0] for part in expected):
        return f"{expected} is not in the error:\n" + "\n".join(errors)
    return ""


class Silence:
    """A proxy that takes connections and says nothing."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]


class Place:
    """The servers of all cases."""

    def __init__(self, simulator, folder):
        self.credentials = folder / "robot.json"
        self.http, self.http_port = tinyproxy(folder, "http", False)
        self.shut_http, self.shut_http_port = tinyproxy(folder, "http-password", True)
        self.strict_http, self.strict_http_port = tinyproxy(folder, "http-strict", False,
                                                            "ConnectPort 443")
        self.socks, self.socks_port = microsocks(folder, "socks", False)
        self.shut_socks, self.shut_socks_port = microsocks(folder, "socks-password", True)
        self.silence = Silence()
        self.plain, self.plain_url, _ = serve(simulator)
        self.secure, self.secure_url, ca_file = serve(simulator, "--tls", "--credentials",
                                                      str(self.credentials))
        self.trust = f"tls-ca-file={ca_file}"

    def stop(self):
        """Ends them all."""
        for program in self.http, self.shut_http, self.strict_http, self.socks, self.shut_socks:
            program.stop()
        for server in self.plain, self.secure:
            server.terminate()
            server.wait()
        self.silence.socket.close()


def let_through(place):
    """Cases in which there is a conversation: name, properties, variables, the proxy."""
    key = {"GOOGLE_API_KEY": "k"}
    plain = {**key, "GOOGLE_GEMINI_BASE_URL": place.plain_url}
    secure = {**key, "GOOGLE_GEMINI_BASE_URL": place.secure_url}
    vertex = {"GOOGLE_VERTEX_BASE_URL": place.secure_url}
    account = f"credentials-path={place.credentials}"
    http = f"proxy=http://127.0.0.1:{place.http_port}"
    shut_http = f"proxy=http://{USER}:{PASSWORD}@127.0.0.1:{place.shut_http_port}"
    socks = f"proxy=socks5://127.0.0.1:{place.socks_port}"
    shut_socks = f"proxy=socks5://{USER}:{PASSWORD}@127.0.0.1:{place.shut_socks_port}"
    # Not a loopback address to us, but one to the kernel.
    far = {**key, "GOOGLE_GEMINI_BASE_URL": place.plain_url.replace("127.0.0.1", "0.0.0.0")}
    return [
        ("an_http_proxy", [http, place.trust], secure, place.http),
        ("an_http_proxy_with_a_password", [shut_http, place.trust], secure, place.shut_http),
        ("an_http_proxy_without_tls", [http], plain, place.http),
        ("an_http_proxy_with_a_password_without_tls", [shut_http], plain, place.shut_http),
        ("a_socks_proxy", [socks, place.trust], secure, place.socks),
        ("a_socks_proxy_with_a_password", [shut_socks, place.trust], secure, place.shut_socks),
        ("a_socks_proxy_without_tls", [socks], plain, place.socks),
        ("a_service_account_by_an_http_proxy_with_a_password", [shut_http, place.trust, account],
         vertex, place.shut_http),
        ("a_service_account_by_a_socks_proxy_with_a_password", [shut_socks, place.trust, account],
         vertex, place.shut_socks),
        ("the_http_proxy_of_the_environment", ["allow-insecure=true"],
         {**far, "http_proxy": f"http://{USER}:{PASSWORD}@127.0.0.1:{place.shut_http_port}"},
         place.shut_http),
        ("the_socks_proxy_of_the_environment", ["allow-insecure=true"],
         {**far, "http_proxy": f"socks5://127.0.0.1:{place.socks_port}"}, place.socks),
    ]


def kept_out(place):
    """Cases in which there is an error: name, properties, variables, the proxy, parts of the error."""
    key = {"GOOGLE_API_KEY": "k"}
    plain = {**key, "GOOGLE_GEMINI_BASE_URL": place.plain_url}
    secure = {**key, "GOOGLE_GEMINI_BASE_URL": place.secure_url}
    vertex = {"GOOGLE_VERTEX_BASE_URL": place.secure_url}
    far_url = place.secure_url.replace("127.0.0.1", "0.0.0.0")
    far = {**key, "GOOGLE_GEMINI_BASE_URL": far_url}
    account = f"credentials-path={place.credentials}"
    nobody = free_port()
    wrong = f"{USER}:x{PASSWORD}@127.0.0.1"
    ways = [("http", place.shut_http, place.shut_http_port),
            ("socks5", place.shut_socks, place.shut_socks_port)]
    cases = [
        ("an_http_proxy_that_refuses", [f"proxy=http://127.0.0.1:{place.strict_http_port}"], secure,
         place.strict_http, ["Check proxy: it does not let us through", "HTTP 403"]),
        ("the_https_proxy_of_the_environment_is_asked", [place.trust],
         {**far, "https_proxy": f"http://127.0.0.1:{place.http_port}"}, place.http,
         ["Check base-url: the certificate of the server is for localhost, 127.0.0.1"]),
        ("a_dead_proxy_of_the_environment", [], {**far, "https_proxy": f"http://127.0.0.1:{nobody}"},
         None, ["Check proxy: it does not let us through", f"(http://127.0.0.1:{nobody} on the way"]),
        ("an_unknown_proxy_of_the_environment", [],
         {**far, "https_proxy": f"http://{USER}:{PASSWORD}@proxy.invalid:3128"}, None,
         ["Check proxy: it does not let us through (the system's proxy on the way", "proxy.invalid"]),
        ("a_malformed_proxy_of_the_environment", [],
         {**far, "https_proxy": f"{USER}:{PASSWORD}@127.0.0.1:3128"}, None,
         ["Check proxy: it does not let us through (the system's proxy on the way",
          "is no URI of a proxy"]),
        ("what_is_no_proxy", ["proxy=ftp://127.0.0.1:1"], plain, None, ["Set proxy to a URI"]),
    ]
    for scheme, shut, shut_port in ways:
        name = scheme.rstrip("5")
        url = f"{scheme}://127.0.0.1"
        for what, variables, more in (
                ("", secure, []), ("_without_tls", plain, ["allow-insecure=true"]),
                ("_on_the_way_to_a_token", vertex, [account])):
            to = "/token" if account in more else "/ws/google.ai"
            more = [place.trust, *more]
            cases += [
                (f"{name}_without_the_password{what}", [f"proxy={url}:{shut_port}", *more],
                 variables, shut if scheme == "http" else None,
                 ["Set user and password in proxy: it asks for them", to]),
                (f"{name}_with_a_wrong_password{what}", [f"proxy={scheme}://{wrong}:{shut_port}", *more],
                 variables, shut if scheme == "http" else None,
                 ["Correct user and password in proxy: it does not take them", to]),
                (f"{name}_where_nobody_listens{what}", [f"proxy={url}:{nobody}", *more], variables,
                 None, [f"Check proxy: it does not let us through ({url}:{nobody} on the way", to]),
                (f"{name}_that_nobody_knows{what}", [f"proxy={scheme}://proxy.invalid:1", *more],
                 variables, None,
                 [f"Check proxy: it does not let us through ({scheme}://proxy.invalid:1 on", to]),
                (f"{name}_that_is_silent{what}",
                 [f"proxy={scheme}://{USER}:{PASSWORD}@127.0.0.1:{place.silence.port}",
                  "connect-timeout=500000000", *more], variables, None,
                 ["Check proxy, or raise connect-timeout: it did not let us through within 0.5 s",
                  to]),
            ]
    return cases


def main():
    """Runs all cases and prints how they fared."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        print(f"1..0 # SKIP without {' and '.join(missing)}")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        place = Place(sys.argv[1], folder)
        found = [(*case, None) for case in let_through(place)] + kept_out(place)
        try:
            print(f"1..{len(found)}")
            for number, (what, properties, variables, proxy, expected) in enumerate(found, 1):
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
            place.stop()


if __name__ == "__main__":
    main()
