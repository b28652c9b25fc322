#!/usr/bin/env python3
"""Holds `astrolabe market candles` against another computation over the recorded captures: all trades of a file in a dictionary by number,
grouped and summed in exact fractions. Then the same trades told twice, late and spoilt must give the same candles. Argument: the program."""

import gzip
import json
import random
import subprocess
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

SHARE = Path(__file__).resolve().parent.parent.parent / "share/market"
CAPTURES = {"binance_spot": "binance_spot_btcusdt_20240808.raw.gz", "binance_usdm": "binance_usdm_btcusdt_20240808.raw.gz",
            "binance_coinm": "binance_coinm_btcusdperp_20240808.raw.gz"}
LENGTHS = {"1s": 1, "1m": 60, "5m": 300, "1h": 3600, "1d": 86400}
WEEK_MS, MONDAY_MS = 7 * 86_400_000, 4 * 86_400_000


def text(number):
    """An exact decimal, as our answers write them."""
    whole = f"{number.numerator * 10 ** 9 // number.denominator:010d}"
    return f"{whole[:-9]}.{whole[-9:]}".rstrip("0").rstrip(".")


def cut(number, decimals):
    return Fraction(number.numerator * 10 ** decimals // number.denominator, 10 ** decimals)


def trades_of(source, lines):
    """(number, milliseconds, price, size, value), by number."""
    found = {}
    for line in lines:
        message = json.loads(line.split(" ", 1)[1])
        data = message.get("data", message)
        if data.get("e") != "trade":
            continue
        price, quantity = Fraction(data["p"]), Fraction(data["q"])
        if source == "binance_coinm":  # contracts of 100 dollars
            value, size = quantity * 100, cut(quantity * 100 / price, 9)
        else:
            value, size = cut(price * quantity, 6), quantity
        found[data["t"]] = (data["t"], data["T"], price, size, value)
    return [found[number] for number in sorted(found)]


def candles_of(source, symbol, trades, interval):
    groups = defaultdict(list)
    for trade in trades:
        if interval == "1w":
            start = (trade[1] - MONDAY_MS) // WEEK_MS * WEEK_MS + MONDAY_MS
        else:
            start = trade[1] // (LENGTHS[interval] * 1000) * LENGTHS[interval] * 1000
        groups[start].append(trade)
    out = []
    for start in sorted(groups):
        group = groups[start]
        prices = [trade[2] for trade in group]
        out.append({"source": source, "symbol": symbol, "interval": interval, "candle": {
            "start": start, "open": text(prices[0]), "high": text(max(prices)), "low": text(min(prices)), "close": text(prices[-1]),
            "volume": text(sum(trade[3] for trade in group)), "value": text(sum(trade[4] for trade in group)), "trades": len(group),
            "first_trade": str(group[0][0]), "last_trade": str(group[-1][0])}})
    return out


def ours(program, lines, interval):
    done = subprocess.run([program, "market", "candles", "-", "--interval", interval], input="\n".join(lines) + "\n", text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def shaken(lines, seed):
    """Each trade somewhere within the next forty messages, some twice, some without a size or of next year. The first stays the first."""
    chance = random.Random(seed)
    keyed = [(i if i == 0 else i + chance.random() * 40, line) for i, line in enumerate(lines)]
    spoilt = 0
    for i, line in enumerate(lines[1:], 1):
        dice = chance.random()
        if dice < 0.05:
            keyed.append((i + chance.random() * 200, line))
        elif dice < 0.06:
            message = json.loads(line.split(" ", 1)[1])
            message["data"] |= {"q": "0", "t": message["data"]["t"] + 7} if dice < 0.055 else {"T": message["data"]["T"] + 31_536_000_000}
            keyed.append((i + 0.5, line.split(" ", 1)[0] + " " + json.dumps(message)))
        else:
            continue
        spoilt += 1
    return [line for _, line in sorted(keyed)], spoilt


def main():
    program, bad = sys.argv[1], 0
    for source, name in CAPTURES.items():
        lines = [line for line in gzip.open(SHARE / name, "rt").read().splitlines() if '"trade"' in line]
        trades = trades_of(source, lines)
        symbol = json.loads(lines[0].split(" ", 1)[1])["data"]["s"]
        for interval in [*LENGTHS, "1w"]:
            expected = candles_of(source, symbol, trades, interval)
            for what, given, aside in (("as recorded", lines, 0), ("shaken", *shaken(lines, 7))):
                made, said = ours(program, given, interval)
                if made != expected:
                    bad += 1
                    at = next((i for i, (a, b) in enumerate(zip(made, expected)) if a != b), min(len(made), len(expected)))
                    print(f"{source} {interval} {what}: {len(made)} candles, {len(expected)} expected; the first that differs:\n"
                          f"  {made[at:at + 1]}\n  {expected[at:at + 1]}")
                if f"{aside} of {len(given)} trades were set aside" not in said and aside:
                    bad += 1
                    print(f"{source} {interval} {what}: {aside} were spoilt, but: {said.strip()}")
        print(f"{source}: {len(trades)} trades, {len(LENGTHS) + 1} intervals")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
