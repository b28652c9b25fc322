#!/usr/bin/env python3
"""Holds the running program against its own OpenAPI document: made-up requests, good and bad, must not bring a server error, an undocumented
status or an answer that is not of its schema. Arguments: the program, then further ones for `serve`."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "unsupported_method"]


def start(program, arguments, folder):
    """The process, its address, and the token by which its first administrator signs up, as its first two lines tell."""
    process = subprocess.Popen(
        [program, "serve", "--listen", "127.0.0.1:0", "--feed", "replay", "--dir", str(ROOT / "share/solana/blocks"), "--data", f"{folder}/data",
         "--set", "feed.slot_ms=0", "--set", "identity.limits=false", "--set", "identity.argon2_kib=64", "--set", "log.level=warn", "--set", f"server.terminal={folder}/none", *arguments],
        stdout=subprocess.PIPE, text=True, cwd=folder)
    for line in process.stdout:
        if " is at http" in line:
            return process, line.split(" is at ", 1)[1].split()[0], process.stdout.readline().split("#", 1)[1].strip()
    raise SystemExit(f"{program} did not start")


# What ends the session that asks, or signs in anew.
NOT_SIGNED_IN = "identity/(erase|session/|password|admin-sign-up|login|register)|/auth/"


def sign_in(address, token):
    """An administrator's access token."""
    def post(path, body):
        request = urllib.request.Request(f"{address}/api/v1/identity/{path}", json.dumps(body).encode(), {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    who = {"email": "root@example.org", "password": "turnip violin marshal eight"}
    post("admin-sign-up", {"token": token, **who})
    return post("login", who)["tokens"]["access_token"]


def run(tool, address, folder, *more):
    return subprocess.run([tool, "run", f"{address}/api/v1/openapi.json", "--checks", ",".join(CHECKS), "--seed",
                           os.environ.get("ASTROLABE_SEED", "20261120"), "--generation-database", "none", "--no-color", *more],
                          cwd=folder, check=False).returncode


def main():
    program, arguments = sys.argv[1], sys.argv[2:]
    tool = ROOT / ".cache/python/bin/schemathesis"
    if not tool.exists():
        print(f"{tool} is missing: run scripts/setup")
        return 1
    with tempfile.TemporaryDirectory(prefix="astrolabe-api-") as folder:
        process, address, token = start(program, arguments, folder)
        try:
            # First as a stranger, then as one who may everything.
            failed = run(tool, address, folder, "--max-examples", "25")
            failed |= run(tool, address, folder, "--max-examples", "10", "-H", f"Authorization: Bearer {sign_in(address, token)}",
                          "--exclude-path-regex", NOT_SIGNED_IN)
            if process.poll() is not None:
                print(f"the program ended with {process.returncode} under the requests")
                return 1
            return failed
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
