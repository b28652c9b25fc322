#!/usr/bin/env python3
"""Holds the running program against its own OpenAPI document: made-up requests, good and bad, must not bring a server error, an undocumented
status or an answer that is not of its schema. Arguments: the program, then further ones for `serve`."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "unsupported_method"]


def start(program, arguments, folder):
    """The process and the address that it tells in its first line."""
    process = subprocess.Popen(
        [program, "serve", "--listen", "127.0.0.1:0", "--feed", "replay", "--dir", str(ROOT / "share/solana/blocks"), "--data", f"{folder}/data",
         "--set", "feed.slot_ms=0", "--set", "log.level=warn", "--set", f"server.terminal={folder}/none", *arguments],
        stdout=subprocess.PIPE, text=True, cwd=folder)
    for line in process.stdout:
        if " is at http" in line:
            return process, line.split(" is at ", 1)[1].split()[0]
    raise SystemExit(f"{program} did not start")


def main():
    program, arguments = sys.argv[1], sys.argv[2:]
    tool = ROOT / ".cache/python/bin/schemathesis"
    if not tool.exists():
        print(f"{tool} is missing: run scripts/setup")
        return 1
    with tempfile.TemporaryDirectory(prefix="astrolabe-api-") as folder:
        process, address = start(program, arguments, folder)
        try:
            done = subprocess.run([tool, "run", f"{address}/api/v1/openapi.json", "--checks", ",".join(CHECKS), "--max-examples", "25",
                                   "--seed", os.environ.get("ASTROLABE_SEED", "20261120"), "--generation-database", "none", "--no-color"],
                                  cwd=folder, check=False)
            if process.poll() is not None:
                print(f"the program ended with {process.returncode} under the requests")
                return 1
            return done.returncode
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
