#include "chains/stellar/horizon/client.hpp"

#include <boost/json.hpp>

#include "chains/stellar/build/text.hpp"
#include "chains/stellar/preflight/preflight.hpp"

namespace astro::stellar {
namespace {

constexpr std::size_t kAccountsMax = 100;
constexpr int kNotFound = 404, kTooMany = 429, kServerError = 500;
constexpr std::size_t kAnswerBytesMax = 4U << 20;

/// "Title: detail" of a problem document.
std::string problem_text(const net::Response& response) {
    boost::system::error_code fault;
    const auto document = boost::json::parse(response.text(), fault);
    const auto* object = fault ? nullptr : document.if_object();
    std::string out;
    for (const auto* name : {"title", "detail"}) {
        const auto* text = object == nullptr ? nullptr : object->if_contains(name);
        if (text == nullptr || !text->is_string()) continue;
        if (!out.empty()) out += ": ";
        out.append(text->get_string().data(), text->get_string().size());
    }
    return out.empty() ? "Horizon answered " + std::to_string(response.status) : out;
}

bool is_json(const net::Response& response) {
    const auto type = response.headers.find("content-type");
    return type && type->find("json") != std::string_view::npos;
}

}  // namespace

Result<std::unique_ptr<HorizonClient>> HorizonClient::connect(std::string_view url,
                                                              std::string_view passphrase,
                                                              net::ClientOptions options) {
    ASTRO_TRY(const auto origin, net::parse_url(url));
    if (origin.scheme != "http" && origin.scheme != "https")
        return refusal("bad_url", "Horizon is asked over http or https", "url");
    options.response_bytes = kAnswerBytesMax;
    ASTRO_TRY(auto http, net::HttpClient::make(origin, options));
    auto base = origin.target.substr(0, origin.target.find('?'));
    while (base.ends_with('/')) base.pop_back();
    std::unique_ptr<HorizonClient> out(
        new HorizonClient(std::move(http), std::move(base), origin.authority()));
    ASTRO_TRY(const auto body, out->get("/"));
    if (!body) return refusal("bad_response", "there is no Horizon at this address", "url");
    ASTRO_TRY(const auto root, parse_root_document(*body));
    if (root.network_passphrase != passphrase)
        return refusal("wrong_network",
                       "this Horizon serves the network \"" + root.network_passphrase +
                           "\", not \"" + std::string(passphrase) + "\"",
                       "network_passphrase");
    return out;
}

Result<std::optional<std::string>> HorizonClient::get(const std::string& path) {
    net::Request request;
    request.target = base_ + path;
    request.headers.set("Host", host_);
    request.headers.set("Accept", "application/json");
    ASTRO_TRY(const auto response, http_->request(request));
    if (response.status == kNotFound) return std::optional<std::string>{};
    if (response.status == kTooMany)
        return limited("rate_limited", "Horizon asks to be asked less often",
                       std::string(response.headers.find("retry-after").value_or("")));
    if (response.status >= kServerError)
        return unavailable("horizon_error", problem_text(response));
    if (response.status != 200) return refusal("horizon_error", problem_text(response));
    if (!is_json(response))
        return refusal("bad_response", "the answer is not JSON: is this address a Horizon's?",
                       "content-type");
    return std::optional(std::string(response.text()));
}

Result<std::optional<AccountView>> HorizonClient::account(const xdr::PublicKey& id) {
    ASTRO_TRY(const auto body, get("/accounts/" + to_text(id)));
    if (!body) return std::optional<AccountView>{};
    ASTRO_TRY(auto account, parse_account_document(*body));
    if (account.id != id)
        return refusal("bad_response", "Horizon answered with another account", "account_id");
    return std::optional(std::move(account));
}

Result<LedgerSummary> HorizonClient::latest_ledger() {
    ASTRO_TRY(const auto body, get("/ledgers?order=desc&limit=1"));
    if (!body) return refusal("bad_response", "Horizon has no ledgers", "ledgers");
    return parse_ledger_page(*body);
}

Result<LedgerView> HorizonClient::view_for(const xdr::TransactionEnvelope& envelope) {
    LedgerView out;
    ASTRO_TRY(const auto ledger, latest_ledger());
    out.sequence = ledger.sequence;
    out.close_time_s = ledger.close_time_s;
    out.base_fee_stroops = ledger.base_fee_stroops;
    out.base_reserve_stroops = ledger.base_reserve_stroops;
    for (const auto& id : accounts_of(envelope)) {
        if (out.accounts.size() >= kAccountsMax) break;
        ASTRO_TRY(auto account_view, account(id));
        out.accounts.emplace(id.ed25519, std::move(account_view));
    }
    return out;
}

}  // namespace astro::stellar
