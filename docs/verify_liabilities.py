#!/usr/bin/env python3
"""Checks that an account is in a venue's published liabilities. Needs Python 3.8 and nothing else.

    verify_liabilities.py PROOF.json [ROOT]

PROOF.json is what `astrolabe exchange prove ACCOUNT` prints; ROOT is the root that the venue has
published, got from somewhere else than the proof. Without it the proof is only checked in itself.
Format: docs/proof_of_liabilities.md. Exit code 0: it holds, 1: it does not, 2: it cannot be read.
"""
import hashlib, json, sys
FIELDS = set("format root sequence time accounts assets account salt index balances held equity insurance path".split())
STEP = set("hash owed lacking held equity_owed equity_lacking insurance".split())

class Refused(Exception): pass

def need(condition, why):
    if not condition:
        raise Refused(why)

def whole(text, low, high, what):
    """A number written as decimal text, in the one way to write it."""
    need(isinstance(text, str) and text.lstrip("-").isdigit() and str(int(text)) == text, f"{what} is no number")
    need(low <= int(text) < high, f"{what} is out of range")
    return int(text)

def count(value, high, what):
    need(type(value) is int and 0 <= value < high, f"{what} is no count")
    return value

def hash_of(text, what):
    need(isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef"), f"{what} is no hash")
    return bytes.fromhex(text)

def digest(tag, *parts):
    return hashlib.sha256(tag + b"".join(parts)).digest()

def sums_bytes(sums):
    need(max(sums) < 2**128, "a sum is too large")
    return b"".join(value.to_bytes(16, "little") for value in sums)

def step_of(step, assets):
    need(isinstance(step, dict) and set(step) == STEP, "a step has other fields")
    lists = [step["owed"], step["lacking"], step["held"]]
    need(all(len(values) == assets for values in lists), "a step has another number of assets")
    texts = sum(lists, []) + [step["equity_owed"], step["equity_lacking"], step["insurance"]]
    return [whole(text, 0, 2**128, "a sum") for text in texts], hash_of(step["hash"], "a step")

def sides(index, leaves):
    """For each step from the leaf up, whether the leaf's part stands left (RFC 6962's tree)."""
    out = []
    while leaves > 1:
        left = 1 << ((leaves - 1).bit_length() - 1)
        out.append(index < left)
        index, leaves = (index, left) if index < left else (index - left, leaves - left)
    return out[::-1]

def check(proof, published=None):
    """The total of everything, as in the root. Raises Refused."""
    need(isinstance(proof, dict) and set(proof) == FIELDS, "it has other fields")
    need(proof["format"] == "astrolabe-liabilities-1", "it is of another format")
    names = [name.encode("ascii") for name in proof["assets"]]
    need(len(proof["balances"]) == len(proof["held"]) == len(names) < 256, "it has other numbers of balances and assets")
    balances = [whole(text, -2**63, 2**63, "a balance") for text in proof["balances"]]
    held = [whole(text, 0, 2**63, "held") for text in proof["held"]]
    equity, insurance = whole(proof["equity"], -2**127, 2**127, "equity"), whole(proof["insurance"], 0, 2**63, "insurance")
    leaves = count(proof["accounts"], 2**64, "accounts")
    index = count(proof["index"], leaves, "index")
    parts = lambda values: [max(v, 0) for v in values] + [max(-v, 0) for v in values]
    sums = parts(balances) + held + parts([equity]) + [insurance]
    node = digest(b"astro-liab-leaf1", count(proof["account"], 2**32, "account").to_bytes(4, "little"),
                  hash_of(proof["salt"], "salt"), bytes([len(names)]),
                  *[v.to_bytes(8, "little", signed=True) for v in balances + held],
                  equity.to_bytes(16, "little", signed=True), insurance.to_bytes(8, "little"))
    turns = sides(index, leaves)
    need(len(turns) == len(proof["path"]), "its path has another length than its tree")
    for is_left, step in zip(turns, proof["path"]):
        other_sums, other = step_of(step, len(names))
        ours, theirs = sums_bytes(sums) + node, sums_bytes(other_sums) + other
        node = digest(b"astro-liab-node1", *((ours, theirs) if is_left else (theirs, ours)))
        sums = [a + b for a, b in zip(sums, other_sums)]
    root = digest(b"astro-liab-root1", count(proof["sequence"], 2**64, "sequence").to_bytes(8, "little"),
                  count(proof["time"], 2**63, "time").to_bytes(8, "little"), leaves.to_bytes(8, "little"),
                  bytes([len(names)]), *[bytes([len(n)]) + n for n in names], sums_bytes(sums), node)
    need(root == hash_of(proof["root"], "root"), "it leads to another root than it says")
    need(published is None or root == hash_of(published.lower(), "ROOT"), "it leads to another root than the published one")
    return sums

if __name__ == "__main__":
    try:
        given = json.load(open(sys.argv[1], encoding="utf-8"))
    except (IndexError, OSError, ValueError) as error:
        sys.exit(print(f"cannot read a proof: {error}", file=sys.stderr) or 2)
    try:
        total = check(given, sys.argv[2] if len(sys.argv) > 2 else None)
    except (Refused, TypeError, ValueError, AttributeError, UnicodeError, OverflowError) as refused:
        sys.exit(print(f"REFUSED: {refused}", file=sys.stderr) or 1)
    print(f"account {given['account']} is in the liabilities of {given['accounts']} accounts at sequence {given['sequence']}")
    for name, mine, owed in zip(given["assets"], given["balances"], total):
        print(f"  {name}: {mine} of {owed} owed")
    print(f"  equity: {given['equity']} of {total[-3]} owed; held beside: {given['held']}, {given['insurance']} in insurance")
