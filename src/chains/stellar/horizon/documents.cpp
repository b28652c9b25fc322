#include "chains/stellar/horizon/documents.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "chains/stellar/build/amount.hpp"
#include "chains/stellar/build/text.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/time.hpp"

namespace astro::stellar {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t kBytesMax = 4U << 20;

Unexpected bad(std::string where, std::string why) {
    return refusal("bad_response", std::move(why), std::move(where));
}

Result<object> parse_object(std::string_view json) {
    if (json.size() > kBytesMax) return bad("", "Horizon's answer is longer than 4 MB");
    boost::system::error_code fault;
    auto parsed = boost::json::parse(json, fault);
    if (fault || !parsed.is_object()) return bad("", "Horizon's answer is no JSON object");
    return std::move(parsed.as_object());
}

std::string_view view_of(const boost::json::string& text) {
    return {text.data(), text.size()};
}

Result<std::string_view> text_of(const object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    if (found == nullptr || !found->is_string())
        return bad(std::string(name), "Horizon's answer has no such text");
    return view_of(found->get_string());
}

/// A whole number, whether written as number or as text.
Result<std::int64_t> number_of(const object& from, std::string_view name) {
    const auto* found = from.if_contains(name);
    if (found != nullptr && found->is_int64()) return found->get_int64();
    if (found != nullptr && found->is_string()) {
        const auto text = view_of(found->get_string());
        std::int64_t out = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (fault == std::errc{} && end == text.data() + text.size()) return out;
    }
    return bad(std::string(name), "Horizon's answer has no such whole number");
}

Result<std::uint32_t> count_of(const object& from, std::string_view name) {
    ASTRO_TRY(const auto number, number_of(from, name));
    if (number < 0 || number > UINT32_MAX) return bad(std::string(name), "is no 32-bit count");
    return static_cast<std::uint32_t>(number);
}

/// 0 where older versions of Horizon leave it out.
Result<std::uint32_t> count_or_none(const object& from, std::string_view name) {
    if (!from.contains(name)) return std::uint32_t{0};
    return count_of(from, name);
}

Result<std::int64_t> amount_of(const object& from, std::string_view name) {
    ASTRO_TRY(const auto text, text_of(from, name));
    const auto amount = parse_amount(text, name);
    if (!amount) return bad(std::string(name), amount.error().message);
    return amount->value();
}

bool is_true(const object& from, std::string_view name, bool otherwise) {
    const auto* found = from.if_contains(name);
    return found != nullptr && found->is_bool() ? found->get_bool() : otherwise;
}

Result<void> read_native(const object& from, AccountView& out) {
    ASTRO_TRY(out.balance, amount_of(from, "balance"));
    ASTRO_TRY(out.buying_liabilities, amount_of(from, "buying_liabilities"));
    ASTRO_TRY(out.selling_liabilities, amount_of(from, "selling_liabilities"));
    return {};
}

Result<TrustLine> read_line(const object& from) {
    TrustLine out;
    ASTRO_TRY(const auto code, text_of(from, "asset_code"));
    ASTRO_TRY(const auto issuer, text_of(from, "asset_issuer"));
    ASTRO_TRY(out.asset, parse_asset(std::string(code) + ":" + std::string(issuer), "asset_code"));
    ASTRO_TRY(out.balance, amount_of(from, "balance"));
    ASTRO_TRY(out.limit, amount_of(from, "limit"));
    ASTRO_TRY(out.buying_liabilities, amount_of(from, "buying_liabilities"));
    ASTRO_TRY(out.selling_liabilities, amount_of(from, "selling_liabilities"));
    out.is_authorized = is_true(from, "is_authorized", true);
    out.may_keep_offers =
        out.is_authorized || is_true(from, "is_authorized_to_maintain_liabilities", false);
    return out;
}

Result<void> read_balances(const object& from, AccountView& out) {
    const auto* balances = from.if_contains("balances");
    if (balances == nullptr || !balances->is_array())
        return bad("balances", "Horizon's answer has no such list");
    for (const auto& item : balances->get_array()) {
        if (!item.is_object()) return bad("balances", "has an item that is no object");
        ASTRO_TRY(const auto type, text_of(item.get_object(), "asset_type"));
        if (type == "native") {
            ASTRO_CHECK(read_native(item.get_object(), out));
        } else if (type != "liquidity_pool_shares") {
            ASTRO_TRY(auto line, read_line(item.get_object()));
            out.lines.push_back(std::move(line));
        }
    }
    return {};
}

Result<void> read_signers(const object& from, AccountView& out) {
    const auto* signers = from.if_contains("signers");
    if (signers == nullptr || !signers->is_array())
        return bad("signers", "Horizon's answer has no such list");
    const xdr::SignerKey master{xdr::SignerKeyType::ed25519, out.id.ed25519};
    for (const auto& item : signers->get_array()) {
        if (!item.is_object()) return bad("signers", "has an item that is no object");
        ASTRO_TRY(const auto key, text_of(item.get_object(), "key"));
        ASTRO_TRY(auto signer, parse_signer(key, "signers"));
        if (signer != master) out.signers.push_back(std::move(signer));
    }
    return {};
}

std::uint32_t flags_of(const object& from) {
    const auto* flags = from.if_contains("flags");
    if (flags == nullptr || !flags->is_object()) return 0;
    const auto& set = flags->get_object();
    return (is_true(set, "auth_required", false) ? 1U : 0U) |
           (is_true(set, "auth_revocable", false) ? 2U : 0U) |
           (is_true(set, "auth_immutable", false) ? 4U : 0U) |
           (is_true(set, "auth_clawback_enabled", false) ? 8U : 0U);
}

void read_data(const object& from, AccountView& out) {
    const auto* data = from.if_contains("data");
    if (data == nullptr || !data->is_object()) return;
    for (const auto& [name, content] : data->get_object()) {
        out.data_names.emplace(name.data(), name.size());
        // SEP-29: a data entry "config.memo_required" of "1".
        if (name == "config.memo_required" && content.is_string() && content.get_string() == "MQ==")
            out.requires_memo = true;
    }
}

}  // namespace

Result<AccountView> parse_account_document(std::string_view json) {
    ASTRO_TRY(const auto from, parse_object(json));
    AccountView out;
    ASTRO_TRY(const auto id, text_of(from, "account_id"));
    ASTRO_TRY(out.id, parse_public_key(id, "account_id"));
    ASTRO_TRY(out.sequence, number_of(from, "sequence"));
    ASTRO_TRY(out.subentries, count_of(from, "subentry_count"));
    ASTRO_TRY(out.sponsoring, count_or_none(from, "num_sponsoring"));
    ASTRO_TRY(out.sponsored, count_or_none(from, "num_sponsored"));
    out.flags = flags_of(from);
    ASTRO_CHECK(read_balances(from, out));
    ASTRO_CHECK(read_signers(from, out));
    read_data(from, out);
    return out;
}

Result<HorizonRoot> parse_root_document(std::string_view json) {
    ASTRO_TRY(const auto from, parse_object(json));
    HorizonRoot out;
    ASTRO_TRY(out.network_passphrase, text_of(from, "network_passphrase"));
    ASTRO_TRY(out.version, text_of(from, "horizon_version"));
    return out;
}

Result<LedgerSummary> parse_ledger_page(std::string_view json) {
    ASTRO_TRY(const auto page, parse_object(json));
    const auto* embedded = page.if_contains("_embedded");
    const auto* records = embedded != nullptr && embedded->is_object()
                              ? embedded->get_object().if_contains("records")
                              : nullptr;
    if (records == nullptr || !records->is_array() || records->get_array().empty() ||
        !records->get_array()[0].is_object())
        return bad("_embedded.records", "Horizon's answer has no ledger");
    const auto& ledger = records->get_array()[0].get_object();
    LedgerSummary out;
    ASTRO_TRY(out.sequence, count_of(ledger, "sequence"));
    ASTRO_TRY(out.base_fee_stroops, count_of(ledger, "base_fee_in_stroops"));
    ASTRO_TRY(out.base_reserve_stroops, number_of(ledger, "base_reserve_in_stroops"));
    if (out.base_reserve_stroops < 0) return bad("base_reserve_in_stroops", "is negative");
    ASTRO_TRY(const auto closed_at, text_of(ledger, "closed_at"));
    const auto closed = parse_iso8601(closed_at);
    if (!closed || closed->value() < 0) return bad("closed_at", "is no time");
    out.close_time_s = static_cast<std::uint64_t>(closed->value() / 1'000'000'000);
    return out;
}

}  // namespace astro::stellar
