#!/usr/bin/env python3
"""Every value of a proof is changed in turn: docs/verify_liabilities.py must refuse each.

    liabilities_tamper_test.py VERIFIER PROOF.json
    liabilities_tamper_test.py VERIFIER --hold PROOFS     proofs, one a line: each must hold
"""

import copy
import importlib.util
import json
import subprocess
import sys
import tempfile


def changed(value):
    """Other values of the same kind, near and far."""
    if isinstance(value, bool) or value is None:
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, -1, 2**70, str(value), True]
    if isinstance(value, str):
        out = ["", value + "0", "0" + value, "-" + value, value.upper() + " "]
        if value.lstrip("-").isdigit():
            out += [str(int(value) + 1), str(int(value) - 1), str(2**128), str(-(2**127) - 1), "+" + value]
        elif value:
            out += [("0" if value[0] != "0" else "1") + value[1:], value[:-1] + ("0" if value[-1] != "0" else "1")]
        return out
    if isinstance(value, list):
        return [value[:-1], value + value[-1:], value[::-1]] if value else [["0"]]
    return [{}]


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from places(item, path + (i,))


def tampered(proof):
    for path in places(proof):
        if not path:
            continue
        parent = proof
        for step in path[:-1]:
            parent = parent[step]
        for value in changed(parent[path[-1]]):
            if value == parent[path[-1]] and type(value) is type(parent[path[-1]]):
                continue
            other = copy.deepcopy(proof)
            at = other
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = value
            yield path, value, other
    for field in proof:
        yield (field,), "left out", {k: v for k, v in proof.items() if k != field}
    yield (), "one more field", {**proof, "note": "0"}
    # An account of one's own that a liar would hide: its debt taken off what is owed.
    for step in range(len(proof["path"])):
        other = copy.deepcopy(proof)
        here = other["path"][step]
        here["owed"], here["lacking"] = here["lacking"], here["owed"]
        if other != proof:
            yield ("path", step), "owed and lacking exchanged", other


def main():
    verifier, file = sys.argv[1], sys.argv[-1]
    spec = importlib.util.spec_from_file_location("verify_liabilities", verifier)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with open(file, encoding="utf-8") as source:
        if sys.argv[2] == "--hold":
            for line in source:
                proof = json.loads(line)
                module.check(proof, proof["root"])
            return
        proof = json.load(source)
    module.check(proof, proof["root"])
    count = 0
    for path, value, other in tampered(proof):
        try:
            module.check(other, proof["root"])
        except (module.Refused, TypeError, ValueError, AttributeError, OverflowError):
            count += 1
            continue
        sys.exit(f"{path} may be {value!r} and the proof still holds")
    # The program itself, as a user runs it.
    good = subprocess.run([sys.executable, verifier, file, proof["root"]], capture_output=True, text=True)
    assert good.returncode == 0 and f"account {proof['account']} is in" in good.stdout, good
    other_root = subprocess.run([sys.executable, verifier, file, "0" * 64], capture_output=True, text=True)
    assert other_root.returncode == 1 and "published" in other_root.stderr, other_root
    with tempfile.NamedTemporaryFile("w", suffix=".json") as broken:
        broken.write("{")
        broken.flush()
        assert subprocess.run([sys.executable, verifier, broken.name], capture_output=True).returncode == 2
    assert count > 200, count
    print(f"{count} changed proofs refused")


if __name__ == "__main__":
    main()
