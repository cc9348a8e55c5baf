#!/usr/bin/env python3
"""Mints an ephemeral token, so that the program which talks with the model need not hold the key.

    token=$(python3 examples/mint-token.py)
    gst-launch-1.0 -q fdsrc ! geminilivetextsink auth-token=$token \
      geminilivetextsrc which=conversation ! fdsink

Wants GOOGLE_API_KEY in the environment, and prints the token and nothing else.
"""

import argparse
import datetime
import http.client
import ipaddress
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

SERVICE = "https://generativelanguage.googleapis.com"
PATIENCE = 15


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Whoever else the answer names does not get the key."""

    def redirect_request(self, *_):  # pylint: disable=arguments-differ
        return None


def options():
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Mints an ephemeral token with GOOGLE_API_KEY.")
    parser.add_argument("--uses", type=int, metavar="N",
                        help="conversations that may begin with it; 0: any number (default: 1)")
    parser.add_argument("--lifetime", type=int, metavar="SECONDS",
                        help="when it ends, and the conversation with it (default: 30 minutes)")
    parser.add_argument("--start-within", type=int, metavar="SECONDS",
                        help="for how long a conversation may begin (default: 60)")
    parser.add_argument("--setup", metavar="FILE",
                        help="the body of a `setup` in JSON that beats what the program says")
    parser.add_argument("--freeze", metavar="FIELDS",
                        help="which of its fields do, such as model,generationConfig.temperature "
                             "(default: all, and the program says nothing)")
    parser.add_argument("--base-url", metavar="URL",
                        default=os.environ.get("GOOGLE_GEMINI_BASE_URL") or SERVICE,
                        help="the service (default: GOOGLE_GEMINI_BASE_URL, then Google's)")
    parser.add_argument("--api-version", default="v1beta", help="(default: %(default)s)")
    return parser.parse_args()


def moment(seconds):
    """So long from now, as the service writes it."""
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def body_of(asked):
    """The request; the service has its own word for what is left out."""
    body = {}
    if asked.uses is not None:
        body["uses"] = asked.uses
    if asked.lifetime is not None:
        body["expireTime"] = moment(asked.lifetime)
    if asked.start_within is not None:
        body["newSessionExpireTime"] = moment(asked.start_within)
    if asked.freeze:
        body["fieldMask"] = asked.freeze
    if asked.setup:
        try:
            with open(asked.setup, encoding="utf-8") as file:
                body["bidiGenerateContentSetup"] = json.load(file)
        except OSError as error:
            sys.exit(f"Make the file of --setup readable: {error}")
        except ValueError as error:
            sys.exit(f"Correct the file of --setup: it is no JSON ({error})")
    return json.dumps(body).encode()


def key_of_environment():
    """The key, fit for a header."""
    key = os.environ.get("GOOGLE_API_KEY", "").strip()
    if not key:
        sys.exit("Set GOOGLE_API_KEY in the environment: tokens are minted for a key")
    if not key.isascii() or not key.isprintable() or " " in key:
        sys.exit("Check GOOGLE_API_KEY: it holds a space or a character that no key has")
    return key


def is_loopback(host):
    """Whether what goes there stays on this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def place(asked):
    """Where to POST, and whether that is this machine."""
    base = urllib.parse.urlsplit(asked.base_url)
    scheme = {"ws": "http", "wss": "https"}.get(base.scheme, base.scheme)
    if scheme not in ("http", "https") or not base.hostname:
        sys.exit("Set --base-url to an http or https URL: it is none")
    local = is_loopback(base.hostname)
    if scheme == "http" and not local:
        sys.exit("Use https in --base-url: the key would go in the clear")
    host = base.netloc.rpartition("@")[2]
    return f"{scheme}://{host}{base.path.rstrip('/')}/{asked.api_version}/auth_tokens", local


def advice(status, message):
    """What to do, of what the service answers."""
    if "API key" in message or status in (401, 403):
        return "Check GOOGLE_API_KEY"
    if status == 400:
        return "Correct the options"
    if status == 429 or status >= 500:
        return "Wait and try again"
    return "Check --base-url and --api-version"


def refusal(error):
    """The sentence for a refusal; Google's are JSON."""
    text = error.read(4096).decode(errors="replace")
    try:
        text = json.loads(text)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        text = error.reason
    return f"{advice(error.code, text)}: {text} (HTTP {error.code})"


def mint(url, local, key, body):
    """The token; else it ends the program."""
    headers = {"x-goog-api-key": key, "Content-Type": "application/json"}
    # No proxy knows our loopback.
    proxies = [urllib.request.ProxyHandler({})] if local else []
    opener = urllib.request.build_opener(NoRedirect, *proxies)
    try:
        with opener.open(urllib.request.Request(url, body, headers), timeout=PATIENCE) as reply:
            return json.load(reply)["name"]
    except urllib.error.HTTPError as error:
        sys.exit(refusal(error).replace(key, "***"))
    except (ValueError, KeyError, TypeError):
        sys.exit(f"Check what --base-url leads to: what {url} answers is no token")
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", error)
        sys.exit(f"Check the network and --base-url: no answer from {url} ({why})")


def main():
    """Prints the token."""
    asked = options()
    key = key_of_environment()
    print(mint(*place(asked), key, body_of(asked)))


if __name__ == "__main__":
    main()
