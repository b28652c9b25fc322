#!/usr/bin/env python3
"""Writes the prices of share/market that value at risk and historic crashes are counted with into the engine, which reads no files.

With --check it only says whether they are there already."""

import csv
import gzip
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKET = ROOT / "share/market"
TARGET = ROOT / "src/capabilities/exchange/engine/recorded_prices.cpp"
PANEL = "panel_sol_btc_eth_1h_2024-01_02.csv.gz"
# Name, file, hours, the last of them, asset or None for a file that names it in a column.
CRASHES = [("2017-12-22", "coinbase_btcusd_1h_2017_2019.csv.gz", 24, "2017-12-22T13:00:00Z"),
           ("2018-02-06", "coinbase_btcusd_1h_2017_2019.csv.gz", 24, "2018-02-06T04:00:00Z"),
           ("2018-11-20", "coinbase_btcusd_1h_2017_2019.csv.gz", 24, "2018-11-20T08:00:00Z"),
           ("2019-09-24", "coinbase_btcusd_1h_2017_2019.csv.gz", 1, "2019-09-24T18:00:00Z"),
           ("2023-08-17", "pair_btc_eth_1h_2023q3.csv.gz", 24, "2023-08-17T21:00:00Z"),
           ("2024-01-23", PANEL, 24, "2024-01-23T13:00:00Z")]
ASSETS = ["BTC", "ETH", "SOL"]


def closes(name):
    """{asset: [(time, cents)]}"""
    out = {}
    with gzip.open(MARKET / name, "rt") as file:
        for row in csv.DictReader(file):
            out.setdefault(row.get("asset", "BTC"), []).append((row["timestamp"], round(float(row["close"]) * 100)))
    return out


def change_ppm(now, before):
    return (now - before) * 1_000_000 // before  # rounded down


def crash_row(name, file, hours, last):
    cells = []
    for asset in ASSETS:
        rows = closes(file).get(asset)
        if not rows:
            continue
        at = next(i for i, row in enumerate(rows) if row[0] == last)
        cells.append(f'{{"{asset}", {change_ppm(rows[at][1], rows[at - hours][1])}}}')
    return f'    {{"{name}", "{last}", {hours}, {{{", ".join(cells)}}}}},'


def beta_ppm(rows, market):
    """Of hourly changes against those of BTC; rounded away from zero."""
    xs = [change_ppm(b[1], a[1]) for a, b in zip(market, market[1:])]
    ys = [change_ppm(b[1], a[1]) for a, b in zip(rows, rows[1:])]
    n = len(xs)
    over = n * sum(x * y for x, y in zip(xs, ys)) - sum(xs) * sum(ys)
    under = n * sum(x * x for x in xs) - sum(xs) ** 2
    return -(-over * 1_000_000 // under)


def main():
    panel = closes(PANEL)
    out = ["// Made by scripts/make_recorded_prices.py of share/market; a test holds it to the files.",
           '#include "capabilities/exchange/engine/recorded_prices.hpp"', "", "namespace astro::exchange {", "namespace {", ""]
    for asset in ASSETS:
        rows = panel[asset]
        out.append(f"constexpr std::int32_t k{asset.title()}[] = {{")
        for at in range(0, len(rows), 12):
            out.append("    " + ", ".join(str(cents) for _, cents in rows[at:at + 12]) + ",")
        out.append("};")
    times = panel["BTC"]
    out += ["", "}  // namespace", "", "const std::vector<RecordedSeries>& recorded_series() {", "    static const std::vector<RecordedSeries> all = {"]
    out += [f'        {{"{asset}", k{asset.title()}, {beta_ppm(panel[asset], panel["BTC"])}}},' for asset in ASSETS]
    out += ["    };", "    return all;", "}", "", f'const RecordedWindow& recorded_window() {{\n    static const RecordedWindow window{{"{times[0][0]}", "{times[-1][0]}", {len(times)}}};\n    return window;\n}}', "",
            "const std::vector<RecordedCrash>& recorded_crashes() {", "    static const std::vector<RecordedCrash> all = {"]
    out += ["    " + crash_row(*crash) for crash in CRASHES]
    out += ["    };", "    return all;", "}", "", "}  // namespace astro::exchange", ""]
    text = "\n".join(out)
    if "--check" not in sys.argv:
        TARGET.write_text(text)
        return 0
    # clang-format has its own lines; what counts is what stands in them.
    plain = [re.sub(r"\s|,(?=\s*})", "", t) for t in (text, TARGET.read_text())]
    if plain[0] == plain[1]:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is not what share/market says: run scripts/make_recorded_prices.py and clang-format")
    return 1


if __name__ == "__main__":
    sys.exit(main())
