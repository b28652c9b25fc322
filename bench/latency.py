#!/usr/bin/env python3
"""From a block's last byte to its finding on the WebSocket.

Starts the program with the live feed pointed at a node of its own, which serves real blocks renumbered
to successive slots (fresh signatures, so that each block's findings are new), one each 400 ms, over the
ordinary RPC. Takes the time when the last byte of a getBlock answer was handed to the kernel, and the
time when the first finding of that slot arrived on the WebSocket; both on this machine's monotonic
clock. Prints one JSON object a line, each figure beside its limit.
"""

import argparse
import base64
import http.server
import json
import os
import random
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST_SLOT = 400_000_000
GENESIS = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Renumbered:
    """A block's text cut at every place that must differ from slot to slot."""

    def __init__(self, path):
        text = json.dumps(json.loads(path.read_text()), separators=(",", ":"))
        # Ten characters inside each first signature carry the slot; the length stays 64 bytes.
        self.pieces = re.split(r'((?<="signatures":\[")[1-9A-HJ-NP-Za-km-z]{20}|"parentSlot":\d+'
                               r'|"blockhash":"[^"]+"|"previousBlockhash":"[^"]+")', text)

    @staticmethod
    def mark(slot):
        return "".join(BASE58[(slot // 58**i) % 58] for i in range(10))

    def at(self, slot):
        def hash_of(s):  # 44 characters from 4 to H are 32 bytes
            return "9" * 34 + self.mark(s)

        out = list(self.pieces)
        for i in range(1, len(out), 2):
            name = out[i].split(":")[0]
            out[i] = {'"parentSlot"': f'"parentSlot":{slot - 1}',
                      '"blockhash"': f'"blockhash":"{hash_of(slot)}"',
                      '"previousBlockhash"': f'"previousBlockhash":"{hash_of(slot - 1)}"',
                      }.get(name, out[i][:10] + self.mark(slot))
        return "".join(out).encode()


class Node:
    """As much of a Solana node as the feed asks for; one new slot each `slot_ms`."""

    def __init__(self, blocks, slot_ms):
        self.blocks, self.slot_ms = blocks, slot_ms
        self.tip = FIRST_SLOT
        self.ready = {FIRST_SLOT: blocks[0].at(FIRST_SLOT)}
        self.sent = {}
        node = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                body, slot = node.answer(call)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                if slot is not None:
                    node.sent.setdefault(slot, time.monotonic_ns())

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        threading.Thread(target=self.advance, daemon=True).start()

    def advance(self):
        start = time.monotonic()
        for n in range(1, 1 << 40):
            slot = FIRST_SLOT + n
            self.ready[slot] = self.blocks[n % len(self.blocks)].at(slot)
            self.ready.pop(slot - 50, None)
            self.sent.pop(slot - 500, None)
            time.sleep(max(0, start + n * self.slot_ms / 1000 - time.monotonic()))
            self.tip = slot

    def answer(self, call):
        method, params = call["method"], call.get("params") or []
        reply = {"jsonrpc": "2.0", "id": call["id"]}
        if method == "getBlock":
            slot = params[0]
            block = self.ready.get(slot) if slot <= self.tip else None
            if block:
                head = f'{{"jsonrpc":"2.0","id":{json.dumps(call["id"])},"result":'.encode()
                return head + block + b"}", slot
            reply["error"] = {"code": -32004, "message": f"Block not available for slot {slot}"}
        elif method == "getSlot":
            reply["result"] = self.tip
        elif method == "getBlocks":
            first = max(params[0], FIRST_SLOT + 1, self.tip - 49)
            last = min(self.tip, params[1] if len(params) > 1 and isinstance(params[1], int) else self.tip)
            reply["result"] = list(range(first, last + 1))
        elif method == "getGenesisHash":
            reply["result"] = GENESIS
        elif method == "getHealth":
            reply["result"] = "ok"
        elif method == "getVersion":
            reply["result"] = {"solana-core": "2.0.0", "feature-set": 0}
        else:
            reply["error"] = {"code": -32601, "message": "Method not found"}
        return json.dumps(reply).encode(), None


class WebSocket:
    """A client of the few frames needed here."""

    def __init__(self, host, port, path):
        self.socket = socket.create_connection((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")
        status = self.file.readline()
        if b" 101 " not in status:
            sys.exit(f"latency: the WebSocket was refused: {status!r}")
        while self.file.readline() not in (b"\r\n", b""):
            pass

    def send(self, text, opcode=1):
        data = text.encode() if isinstance(text, str) else text
        mask = os.urandom(4)
        head = bytes([0x80 | opcode, 0x80 | min(len(data), 126)])
        if len(data) >= 126:
            head += struct.pack(">H", len(data))
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        first, second = self.file.read(2)
        length = second & 127
        if length == 126:
            length = struct.unpack(">H", self.file.read(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self.file.read(8))[0]
        data = self.file.read(length)
        if first & 15 == 9:
            self.send(data, 10)
            return self.receive()
        return data


def memory_mb(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(program, node, data):
    port = free_port()
    process = subprocess.Popen([program, "serve", "--feed", "live", "--rpc", node.url, "--listen", f"127.0.0.1:{port}",
                                "--data", data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        if process.poll() is not None:
            sys.exit(f"latency: the program ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=1)
            return process, port
        except OSError:
            time.sleep(0.05)
    sys.exit("latency: the program did not come up")


def measure(node, process, port, seconds):
    client = WebSocket("127.0.0.1", port, "/ws/live")
    client.send(json.dumps({"op": "subscribe", "id": 1, "channel": "mev.opportunity", "snapshot": 0}))
    first, latencies, findings, memory = {}, [], 0, []
    end, next_sample = time.monotonic() + seconds, 0.0
    while time.monotonic() < end:
        if time.monotonic() >= next_sample:
            memory.append(memory_mb(process.pid))
            next_sample = time.monotonic() + max(1, seconds / 60)
        message = client.receive()
        now = time.monotonic_ns()
        event = json.loads(message)
        if event.get("type") != "event":
            continue
        findings += 1
        slot = event["data"]["slot"]
        if slot not in first and slot in node.sent:
            first[slot] = now
            latencies.append((now - node.sent[slot]) / 1e6)
    return latencies, findings, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=str(ROOT / "build" / "astrolabe"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--slot-ms", type=float, default=400)
    arguments = parser.parse_args()
    random.seed(1)
    blocks = [Renumbered(ROOT / "share/solana/blocks" / name)
              for name in ("block_254170887_part1.json", "block_285000037.json")]
    node = Node(blocks, arguments.slot_ms)
    with tempfile.TemporaryDirectory() as data:
        process, port = start(arguments.program, node, data)
        try:
            latencies, findings, memory = measure(node, process, port, arguments.seconds)
        finally:
            process.terminate()
            process.wait(20)
    if len(latencies) < 10:
        sys.exit(f"latency: only {len(latencies)} blocks gave a finding")
    latencies.sort()
    settled = memory[len(memory) // 2:]  # windows, caches and the retained events are full by then
    rows = [("block_to_websocket_p50", statistics.median(latencies), "ms", 25),
            ("block_to_websocket_p99", latencies[min(len(latencies) - 1, int(len(latencies) * 0.99))], "ms", 60),
            ("memory_growth_in_second_half", max(settled) - settled[0], "MB", 8),
            ("memory", memory[-1], "MB", None)]
    print("memory, MB: " + " ".join(str(m) for m in memory), file=sys.stderr)
    for name, value, unit, limit in rows:
        print(json.dumps({"bench": name, "value": round(value, 2), "unit": unit, "limit": limit, "blocks": len(latencies),
                          "findings": findings, "seconds": arguments.seconds}))


if __name__ == "__main__":
    main()
