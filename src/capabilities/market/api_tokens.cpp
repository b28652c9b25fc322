#include "capabilities/market/api_tokens.hpp"

#include <algorithm>
#include <array>

#include "capabilities/market/defaults.hpp"
#include "capabilities/market/engine/token_registry.hpp"
#include "foundation/base/json.hpp"

namespace astro::market {

struct TokenOnChain {
    std::string chain, address;
    std::int64_t decimals = 0;
};
BOOST_DESCRIBE_STRUCT(TokenOnChain, (), (chain, address, decimals))
/// Names of sources are empty where a source does not have it.
struct Token {
    std::string asset{}, name{};
    bool verified = false;  ///< this program knows it by itself
    std::string logo{};     ///< address of a picture
    std::vector<TokenOnChain> tokens{};
    std::string pyth{}, coingecko{}, binance_spot{}, coinbase{}, kraken{};
    std::vector<std::string> symbols{};  ///< of its series
};
BOOST_DESCRIBE_STRUCT(Token, (),
                      (asset, name, verified, logo, tokens, pyth, coingecko, binance_spot, coinbase,
                       kraken, symbols))
struct TokenList {
    std::vector<Token> tokens;
};
BOOST_DESCRIBE_STRUCT(TokenList, (), (tokens))

namespace {

using gateway::Call;
using Answered = Result<net::Response>;

/// The assets that this program knows by itself; what is not of these has no verified token.
std::vector<Token> known_tokens() {
    std::vector<Token> out;
    for (const auto& token : known_solana_tokens())
        out.push_back({.asset = std::string(token.asset),
                       .name = std::string(token.name),
                       .verified = true,
                       .tokens = {{"solana", to_text(token.mint), token.decimals}}});
    for (auto& token : out)
        if (token.asset == "USDC")
            token.tokens.push_back(
                {"stellar", "USDC:GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN", 7});
    out.push_back({.asset = "XLM",
                   .name = "Stellar Lumens",
                   .verified = true,
                   .tokens = {{"stellar", "native", 7}}});
    out.push_back({.asset = "BTC", .name = "Bitcoin", .verified = true});
    out.push_back({.asset = "ETH", .name = "Ether", .verified = true});
    for (const auto& names : known_assets())
        for (auto& token : out)
            if (token.asset == names.asset) {
                token.pyth = names.pyth;
                token.coingecko = names.coingecko;
                token.binance_spot = names.spot;
                token.coinbase = names.coinbase;
                token.kraken = names.kraken;
            }
    return out;
}

Answered get_tokens(const SeriesView& view, const Call&) {
    TokenList out{known_tokens()};
    for (const auto& info : view.series()) {
        auto at = std::ranges::find(out.tokens, info.base, &Token::asset);
        if (at == out.tokens.end())
            at = out.tokens.insert(out.tokens.end(), {.asset = info.base, .name = info.base});
        at->symbols.push_back(info.symbol);
    }
    for (auto& token : out.tokens) token.logo = "/api/v1/market/logo?asset=" + token.asset;
    return net::json_response(to_json(out));
}

/// A disc with the first letters of the asset, its colour by its name: projects' own marks are
/// theirs, and not ours to hand out.
std::string logo_of(std::string_view asset) {
    constexpr std::array<std::string_view, 8> kColours{"#2f6fde", "#7a4fd0", "#0f8a7e", "#b3561d",
                                                       "#a33a7b", "#4a7a1f", "#c0392b", "#5b6472"};
    std::string letters;
    std::size_t sum = 0;
    for (const char c : asset) {
        sum = sum * 31 + static_cast<unsigned char>(c);
        const bool plain =
            (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain && letters.size() < 3) letters.push_back(c);
    }
    return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label=")" +
           letters + R"("><circle cx="32" cy="32" r="32" fill=")" +
           std::string(kColours[sum % kColours.size()]) +
           R"("/><text x="32" y="40" text-anchor="middle" font-family="sans-serif" )"
           R"(font-weight="600" font-size="22" fill="#fff">)" +
           letters + "</text></svg>";
}

Answered get_logo(const SeriesView&, const Call& call) {
    net::Response response;
    response.headers.add("content-type", "image/svg+xml");
    response.headers.add("cache-control", "public, max-age=86400");
    response.body = logo_of(call.text("asset").value_or("SOL"));
    return response;
}

}  // namespace

void add_token_routes(const RouteMaker& add) {
    add("/tokens", "Assets, what they are on which chain and at which source, and their series", {},
        json_document<TokenList>(), get_tokens);
    add("/logo", "A picture of an asset: its first letters on a disc",
        {{.name = "asset",
          .summary = "An asset; SOL when it is not said",
          .length_max = 64,
          .example = "SOL"}},
        {}, get_logo);
    add.out.back().answers = {{.document = {}, .content_type = "image/svg+xml"}};
}

}  // namespace astro::market
