#include "capabilities/mev/engine/prices.hpp"

#include <algorithm>
#include <limits>

namespace astro::mev {
namespace {

/// Below these an observation's own rounding is worth more than one per cent.
constexpr std::uint64_t kQuoteMin = 1'000;
constexpr std::uint64_t kRawMin = 100;
constexpr std::uint32_t kPruneEvery = 64;

/// a/b < c/d for positive 64-bit terms.
bool ratio_less(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
    return static_cast<UInt128>(a) * d < static_cast<UInt128>(c) * b;
}

/// Drops low bits of both terms alike until each fits 64 bits: at least 63 significant bits stay in
/// the larger one.
void shrink(UInt128& a, UInt128& b) {
    while ((a >> 64) != 0 || (b >> 64) != 0) {
        a >>= 1;
        b >>= 1;
    }
}

std::optional<Lamports> scale(const TokenPrice& price, std::uint64_t magnitude, bool negative) {
    UInt128 lamports = price.lamports;
    UInt128 raw = price.raw;
    shrink(lamports, raw);
    if (raw == 0) return std::nullopt;
    const UInt128 product = lamports * magnitude;
    const UInt128 value = negative ? (product + raw - 1) / raw : product / raw;
    if (value > static_cast<UInt128>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    const auto signed_value = static_cast<std::int64_t>(value);
    return Lamports{negative ? -signed_value : signed_value};
}

std::uint64_t magnitude_of(std::int64_t v) {
    return v < 0 ? 0 - static_cast<std::uint64_t>(v) : static_cast<std::uint64_t>(v);
}

}  // namespace

const Pubkey& wsol_mint() {
    static const Pubkey key = solana::pubkey_literal("So11111111111111111111111111111111111111112");
    return key;
}
const Pubkey& usdc_mint() {
    static const Pubkey key =
        solana::pubkey_literal("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");
    return key;
}
const Pubkey& usdt_mint() {
    static const Pubkey key =
        solana::pubkey_literal("Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB");
    return key;
}

void PriceTable::Book::add(Observation o) {
    ring[count % kObservationsMax] = o;
    ++count;
    if (count == 2 * kObservationsMax) count = kObservationsMax;
}

std::span<const PriceTable::Observation> PriceTable::Book::seen() const {
    return std::span(ring).first(std::min<std::size_t>(count, kObservationsMax));
}

void PriceTable::on_block(const solana::BlockActivity& block) {
    newest_slot_ = std::max(newest_slot_, block.slot.value());
    for (const auto& tx : block.transactions) {
        for (const auto& swap : tx.swaps) {
            const Pubkey* const quotes[kQuotes] = {&wsol_mint(), &usdc_mint(), &usdt_mint()};
            for (std::size_t q = 0; q < kQuotes; ++q) {
                const auto quote = static_cast<Quote>(q);
                const auto slot = block.slot.value();
                if (swap.mint_in == *quotes[q])
                    observe(swap.mint_out, quote, {swap.amount_in, swap.amount_out, slot});
                if (swap.mint_out == *quotes[q])
                    observe(swap.mint_in, quote, {swap.amount_out, swap.amount_in, slot});
            }
        }
    }
    if (++blocks_since_prune_ >= kPruneEvery) prune();
}

void PriceTable::observe(const Pubkey& mint, Quote quote, Observation o) {
    if (mint == wsol_mint() || o.quote < kQuoteMin || o.raw < kRawMin) return;
    auto it = books_.find(mint);
    if (it == books_.end()) {
        if (books_.size() >= config_.mints_max) return;
        it = books_.emplace(mint, Books{}).first;
    }
    auto& book = it->second.by_quote[quote];
    if (!book) book.emplace();
    book->add(o);
}

void PriceTable::prune() {
    blocks_since_prune_ = 0;
    const auto stale = [&](const std::optional<Book>& book) {
        return !book || std::ranges::all_of(book->seen(), [&](const Observation& o) {
            return o.slot + config_.window_slots < newest_slot_;
        });
    };
    std::erase_if(books_, [&](const auto& entry) {
        return std::ranges::all_of(entry.second.by_quote, stale);
    });
}

void PriceTable::drop_slot(Slot slot) {
    for (auto& [mint, books] : books_)
        for (auto& book : books.by_quote) {
            if (!book) continue;
            for (auto& o : book->ring)
                if (o.slot == slot.value()) o = {};
        }
}

std::optional<TokenPrice> PriceTable::median(const Book& book) const {
    struct Weighted {
        Observation o;
        std::uint64_t weight;
    };
    std::array<Weighted, kObservationsMax> usable{};
    std::size_t n = 0;
    UInt128 total = 0;
    TokenPrice price;
    for (const auto& o : book.seen()) {
        if (o.raw == 0 || o.slot + config_.window_slots < newest_slot_) continue;
        const auto age = newest_slot_ > o.slot ? newest_slot_ - o.slot : 0;
        const auto halvings = std::min<std::uint64_t>(age / config_.half_life_slots, 63);
        const auto weight = std::max<std::uint64_t>(o.quote >> halvings, 1);
        usable[n++] = {o, weight};
        total += weight;
        price.slot = std::max(price.slot, Slot{o.slot});
    }
    if (n == 0) return std::nullopt;
    const auto seen = std::span(usable).first(n);
    std::ranges::sort(seen, [](const Weighted& a, const Weighted& b) {
        return ratio_less(a.o.quote, a.o.raw, b.o.quote, b.o.raw);
    });
    UInt128 passed = 0;
    const auto* middle = &seen.back();
    for (const auto& w : seen) {
        passed += w.weight;
        if (passed * 2 >= total) {
            middle = &w;
            break;
        }
    }
    price.lamports = middle->o.quote;
    price.raw = middle->o.raw;
    price.observations = static_cast<std::uint32_t>(n);
    return price;
}

std::optional<TokenPrice> PriceTable::direct(const Pubkey& mint, Quote quote) const {
    const auto it = books_.find(mint);
    if (it == books_.end() || !it->second.by_quote[quote]) return std::nullopt;
    return median(*it->second.by_quote[quote]);
}

std::optional<TokenPrice> PriceTable::price_of(const Pubkey& mint) const {
    if (mint == wsol_mint() || mint.is_zero())
        return TokenPrice{.lamports = 1, .raw = 1, .slot = Slot{newest_slot_}};
    if (auto price = direct(mint, sol)) return price;
    for (const auto quote : {usdc, usdt}) {
        auto price = direct(mint, quote);
        if (!price) continue;
        const auto bridge = direct(quote == usdc ? usdc_mint() : usdt_mint(), sol);
        if (!bridge) continue;
        price->lamports *= bridge->lamports;  // each is one observation's 64-bit amount
        price->raw *= bridge->raw;
        price->bridged = true;
        return price;
    }
    return std::nullopt;
}

std::optional<Lamports> PriceTable::to_lamports(const Pubkey& mint, RawDelta raw) const {
    const auto price = price_of(mint);
    if (!price) return std::nullopt;
    return scale(*price, magnitude_of(raw.value()), raw.value() < 0);
}

std::optional<Lamports> PriceTable::to_lamports(const Pubkey& mint, RawAmount raw) const {
    const auto price = price_of(mint);
    if (!price) return std::nullopt;
    return scale(*price, raw.value(), false);
}

std::optional<RawDelta> PriceTable::from_lamports(const Pubkey& mint, Lamports lamports) const {
    const auto price = price_of(mint);
    if (!price) return std::nullopt;
    const TokenPrice inverse{.lamports = price->raw, .raw = price->lamports};
    const auto raw = scale(inverse, magnitude_of(lamports.value()), lamports.value() < 0);
    return raw ? std::optional(RawDelta{raw->value()}) : std::nullopt;
}

std::optional<MicroUsd> PriceTable::to_micro_usd(Lamports lamports) const {
    for (const auto& coin : {usdc_mint(), usdt_mint()}) {
        const auto price = direct(coin, sol);
        if (!price) continue;
        const TokenPrice inverse{.lamports = price->raw, .raw = price->lamports};
        const auto value = scale(inverse, magnitude_of(lamports.value()), lamports.value() < 0);
        if (value) return MicroUsd{value->value()};
    }
    return std::nullopt;
}

}  // namespace astro::mev
