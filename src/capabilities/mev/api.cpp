#include "capabilities/mev/api.hpp"

#include <array>
#include <charconv>

#include "capabilities/mev/answers.hpp"
#include "capabilities/mev/counters.hpp"
#include "capabilities/mev/rows.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"

namespace astro::mev {
namespace {

using gateway::Call;
using gateway::Channel;
using gateway::ChannelFilter;
using gateway::Match;
using gateway::Parameter;
using gateway::ParameterType;
using gateway::Route;
using net::Response;

constexpr std::string_view kFindings = "opportunities";
constexpr std::string_view kSwaps = "swaps";
constexpr std::int64_t kPageMax = 500;

// ── parameters ──────────────────────────────────────────────────────────────────────────────────

template <class Key>
Result<void> check_key(std::string_view text, std::string_view what) {
    Key key;
    if (decode_base58_fixed(text, key.bytes)) return {};
    return refusal("bad_parameter", "needs " + std::string(what) + " in base58");
}
Result<void> check_address(std::string_view text) {
    return check_key<Pubkey>(text, "an address");
}
Result<void> check_signature(std::string_view text) {
    return check_key<Signature>(text, "a transaction's signature");
}

template <class E>
std::vector<std::string> names_of() {
    std::vector<std::string> out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto d) { out.emplace_back(d.name); });
    return out;
}

Parameter address(std::string name, std::string summary) {
    return {.name = std::move(name),
            .summary = std::move(summary),
            .check = check_address,
            .example = "So11111111111111111111111111111111111111112"};
}
Parameter signature(std::string summary) {
    return {.name = "signature",
            .summary = std::move(summary),
            .check = check_signature,
            .example = to_text(Signature{})};
}
Parameter flag(std::string name, std::string summary) {
    return {.name = std::move(name),
            .type = ParameterType::boolean,
            .summary = std::move(summary),
            .example = "true"};
}
Parameter slot(std::string name, std::string summary) {
    return {.name = std::move(name),
            .type = ParameterType::integer,
            .summary = std::move(summary),
            .minimum = 0,
            .example = "385000000"};
}
Parameter time(std::string name, std::string summary) {
    return {.name = std::move(name),
            .type = ParameterType::time,
            .summary = std::move(summary),
            .example = "2026-11-20T12:00:00Z"};
}
Parameter kind() {
    return {.name = "kind",
            .summary = "kinds of finding, separated by commas",
            .choices = names_of<FindingKind>(),
            .several = true,
            .example = "arbitrage,sandwich"};
}

std::vector<Parameter> paging() {
    return {{.name = "limit",
             .type = ParameterType::integer,
             .summary = "items a page",
             .minimum = 1,
             .maximum = kPageMax,
             .example = "50"},
            {.name = "cursor",
             .summary = "next_cursor of the page before",
             .example = to_cursor("opportunities", 4711)}};
}

/// Filters that the live channel has too, beside how it matches them.
std::vector<ChannelFilter> finding_filters() {
    return {
        {kind(), Match::any_of, "kind"},
        {{.name = "status",
          .summary = "status",
          .choices = names_of<FindingStatus>(),
          .example = "realised"},
         Match::any_of,
         "status"},
        {flag("profitable", "gained after fee and tip"), Match::any_of, "profitable"},
        {{.name = "min_net_lamports",
          .type = ParameterType::integer,
          .summary = "least gain after fee and tip",
          .example = "1000000"},
         Match::at_least,
         "net_lamports"},
        {{.name = "min_confidence",
          .type = ParameterType::decimal,
          .summary = "0 … 1",
          .example = "0.9"},
         Match::at_least,
         "confidence"},
        {address("wallet", "actor or victim"), Match::any_of, "wallet"},
        {address("pool", "one of the pools"), Match::any_of, "pool"},
        {address("mint", "one of the tokens"), Match::any_of, "mint"},
        {{.name = "protocol", .summary = "one of the protocols", .example = "raydium_amm_v4"},
         Match::any_of,
         "protocol"},
        {signature("of the actor or of a victim"), Match::any_of, "signature"},
        {address("leader", "who made the block"), Match::any_of, "leader"},
        {slot("slot_from", "first slot"), Match::at_least, "slot"},
        {slot("slot_to", "last slot"), Match::at_most, "slot"},
        {flag("synthetic", "made up (true) or of the chain (false)"), Match::any_of, "synthetic"},
    };
}

std::vector<ChannelFilter> swap_filters() {
    return {
        {{.name = "protocol",
          .summary = "protocol",
          .choices = names_of<solana::Protocol>(),
          .example = "raydium_amm_v4"},
         Match::any_of,
         "protocol"},
        {address("pool", "the pool"), Match::any_of, "pool"},
        {address("mint", "either token"), Match::any_of, "mint"},
        {address("trader", "who paid"), Match::any_of, "trader"},
        {signature("of the transaction"), Match::any_of, "signature"},
        {flag("verified", "equal to the change of the vaults"), Match::any_of, "verified"},
        {slot("slot_from", "first slot"), Match::at_least, "slot"},
        {slot("slot_to", "last slot"), Match::at_most, "slot"},
    };
}

std::vector<Parameter> parameters_of(const std::vector<ChannelFilter>& filters,
                                     std::vector<Parameter> more) {
    std::vector<Parameter> out;
    for (const auto& filter : filters) out.push_back(filter.parameter);
    for (auto& parameter : more) out.push_back(std::move(parameter));
    return out;
}

std::vector<Parameter> finding_parameters() {
    auto more = paging();
    more.push_back(time("time_from", "not before"));
    more.push_back(time("time_to", "before"));
    return parameters_of(finding_filters(), std::move(more));
}

// ── answers ─────────────────────────────────────────────────────────────────────────────────────

std::optional<std::string> text(const Call& call, std::string_view name) {
    const auto value = call.text(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
}

Result<std::optional<std::int64_t>> before_seq(const Call& call, std::string_view list) {
    const auto cursor = call.text("cursor");
    if (!cursor) return std::optional<std::int64_t>{};
    ASTRO_TRY(const auto seq, parse_cursor(list, *cursor));
    return std::optional(seq);
}

void append_documents(std::string& out, const std::vector<std::string>& documents) {
    out.push_back('[');
    for (std::size_t i = 0; i < documents.size(); ++i) {
        if (i > 0) out.push_back(',');
        out.append(documents[i]);
    }
    out.push_back(']');
}

/// "items" and "next_cursor", without braces.
std::string page_members(const DocumentPage& page, std::string_view list) {
    std::string out = "\"items\":";
    append_documents(out, page.documents);
    out.append(",\"next_cursor\":");
    if (page.next_before_seq)
        append_json(out, to_cursor(list, *page.next_before_seq));
    else
        out.append("null");
    return out;
}

Result<FindingQuery> finding_query(const Call& call) {
    FindingQuery q;
    if (const auto kinds = call.text("kind"))
        for (const auto part : gateway::split_list(*kinds)) q.kinds.emplace_back(part);
    q.status = text(call, "status");
    q.profitable = call.flag("profitable");
    q.min_net_lamports = call.integer("min_net_lamports");
    q.min_confidence = call.decimal("min_confidence");
    q.wallet = text(call, "wallet");
    q.pool = text(call, "pool");
    q.mint = text(call, "mint");
    q.protocol = text(call, "protocol");
    q.signature = text(call, "signature");
    q.leader = text(call, "leader");
    q.slot_from = call.integer("slot_from");
    q.slot_to = call.integer("slot_to");
    q.time_from = call.time("time_from");
    q.time_to = call.time("time_to");
    q.synthetic = call.flag("synthetic");
    q.limit = call.integer("limit").value_or(q.limit);
    ASTRO_TRY(q.before_seq, before_seq(call, kFindings));
    return q;
}

Result<Response> answer_findings(store::Store& store, FindingQuery query) {
    ASTRO_TRY(const auto page, query_findings(store, query));
    return net::json_response("{" + page_members(page, kFindings) + "}");
}

Result<Response> get_opportunities(store::Store& store, const Call& call) {
    ASTRO_TRY(auto query, finding_query(call));
    return answer_findings(store, std::move(query));
}

Result<Response> get_arbitrage(store::Store& store, const Call& call) {
    ASTRO_TRY(auto query, finding_query(call));
    query.kinds = {"arbitrage"};
    return answer_findings(store, std::move(query));
}

Result<Response> get_opportunity(store::Store& store, const Call& call) {
    ASTRO_TRY(auto document, query_finding(store, call.text("id").value_or("")));
    return net::json_response(std::move(document));
}

Result<Response> get_swaps(store::Store& store, const Call& call) {
    SwapQuery q{.protocol = text(call, "protocol"),
                .pool = text(call, "pool"),
                .mint = text(call, "mint"),
                .trader = text(call, "trader"),
                .signature = text(call, "signature"),
                .verified = call.flag("verified"),
                .slot_from = call.integer("slot_from"),
                .slot_to = call.integer("slot_to"),
                .before_seq = {}};
    q.limit = call.integer("limit").value_or(q.limit);
    ASTRO_TRY(q.before_seq, before_seq(call, kSwaps));
    ASTRO_TRY(const auto page, query_swaps(store, q));
    return net::json_response("{" + page_members(page, kSwaps) + "}");
}

Result<Response> get_transaction(store::Store& store, const Call& call) {
    const auto name = call.text("signature").value_or("");
    ASTRO_TRY(const auto found, query_transaction(store, name));
    std::string out = "{\"signature\":";
    append_json_string(out, name);
    out.append(",\"known\":").append(found.slot ? "true" : "false");
    out.append(",\"slot\":");
    append_json(out, found.slot);
    out.append(",\"sandwiched\":").append(found.sandwiched ? "true" : "false");
    out.append(",\"loss_lamports\":");
    append_json(out, found.loss_lamports);
    out.append(",\"findings\":");
    append_documents(out, found.findings);
    out.append(",\"swaps\":");
    append_documents(out, found.swaps);
    return net::json_response(out + "}");
}

FindingQuery paged_query(const Call& call) {
    FindingQuery q;
    q.limit = call.integer("limit").value_or(q.limit);
    return q;
}

Result<Response> get_wallet(store::Store& store, const Call& call) {
    const std::string name(call.text("address").value_or(""));
    auto query = paged_query(call);
    query.wallet = name;
    ASTRO_TRY(query.before_seq, before_seq(call, kFindings));
    ASTRO_TRY(const auto page, query_findings(store, query));
    ASTRO_TRY(const auto actor, query_totals(store, "actor", name));
    ASTRO_TRY(const auto victim, query_totals(store, "victim", name));
    return net::json_response("{\"address\":" + to_json(name) + ",\"as_actor\":" + to_json(actor) +
                              ",\"as_victim\":" + to_json(victim) + "," +
                              page_members(page, kFindings) + "}");
}

Result<Response> get_pool(store::Store& store, const Call& call) {
    const std::string name(call.text("address").value_or(""));
    auto query = paged_query(call);
    query.pool = name;
    ASTRO_TRY(query.before_seq, before_seq(call, kFindings));
    ASTRO_TRY(const auto page, query_findings(store, query));
    ASTRO_TRY(const auto totals, query_totals(store, "pool", name));
    ASTRO_TRY(const auto swaps, query_swap_count(store, name));
    return net::json_response("{\"address\":" + to_json(name) + ",\"totals\":" + to_json(totals) +
                              ",\"swaps\":" + to_json(swaps) + "," + page_members(page, kFindings) +
                              "}");
}

struct Bucket {
    std::string_view name;
    DurationNs length;
};
constexpr std::array kBuckets{Bucket{"1s", seconds(1)},     Bucket{"10s", seconds(10)},
                              Bucket{"1m", seconds(60)},    Bucket{"5m", seconds(300)},
                              Bucket{"1h", seconds(3'600)}, Bucket{"1d", seconds(86'400)}};

Result<Response> get_statistics(store::Store& store, const Call& call) {
    const auto name = call.text("bucket").value_or("1m");
    DurationNs length = seconds(60);
    for (const auto& bucket : kBuckets)
        if (bucket.name == name) length = bucket.length;
    ASTRO_TRY(const auto items,
              query_statistics(store, length, call.time("from"), call.time("to")));
    return net::json_response("{\"bucket\":" + to_json(name) + ",\"items\":" + to_json(items) +
                              "}");
}

std::vector<Parameter> statistics_parameters() {
    std::vector<std::string> names;
    for (const auto& bucket : kBuckets) names.emplace_back(bucket.name);
    return {{.name = "bucket",
             .summary = "length of a bucket",
             .choices = std::move(names),
             .example = "1m"},
            time("from", "not before"),
            time("to", "before")};
}

std::vector<Parameter> with_paging(Parameter first) {
    auto out = paging();
    out.insert(out.begin(), std::move(first));
    return out;
}

}  // namespace

std::string to_cursor(std::string_view list, std::int64_t seq) {
    const auto text = std::string(list) + ":" + std::to_string(seq);
    // FNV-1a: tells a typo from a cursor, guards nothing.
    std::uint32_t check = 0x811C9DC5;
    for (const char c : text) check = (check ^ static_cast<unsigned char>(c)) * 0x01000193;
    return to_base64url(as_bytes(text + ":" + std::to_string(check)));
}

Result<std::int64_t> parse_cursor(std::string_view list, std::string_view text) {
    const auto bad = [] {
        return refusal("bad_cursor", "the cursor is not one this server gave out", "cursor");
    };
    const auto bytes = parse_base64url(text);
    if (!bytes) return bad();
    const std::string plain(bytes->begin(), bytes->end());
    const auto colon = plain.find(':');
    if (colon == std::string::npos) return bad();
    std::int64_t seq = 0;
    std::from_chars(plain.data() + colon + 1, plain.data() + plain.size(), seq);
    if (to_cursor(list, seq) != text) return bad();
    return seq;
}

std::vector<Route> make_routes(store::Store& store, std::function<std::string()> counters) {
    using Handler = Result<Response> (*)(store::Store&, const Call&);
    std::vector<Route> routes;
    const auto get = [&](std::string path, std::string summary, std::vector<Parameter> parameters,
                         JsonDocument answer, Handler handler) {
        routes.push_back(
            {.path = std::move(path),
             .summary = std::move(summary),
             .parameters = std::move(parameters),
             .answers = {{.document = std::move(answer)}},
             .tagged = true,
             .handler = [&store, handler](const Call& call) { return handler(store, call); }});
    };
    const std::string base = "/api/v1/mev/";
    const auto swap_parameters = parameters_of(swap_filters(), paging());
    auto arbitrage_parameters = finding_parameters();
    std::erase_if(arbitrage_parameters, [](const auto& p) { return p.name == "kind"; });
    const auto findings = json_document<FindingPage>();
    const auto swaps = json_document<SwapPage>();
    get(base + "opportunities", "Findings, newest first", finding_parameters(), findings,
        get_opportunities);
    get("/api/opportunities", "Alias of /api/v1/mev/opportunities", finding_parameters(), findings,
        get_opportunities);
    get("/api/arbitrage", "Alias of /api/v1/mev/opportunities?kind=arbitrage",
        std::move(arbitrage_parameters), findings, get_arbitrage);
    get(base + "opportunities/{id}", "One finding",
        {{.name = "id", .summary = "its id", .example = "arb-5nQ7sZ1vT8kJm2xC4bW9yRdLhPfGaEuK-0"}},
        json_document<Finding>(), get_opportunity);
    get(base + "transactions/{signature}", "What happened to a transaction: was I sandwiched?",
        {signature("of the transaction")}, json_document<TransactionAnswer>(), get_transaction);
    get(base + "wallets/{address}", "A wallet as actor and as victim",
        with_paging(address("address", "the wallet")), json_document<WalletAnswer>(), get_wallet);
    get(base + "pools/{address}", "Findings of a pool", with_paging(address("address", "the pool")),
        json_document<PoolAnswer>(), get_pool);
    get(base + "statistics", "Findings over time", statistics_parameters(),
        json_document<StatisticsAnswer>(), get_statistics);
    get(base + "swaps", "Swaps, newest first", swap_parameters, swaps, get_swaps);
    get("/api/swaps", "Alias of /api/v1/mev/swaps", swap_parameters, swaps, get_swaps);
    routes.push_back({.path = base + "counters",
                      .summary = "What decoding could not use, by reason",
                      .answers = {{.document = json_document<solana::DecodeCounters>()}},
                      .blocking = false,
                      .handler = [counters = std::move(counters)](const Call&) -> Result<Response> {
                          return net::json_response(counters());
                      }});
    return routes;
}

std::vector<Channel> make_channels() {
    return {{.stream = "mev.opportunity",
             .aliases = {"mevOpportunity"},
             .summary = "Findings",
             .filters = finding_filters(),
             .data = json_document<Finding>()},
            {.stream = "mev.swap",
             .aliases = {"marketUpdate"},
             .summary = "Swaps",
             .filters = swap_filters(),
             .data = json_document<solana::SwapRow>()},
            {.stream = "mev.slot", .summary = "One a block", .data = json_document<SlotSummary>()},
            {.stream = "mev.leader",
             .aliases = {"validatorUpdate"},
             .summary = "A leader's running totals",
             .filters = {{address("leader", "the leader"), Match::any_of, "leader"}},
             .data = json_document<LeaderTotals>()}};
}

}  // namespace astro::mev
