#!/usr/bin/env python3
"""docs/errors.md lists every code that an answer of the API can carry, and none that no longer exists."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where codes for strangers are made. The rest of the program's errors stay in the log.
SOURCES = ["src/server/gateway/*.cpp", "src/capabilities/*/api.cpp", "src/capabilities/*/queries.cpp",
           "src/capabilities/exchange/service.cpp", "src/capabilities/exchange/key_memory.cpp", "src/capabilities/exchange/market_book.cpp",
           "src/capabilities/exchange/api_*.cpp", "src/capabilities/exchange/desk.cpp", "src/capabilities/exchange/faucet.cpp",
           "src/capabilities/market/api_*.cpp", "src/capabilities/market/series_view.cpp", "src/capabilities/market/engine/indicators/indicator.cpp",
           "src/capabilities/exchange/order_wish.cpp", "src/capabilities/exchange/portfolio.cpp", "src/capabilities/exchange/engine/shock.cpp", "src/capabilities/exchange/risk_view.cpp", "src/capabilities/exchange/state_requests.cpp", "src/capabilities/exchange/account_stream.cpp", "src/foundation/base/read_json.cpp",
           "src/capabilities/wallets/*.cpp", "src/capabilities/wallets/engine/envelope.cpp", "src/capabilities/identity/*.cpp", "src/capabilities/identity/engine/*.cpp", "src/capabilities/identity/wire/*.cpp",
           "src/foundation/net/http_parser.cpp",           "src/foundation/net/http_session.cpp", "src/foundation/net/url.cpp", "src/foundation/net/websocket_handshake.cpp"]
CODE = re.compile(r'(?:refusal|not_found|conflict|unauthenticated|forbidden|limited)\(\s*"([a-z_0-9]+)"|problem_response\(\s*\d+,\s*(?:[a-z_]+\(\)\s*\?\s*)?"([a-z_0-9]+)"(?:\s*:\s*"([a-z_0-9]+)")?'
                  r'|(?:ParseFailure|fail\()?\{\d{3}, "([a-z_0-9]+)"|ErrorKind::refusal,\s*"([a-z_0-9]+)"')
# Made while a client is used or the program starts, not for whoever asks.
INTERNAL = {"bad_origin", "bad_url", "terminal_too_large", "bad_redis_url", "bad_bucket_rule", "bad_provider", "bad_tier", "bad_audit_head", "wallet_label", "venue_other_kind", "venue_foreign", "journal_behind"}


# The venue's own refusals: an answer's code is the enumerator's name, and its rule says the status.
REFUSALS = ROOT / "src/capabilities/exchange/refusal_text.cpp"
RULE = re.compile(r"\{Code::([a-z_0-9]+),\s*(\d{3}),")


def codes_of(text):
    return {code for groups in CODE.findall(text) for code in groups if code}


def main():
    made = set()
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            if not path.name.endswith(("_test.cpp", "_fuzz.cpp")):
                made |= codes_of(path.read_text())
    rules = dict(RULE.findall(REFUSALS.read_text()))
    rules.pop("none")
    made = (made | rules.keys()) - INTERNAL
    page = (ROOT / "docs/errors.md").read_text()
    told = {code for line in page.splitlines() if line.startswith("| `") for code in re.findall(r"`([a-z_0-9]+)`", line.split("|")[1])}
    everything = "".join(p.read_text() for p in (ROOT / "src").rglob("*.cpp"))
    faults = [f"docs/errors.md does not list `{code}`" for code in sorted(made - told)]
    faults += [f"docs/errors.md lists `{code}`, which no code makes" for code in sorted(told) if f'"{code}"' not in everything and code not in rules]
    faults += [f"docs/errors.md does not say that `{code}` is a {status}" for code, status in sorted(rules.items())
               if not any(f"`{code}`" in line.split("|")[1] and status in line.split("|")[2] for line in page.splitlines() if line.startswith("| `"))]
    if len(made) < 20:
        faults.append(f"only {len(made)} codes were found in the sources: the search no longer fits them")
    print("\n".join(faults) or f"{len(made)} codes, all listed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
