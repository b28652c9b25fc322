#include "capabilities/devnet/scenario_words.hpp"

#include <charconv>

#include "capabilities/devnet/engine/assets.hpp"
#include "chains/stellar/build/amount.hpp"
#include "chains/stellar/build/text.hpp"
#include "foundation/crypto/sha256.hpp"

namespace astro::devnet {
namespace {

constexpr std::int32_t kPoolFeeBps = 30;

}  // namespace

Words::Words(std::string_view line, std::uint32_t number) : line_(number) {
    line = line.substr(0, line.find('#'));
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
            ++at;
        } else if (line[at] == ',') {
            words_.push_back(line.substr(at++, 1));
        } else {
            const auto end = std::min(line.find_first_of(" \t\r,", at), line.size());
            words_.push_back(line.substr(at, end - at));
            at = end;
        }
    }
}

bool Words::accept(std::string_view word) {
    if (peek() != word || empty()) return false;
    ++at_;
    return true;
}

std::optional<std::string_view> Words::accept_value(std::string_view name) {
    const auto word = peek();
    if (!word.starts_with(name) || word.size() <= name.size() || word[name.size()] != '=')
        return std::nullopt;
    ++at_;
    return word.substr(name.size() + 1);
}

Result<std::string_view> Words::take(std::string_view wanted) {
    if (empty()) return wrong("the line ends where " + std::string(wanted) + " is missing");
    return words_[at_++];
}

Result<std::int64_t> Words::take_amount(std::string_view wanted) {
    ASTRO_TRY(const auto word, take(wanted));
    if (word == "0") return 0;
    if (word == "-1") return -1;  // for what the ledger must refuse
    const auto amount = stellar::parse_amount(word, wanted);
    if (!amount) return wrong(amount.error().text());
    return amount->value();
}

Result<std::int64_t> Words::take_number(std::string_view wanted) {
    ASTRO_TRY(const auto word, take(wanted));
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
    if (error != std::errc{} || end != word.data() + word.size())
        return wrong(std::string(wanted) + " is a whole number");
    return out;
}

Unexpected Words::wrong(std::string message) const {
    const auto word = at_ == 0 ? std::string_view{} : words_[at_ - 1].substr(0, 40);
    return refusal("bad_scenario", std::move(message),
                   "line " + std::to_string(line_) + ", '" + std::string(word) + "'");
}

crypto::Ed25519Key Cast::key_of(std::string_view name) {
    return crypto::Ed25519Key::from_seed(
        crypto::SecretKey(crypto::sha256(as_bytes("scenario " + std::string(name))).view()));
}

xdr::PublicKey Cast::account_of(std::string_view name) {
    return {{key_of(name).public_key().bytes}};
}

void Cast::add_asset(std::string_view code, std::string_view issuer) {
    const auto asset = stellar::parse_asset(
        std::string(code) + ":" + stellar::to_text(account_of(issuer)), "asset");
    if (asset) assets_.insert_or_assign(std::string(code), *asset);
}

std::optional<xdr::Asset> Cast::find_asset(std::string_view text) const {
    if (text == "XLM") return xdr::Asset{};
    const auto at = assets_.find(text);
    return at == assets_.end() ? std::nullopt : std::optional(at->second);
}

Result<xdr::Asset> Cast::take_asset(Words& words) const {
    ASTRO_TRY(const auto word, words.take("an asset"));
    if (const auto asset = find_asset(word)) return *asset;
    return words.wrong("no line before says 'asset " + std::string(word.substr(0, 12)) +
                       " ISSUER'");
}

Result<xdr::LiquidityPoolParameters> Cast::take_pool(Words& words) const {
    ASTRO_TRY(const auto word, words.take("a pool, A/B"));
    const auto middle = word.find('/');
    if (middle == std::string_view::npos) return words.wrong("a pool is written A/B");
    auto a = find_asset(word.substr(0, middle)), b = find_asset(word.substr(middle + 1));
    if (!a || !b) return words.wrong("one of the pool's assets was not declared");
    if (is_before(*b, *a)) std::swap(a, b);
    return xdr::LiquidityPoolParameters{{*a, *b, kPoolFeeBps}};
}

}  // namespace astro::devnet
