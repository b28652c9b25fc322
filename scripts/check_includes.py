#!/usr/bin/env python3
"""Holds the code's includes against the graph of rooms in docs/architecture.md.

Prints each breach as file:line and exits with 1; exits with 0 and a count when all is well.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
FLOORS = ["foundation", "chains", "capabilities", "server"]

# What would give an engine I/O, time, threads, randomness or a text format.
IMPURE_STANDARD = {
    "thread", "mutex", "shared_mutex", "condition_variable", "atomic", "future", "chrono", "random",
    "fstream", "iostream", "ostream", "istream", "sstream", "cstdio", "filesystem", "ctime",
    "unistd.h", "stdio.h",
}
IMPURE_OWN = {"foundation/base/clock.hpp", "foundation/base/json.hpp"}
# XDR-JSON, the types by name and Horizon, beside what is pure.
IMPURE_STELLAR = re.compile(
    r"^chains/stellar/(horizon/.*|xdr/(\w+_json|json_\w+|type_tables?|types_by_name)\.hpp)$")
IMPURE_LIBRARY = re.compile(r"^(boost/(asio|beast|json)|simdjson|sqlite3|openssl|spdlog|fmt|prometheus|toml|CLI)")
# The half of chains/solana that engines may see; the rest reads JSON or talks to nodes.
PURE_CHAIN = re.compile(
    r"^chains/solana/(types|model|activity|programs|transfers|balances|liquidations|events|wire)\.hpp$|^chains/solana/protocols/")


def read_rooms(document: Path) -> dict[str, set[str]]:
    match = re.search(r"```rooms\n(.*?)```", document.read_text(), re.S)
    if not match:
        sys.exit(f"{document}: no ```rooms block")
    rooms = {}
    for line in match.group(1).splitlines():
        if line.strip():
            name, _, allowed = line.partition(":")
            rooms[name.strip()] = set(allowed.split())
    return rooms


def room_of(path: str, rooms) -> str | None:
    best = None
    for room in rooms:
        if path.startswith(room + "/") and (best is None or len(room) > len(best)):
            best = room
    return best


def find_cycle(rooms) -> list[str] | None:
    state: dict[str, int] = {}

    def visit(room, trail):
        state[room] = 1
        for other in sorted(rooms.get(room, ())):
            if other.endswith(".hpp"):
                continue
            if state.get(other) == 1:
                return trail + [room, other]
            if other not in state and (cycle := visit(other, trail + [room])):
                return cycle
        state[room] = 2
        return None

    for room in rooms:
        if room not in state and (cycle := visit(room, [])):
            return cycle
    return None


def is_test(path: Path) -> bool:
    return path.stem.endswith(("_test", "_fuzz", "_bench")) or "test_support" in path.stem


def impurity(path: Path, include: str, angled: bool) -> str | None:
    relative = path.relative_to(SOURCE).as_posix()
    if "/engine/" not in relative or is_test(path):
        return None
    if angled and (include in IMPURE_STANDARD or IMPURE_LIBRARY.match(include)):
        return f"an engine may not include <{include}>"
    if include in IMPURE_OWN or IMPURE_STELLAR.match(include):
        return f"an engine may not include {include}"
    if include.startswith("chains/solana/") and not PURE_CHAIN.match(include):
        return f"an engine may not include {include}: it is not of the pure half of its room"
    return None


def check_file(path: Path, rooms) -> tuple[list[str], int]:
    breaches, count = [], 0
    relative = path.relative_to(SOURCE).as_posix()
    own = room_of(relative, rooms)
    if own is None:
        return [f"src/{relative}: stands in no room of docs/architecture.md"], 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        count += 1
        include = match.group(2)
        why = impurity(path, include, match.group(1) == "<")
        if include.split("/")[0] in FLOORS and not is_test(path):
            other = room_of(include, rooms)
            if other is None:
                why = why or f"includes {include}, which is in no room"
            elif other != own and other not in rooms[own] and include not in rooms[own]:
                why = why or f"{own} may not use {other} ({include})"
        if why:
            breaches.append(f"src/{relative}:{number}: {why}")
    return breaches, count


def main() -> int:
    rooms = read_rooms(ROOT / "docs" / "architecture.md")
    breaches = []
    if cycle := find_cycle(rooms):
        breaches.append("docs/architecture.md: the rooms form a cycle: " + " -> ".join(cycle))
    total = 0
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".hpp", ".cpp"}:
            found, count = check_file(path, rooms)
            breaches += found
            total += count
    for breach in breaches:
        print(breach)
    print(f"{total} includes, {len(rooms)} rooms, {len(breaches)} breaches")
    return 1 if breaches or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
