#!/usr/bin/env python3
"""Holds `astrolabe market indicators` against TA-Lib itself over real candles, and against Stock.Indicators' published results where TA-Lib
has none. Argument: the program. Further arguments are CSV files of candles that are checked against TA-Lib as well."""

import csv
import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SHARE = ROOT / "share/market"
PYTHON = ROOT / ".cache/python/bin/python"
TOLERANCE = 1e-9


def text_of(path):
    raw = Path(path).read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()


def columns_of(text):
    rows = list(csv.DictReader(io.StringIO(text)))
    return {name: [float(row[name]) for row in rows] for name in ("open", "high", "low", "close", "volume")}


def ours(program, text, names):
    done = subprocess.run([program, "market", "indicators", "-", "--indicators", ",".join(names), "--json"], input=text, text=True,
                          stdout=subprocess.PIPE, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {key: [row[key] for row in rows] for key in rows[0] if key != "start"}


def distance(mine, theirs, scale):
    """How far apart they are at most, relative to the greater of the value and `scale`; and where."""
    worst, where = 0.0, 0
    for i, (a, b) in enumerate(zip(mine, theirs, strict=True)):
        if a is None or b is None:
            if (a is None) != (b is None):
                return float("inf"), i
            continue
        far = abs(a - b) / max(abs(a), abs(b), scale)
        if far > worst:
            worst, where = far, i
    return worst, where


def of_talib(talib, np, bars):
    """Names of ours → TA-Lib's values, with the scale that rounding is measured by: an oscillator's range; for what is a difference of
    prices, the price."""
    o = {name: np.array(values) for name, values in bars.items()}
    high, low, close, volume = o["high"], o["low"], o["close"], o["volume"]
    out = {}

    def add(name, values, scale=0.0):
        out[name] = (values, scale)
    for period in (2, 5, 14, 20, 50, 200):
        add(f"sma({period})", talib.SMA(close, period))
        add(f"ema({period})", talib.EMA(close, period))
        add(f"wma({period})", talib.WMA(close, period))
        add(f"rsi({period})", talib.RSI(close, period), 1)
        add(f"atr({period})", talib.ATR(high, low, close, period))
        add(f"mfi({period})", talib.MFI(high, low, close, volume, period), 100)
    for period in (2, 7, 14, 30):
        name = f"adx({period})"
        add(name + ".adx", talib.ADX(high, low, close, period), 1)
        add(name + ".plus_di", talib.PLUS_DI(high, low, close, period), 1)
        add(name + ".minus_di", talib.MINUS_DI(high, low, close, period), 1)
    for fast, slow, signal in ((12, 26, 9), (5, 35, 5), (3, 10, 16)):
        name = f"macd({fast},{slow},{signal})"
        price = float(np.median(close))
        for key, values in zip(("macd", "signal", "histogram"), talib.MACD(close, fast, slow, signal), strict=True):
            add(f"{name}.{key}", values, price * 1e-3)
    for period, deviations in ((20, 2), (5, 1), (50, 2.5)):
        name = f"bollinger({period},{deviations})"
        for key, values in zip(("upper", "middle", "lower"), talib.BBANDS(close, period, float(deviations), float(deviations)), strict=True):
            add(f"{name}.{key}", values)
    for k, sk, sd in ((14, 3, 3), (5, 3, 3), (21, 1, 5)):
        name = f"stochastic({k},{sk},{sd})"
        for key, values in zip(("slow_k", "slow_d"), talib.STOCH(high, low, close, k, sk, 0, sd, 0), strict=True):
            add(f"{name}.{key}", values, 100)
    add("obv", talib.OBV(close, volume), float(np.max(volume)))
    return out


def check_talib(program, path):
    import numpy as np
    import talib
    text = text_of(path)
    expected = of_talib(talib, np, columns_of(text))
    # At most fifty at once.
    names, mine = sorted({key.split(".")[0] if not key.startswith("bollinger") else key.rsplit(".", 1)[0] for key in expected}), {}
    for at in range(0, len(names), 50):
        mine |= ours(program, text, names[at:at + 50])
    bad = 0
    for key, (values, scale) in expected.items():
        theirs = [None if np.isnan(v) else float(v) for v in values]
        far, where = distance(mine[key], theirs, scale)
        if far > TOLERANCE or all(v is None for v in theirs):
            bad += 1
            print(f"{path}: {key} at bar {where}: {mine[key][where]}, TA-Lib says {theirs[where]} ({far:.1e})")
    print(f"{Path(path).name}: {len(expected)} series of {len(theirs)} bars against TA-Lib {talib.__ta_version__.decode().split()[0]}, {bad} differ")
    return bad


def check_stock_indicators(program):
    """Ichimoku and SuperTrend, which TA-Lib does not have. Results are rounded to a few more digits than prices."""
    text = text_of(SHARE / "stock_indicators_quotes.csv")
    mine = ours(program, text, ["ichimoku(9,26,52)", "supertrend(10,3)"])
    ichimoku = json.loads(text_of(SHARE / "stock_indicators_ichimoku.json.gz"))
    trend = json.loads(text_of(SHARE / "stock_indicators_supertrend.json.gz"))
    pairs = [(f"ichimoku(9,26,52).{our}", [row[their] for row in ichimoku])
             for our, their in (("conversion", "tenkanSen"), ("base", "kijunSen"), ("span_a", "senkouSpanA"), ("span_b", "senkouSpanB"))]
    pairs.append(("supertrend(10,3).line", [row["superTrend"] for row in trend]))
    pairs.append(("supertrend(10,3).direction", [None if row["superTrend"] is None else 1 if row["lowerBand"] is not None else -1 for row in trend]))
    bad = 0
    for key, theirs in pairs:
        far, where = distance(mine[key], theirs, 0)
        if far > TOLERANCE:
            bad += 1
            print(f"{key} at bar {where}: {mine[key][where]}, Stock.Indicators says {theirs[where]} ({far:.1e})")
    print(f"{len(pairs)} series of {len(ichimoku)} bars against Stock.Indicators, {bad} differ")
    return bad


def check_small_prices(program):
    """A price of a millionth has the indicators of the same price in dollars, scaled."""
    text = text_of(SHARE / "stock_indicators_quotes.csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    small = io.StringIO()
    writer = csv.writer(small, lineterminator="\n")
    writer.writerow(["date", "open", "high", "low", "close", "volume"])
    power = 2.0 ** -30  # exact
    for row in rows:
        writer.writerow([row["date"], *(repr(float(row[key]) * power) for key in ("open", "high", "low", "close")), row["volume"]])
    names = ["bollinger(20,2)", "rsi(14)", "mfi(14)", "stochastic(14,3,3)", "adx(14)", "macd(12,26,9)", "atr(14)", "wma(20)"]
    plain, scaled = ours(program, text, names), ours(program, small.getvalue(), names)
    prices = ("bollinger", "macd", "atr", "wma")
    bad = 0
    for key, values in plain.items():
        factor = power if key.startswith(prices) else 1
        far, where = distance(scaled[key], [None if v is None else v * factor for v in values], 0)
        if far > TOLERANCE:
            bad += 1
            print(f"{key} of small prices at bar {where}: {far:.1e}")
    print(f"{len(plain)} series of prices of a ten-millionth, {bad} differ")
    return bad


def main():
    if Path(sys.executable) != PYTHON and "ASTROLABE_TESTS_PYTHON" not in os.environ:
        if not PYTHON.exists():
            print(f"{PYTHON} is missing: run scripts/setup")
            return 1
        os.execve(PYTHON, [str(PYTHON), *sys.argv], {**os.environ, "ASTROLABE_TESTS_PYTHON": "1"})
    program, files = sys.argv[1], sys.argv[2:]
    bad = check_stock_indicators(program) + check_small_prices(program)
    for path in [SHARE / "coinbase_btcusd_1h_2017_2019.csv.gz", SHARE / "stock_indicators_quotes.csv", *files]:
        bad += check_talib(program, path)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
