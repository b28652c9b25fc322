#include "chains/stellar/keys/uri.hpp"

#include <algorithm>
#include <charconv>

#include "chains/stellar/build/check.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/percent.hpp"
#include "foundation/net/message.hpp"

namespace astro::stellar {
namespace {

constexpr std::size_t kUriBytesMax = 16U << 10, kMessageMax = 300;
constexpr std::string_view kScheme = "web+stellar:", kSignature = "&signature=";

using Parameters = std::map<std::string, std::string, std::less<>>;

Unexpected bad(std::string where, std::string why) {
    return refusal("bad_uri", std::move(why), std::move(where));
}

Result<Parameters> parse_query(std::string_view query) {
    Parameters out;
    for (std::size_t at = 0; at <= query.size();) {
        const auto end = std::min(query.find('&', at), query.size());
        const auto pair = query.substr(at, end - at);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return bad("", "a parameter is name=value");
        const std::string name(pair.substr(0, equals));
        auto value = net::percent_decode(pair.substr(equals + 1), false);
        if (!value) return bad(name, value.error().message);
        if (!out.emplace(name, std::move(*value)).second) return bad(name, "is there twice");
        at = end + 1;
    }
    return out;
}

/// Takes a parameter out; what is left at the end is unknown.
std::optional<std::string> take(Parameters& from, std::string_view name) {
    const auto found = from.find(name);
    if (found == from.end()) return std::nullopt;
    auto out = std::move(found->second);
    from.erase(found);
    return out;
}

Result<xdr::Memo> parse_memo(const std::string& value, const std::string& type) {
    if (type == "MEMO_TEXT") {
        if (value.size() > kMemoTextBytesMax) return bad("memo", "has more than 28 bytes");
        return xdr::Memo{xdr::MemoType::text, value};
    }
    if (type == "MEMO_ID") {
        std::uint64_t id = 0;
        const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), id);
        if (fault != std::errc{} || end != value.data() + value.size())
            return bad("memo", "is no whole number of 64 bits");
        return xdr::Memo{xdr::MemoType::id, id};
    }
    if (type != "MEMO_HASH" && type != "MEMO_RETURN")
        return bad("memo_type", "is MEMO_TEXT, MEMO_ID, MEMO_HASH or MEMO_RETURN");
    const auto bytes = parse_base64(value);
    if (!bytes || bytes->size() != xdr::Hash::kSize)
        return bad("memo", "is not the base64 of 32 bytes");
    xdr::Hash hash;
    std::ranges::copy(*bytes, hash.bytes.begin());
    return xdr::Memo{type == "MEMO_HASH" ? xdr::MemoType::hash : xdr::MemoType::return_, hash};
}

Result<PayRequest> parse_pay(Parameters& from) {
    PayRequest out;
    const auto destination = take(from, "destination");
    if (!destination) return bad("destination", "is missing");
    ASTRO_TRY(out.destination, parse_address(*destination, "destination"));
    if (const auto amount = take(from, "amount")) {
        ASTRO_TRY(out.amount, parse_amount(*amount, "amount"));
    }
    const auto code = take(from, "asset_code"), issuer = take(from, "asset_issuer");
    if (code.has_value() != issuer.has_value())
        return bad(code ? "asset_issuer" : "asset_code", "is missing beside the other");
    if (code) {
        ASTRO_TRY(out.asset, parse_asset(*code + ":" + *issuer, "asset_code"));
    }
    const auto memo = take(from, "memo"), type = take(from, "memo_type");
    if (memo.has_value() != type.has_value())
        return bad(memo ? "memo_type" : "memo", "is missing beside the other");
    if (memo) {
        ASTRO_TRY(out.memo, parse_memo(*memo, *type));
    }
    return out;
}

Result<SignRequest> parse_sign(Parameters& from) {
    SignRequest out;
    const auto xdr_text = take(from, "xdr");
    if (!xdr_text) return bad("xdr", "is missing");
    ASTRO_TRY(out.envelope, xdr::from_base64<xdr::TransactionEnvelope>(*xdr_text));
    out.replace = take(from, "replace").value_or("");
    out.pubkey = take(from, "pubkey");
    if (out.pubkey && !parse_public_key(*out.pubkey, "pubkey"))
        return bad("pubkey", "is no account, G…");
    out.chain = take(from, "chain");
    return out;
}

bool is_domain(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text.find('.') != std::string_view::npos &&
           std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '.' || c == '-';
           });
}

Result<void> parse_common(Parameters& from, UriRequest& out) {
    out.message = take(from, "msg").value_or("");
    const auto characters =
        std::ranges::count_if(out.message, [](char c) { return (c & 0xC0) != 0x80; });
    if (static_cast<std::size_t>(characters) > kMessageMax)
        return bad("msg", "has more than 300 characters");
    out.network_passphrase = take(from, "network_passphrase").value_or("");
    if (auto callback = take(from, "callback")) {
        constexpr std::string_view kPrefix = "url:";
        if (!callback->starts_with(kPrefix)) return bad("callback", "begins with url:");
        out.callback = callback->substr(kPrefix.size());
        const auto url = net::parse_url(*out.callback);
        if (!url || url->scheme != "https") return bad("callback", "is no https address");
    }
    out.origin_domain = take(from, "origin_domain");
    if (out.origin_domain && !is_domain(*out.origin_domain))
        return bad("origin_domain", "is no domain name");
    if (const auto signature = take(from, "signature")) {
        if (!out.origin_domain) return bad("origin_domain", "is missing beside the signature");
        const auto bytes = parse_base64(*signature);
        if (!bytes || bytes->size() != crypto::Ed25519Signature::kSize)
            return bad("signature", "is not the base64 of 64 bytes");
        out.signature = *bytes;
    }
    return {};
}

void add(std::string& out, std::string_view name, std::string_view value) {
    out.push_back(out.find('?') == std::string::npos ? '?' : '&');
    out.append(name).push_back('=');
    out += percent_encode(value);
}

void add_memo(std::string& out, const xdr::Memo& memo) {
    if (memo.type == xdr::MemoType::none) return;
    std::string_view type = "MEMO_TEXT";
    if (const auto* text = std::get_if<std::string>(&memo.value)) {
        add(out, "memo", *text);
    } else if (const auto* id = std::get_if<std::uint64_t>(&memo.value)) {
        add(out, "memo", std::to_string(*id));
        type = "MEMO_ID";
    } else {
        add(out, "memo", to_base64(xdr::arm_of<xdr::Hash>(memo.value).view()));
        type = memo.type == xdr::MemoType::hash ? "MEMO_HASH" : "MEMO_RETURN";
    }
    add(out, "memo_type", type);
}

std::string text_of(const PayRequest& pay) {
    std::string out = std::string(kScheme) + "pay";
    add(out, "destination", to_text(pay.destination));
    if (pay.amount) add(out, "amount", to_text(*pay.amount));
    if (const auto* issuer = issuer_of(pay.asset)) {
        add(out, "asset_code", code_of(pay.asset));
        add(out, "asset_issuer", to_text(*issuer));
    }
    add_memo(out, pay.memo);
    return out;
}

std::string text_of(const SignRequest& sign) {
    std::string out = std::string(kScheme) + "tx";
    add(out, "xdr", xdr::to_base64(sign.envelope));
    if (!sign.replace.empty()) add(out, "replace", sign.replace);
    if (sign.pubkey) add(out, "pubkey", *sign.pubkey);
    if (sign.chain) add(out, "chain", *sign.chain);
    return out;
}

/// What is signed: 35 zeros and a four, so that it is no transaction, then the link.
Bytes payload_of(std::string_view uri) {
    constexpr std::size_t kZeros = 35;
    Bytes out(kZeros, 0);
    out.push_back(4);
    for (const auto part : {as_bytes("stellar.sep.7 - URI Scheme"), as_bytes(uri)})
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

}  // namespace

Result<UriRequest> parse_uri(std::string_view uri) {
    if (uri.size() > kUriBytesMax) return bad("", "is longer than 16 kB");
    if (!uri.starts_with(kScheme)) return bad("", "a link begins with web+stellar:");
    const auto question = uri.find('?');
    if (question == std::string_view::npos) return bad("", "has no parameters");
    const auto operation = uri.substr(kScheme.size(), question - kScheme.size());
    ASTRO_TRY(auto parameters, parse_query(uri.substr(question + 1)));
    UriRequest out;
    if (operation == "pay") {
        ASTRO_TRY(out.what, parse_pay(parameters));
    } else if (operation == "tx") {
        ASTRO_TRY(out.what, parse_sign(parameters));
    } else {
        return bad("", "asks for neither pay nor tx");
    }
    ASTRO_CHECK(parse_common(parameters, out));
    if (!parameters.empty()) return bad(parameters.begin()->first, "is no parameter of this link");
    return out;
}

std::string to_uri(const UriRequest& request) {
    auto out = std::visit([](const auto& what) { return text_of(what); }, request.what);
    if (request.callback) add(out, "callback", "url:" + *request.callback);
    if (!request.message.empty()) add(out, "msg", request.message);
    if (!request.network_passphrase.empty())
        add(out, "network_passphrase", request.network_passphrase);
    if (request.origin_domain) add(out, "origin_domain", *request.origin_domain);
    if (request.signature) add(out, "signature", to_base64(*request.signature));
    return out;
}

std::string sign_uri(std::string_view uri, const crypto::Ed25519Key& key) {
    std::string out(uri);
    add(out, "signature", to_base64(key.sign(payload_of(uri)).view()));
    return out;
}

bool is_signed_by(std::string_view uri, const xdr::PublicKey& key) {
    const auto at = uri.find(kSignature);
    if (at == std::string_view::npos) return false;
    const auto text = net::percent_decode(uri.substr(at + kSignature.size()), false);
    const auto signature = text ? parse_base64(*text) : Result<Bytes>(Bytes{});
    return signature &&
           crypto::verify_ed25519(key.ed25519.view(), payload_of(uri.substr(0, at)), *signature);
}

}  // namespace astro::stellar
