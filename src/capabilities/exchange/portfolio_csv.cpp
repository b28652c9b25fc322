#include "capabilities/exchange/portfolio.hpp"

namespace astro::exchange {
namespace {

/// RFC 4180; what a spreadsheet would take for a formula begins with an apostrophe.
std::string cell(std::string text) {
    if (!text.empty() && std::string_view("=+@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + '"';
}

void line(std::string& out, const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + cell(cells[i]);
    out += "\r\n";
}

void section(std::string& out, const char* of, const std::vector<NamedEarnings>& rows) {
    line(out, {of, "realized", "fees", "funding", "net", "volume", "fills", "wins", "losses"});
    for (const auto& [name, e] : rows)
        line(out, {name, to_text(e.realized), to_text(e.fees), to_text(e.funding), to_text(e.net),
                   to_text(e.volume), std::to_string(e.fills), std::to_string(e.wins),
                   std::to_string(e.losses)});
    out += "\r\n";
}

}  // namespace

std::string portfolio_csv(const Portfolio& p) {
    std::string out;
    line(out, {"account", std::to_string(p.account.value())});
    line(out, {"from", to_iso8601(p.from)});
    line(out, {"to", to_iso8601(p.to)});
    const auto& t = p.totals;
    for (const auto& [name, value] :
         {std::pair{"equity_from", t.equity_from}, std::pair{"equity_to", t.equity_to},
          std::pair{"flows", t.flows}, std::pair{"pnl", t.pnl},
          std::pair{"realized", t.earnings.realized}, std::pair{"fees", t.earnings.fees},
          std::pair{"funding", t.earnings.funding}, std::pair{"other", t.other},
          std::pair{"unrealized", t.unrealized}, std::pair{"drawdown_max", t.drawdown_max},
          std::pair{"volume", t.earnings.volume}})
        line(out, {name, to_text(value)});
    out += "\r\n";
    section(out, "market", p.by_market);
    section(out, "day", p.by_day);
    section(out, "strategy", p.by_strategy);
    line(out, {"time", "equity", "pnl", "drawdown", "gross", "net"});
    for (const auto& point : p.curve)
        line(out, {to_iso8601(point.time), to_text(point.equity), to_text(point.pnl),
                   to_text(point.drawdown), to_text(point.gross), to_text(point.net)});
    return out;
}

}  // namespace astro::exchange
