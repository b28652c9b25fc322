#include "capabilities/mev/synthetic.hpp"

#include <algorithm>
#include <utility>

#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::mev {
namespace {

using synthetic::BlockText;
using synthetic::Random;
using synthetic::Scenario;
using synthetic::World;

std::vector<std::string> names_of(std::span<const std::string_view> names) {
    return {names.begin(), names.end()};
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    return Random(a ^ (b * 0xD6E8FEB86659FD93ULL)).next();
}

solana::Hash hash_of(std::uint64_t seed, std::uint64_t number) {
    return Random(mixed(seed, number)).hash();
}

/// A leader has four slots in a row.
std::string rewards_of(std::uint64_t seed, Slot slot) {
    auto random = Random(mixed(seed ^ 0x1EADE2, slot.value() / 4 % 64));
    const auto leader = random.key();
    const auto lamports = 9'000'000 + mixed(seed, slot.value()) % 60'000'000;
    return "[{\"pubkey\":\"" + to_text(leader) + "\",\"lamports\":" + std::to_string(lamports) +
           ",\"postBalance\":" + std::to_string(4'100'000'000 + lamports) +
           ",\"rewardType\":\"Fee\",\"commission\":null}]";
}

Result<std::vector<std::string>> chosen_variants(const InjectOptions& options) {
    if (options.kind != "sandwich" && options.kind != "liquidation")
        return refusal("bad_variant", "kind must be sandwich or liquidation, not " + options.kind,
                       "kind");
    const auto known = names_of(options.kind == "sandwich" ? synthetic::sandwich_variants()
                                                           : synthetic::liquidation_variants());
    for (const auto& v : options.variants)
        if (std::ranges::find(known, v) == known.end()) {
            std::string list;
            for (const auto& k : known) list += (list.empty() ? "" : ", ") + k;
            return refusal("bad_variant", "no variant \"" + v + "\"; known: " + list, "variants");
        }
    return options.variants.empty() ? known : options.variants;
}

struct Order {
    std::string variant, lookalike;
};

std::vector<Order> orders_of(const InjectOptions& options, const std::vector<std::string>& variants,
                             Random& random) {
    const auto fakes = names_of(options.kind == "sandwich" ? synthetic::sandwich_lookalikes()
                                                           : synthetic::liquidation_lookalikes());
    std::vector<Order> orders;
    for (const auto& variant : variants) {
        for (std::uint32_t i = 0; i < options.count; ++i) orders.push_back({variant, ""});
        for (std::uint32_t i = 0; i < options.lookalikes; ++i)
            orders.push_back({variant, fakes[i % fakes.size()]});
    }
    random.shuffle(orders);
    return orders;
}

Scenario make_case(Random& random, const std::string& kind, const Order& order) {
    World world(random);
    return kind == "sandwich" ? synthetic::make_sandwich(world, order.variant, order.lookalike)
                              : synthetic::make_liquidation(world, order.variant, order.lookalike);
}

}  // namespace

void Injector::start(Scenario scenario) {
    running_.push_back({std::move(scenario), 0, 0});
}

void Injector::write_block(std::string& out, const BlockText& background, std::uint64_t salt,
                           Slot slot, Random& random, std::vector<Truth>& done) {
    std::vector<std::pair<std::size_t, const std::string*>> inserted;
    for (auto& r : running_) {
        const auto& all = r.scenario.transactions;
        auto end = r.next;
        while (end < all.size() && all[end].slot <= r.block) ++end;
        std::vector<std::size_t> places(end - r.next, random.below(background.size() + 1));
        if (!r.scenario.bundled)
            for (auto& p : places) p = random.below(background.size() + 1);
        std::ranges::sort(places);
        for (const auto place : places) inserted.emplace_back(place, &all[r.next++].json);
        ++r.block;
    }
    std::ranges::stable_sort(inserted, {}, [](const auto& i) { return i.first; });
    auto next = inserted.begin();
    bool first = true;
    const auto separate = [&] {
        if (!first) out += ',';
        first = false;
    };
    for (std::size_t i = 0; i <= background.size(); ++i) {
        for (; next != inserted.end() && next->first == i; ++next) {
            separate();
            out += *next->second;
        }
        if (i == background.size()) break;
        separate();
        background.append(out, i, salt);
    }
    std::erase_if(running_, [&](Running& r) {
        if (r.next < r.scenario.transactions.size()) return false;
        r.scenario.truth.slot = slot;
        done.push_back(std::move(r.scenario.truth));
        return true;
    });
}

Result<std::vector<Truth>> inject(std::string background, const InjectOptions& options,
                                  const BlockSink& sink) {
    ASTRO_TRY(const auto variants, chosen_variants(options));
    ASTRO_TRY(const auto block, BlockText::cut(std::move(background)));
    Random random(options.seed);
    const auto orders = orders_of(options, variants, random);
    const auto label = options.kind + " cases in copies of block " +
                       std::to_string(block.slot().value()) + ", seed " +
                       std::to_string(options.seed);
    Injector injector;
    std::vector<Truth> truth;
    std::size_t ordered = 0;
    auto hash = to_text(hash_of(options.seed, 0));
    for (std::uint64_t n = 0; ordered < orders.size() || !injector.idle(); ++n) {
        for (std::uint32_t i = 0; i < options.cases_per_block && ordered < orders.size(); ++i)
            injector.start(make_case(random, options.kind, orders[ordered++]));
        SyntheticBlock made;
        made.slot = Slot{block.slot().value() + n};
        made.parent = Slot{made.slot.value() - 1};
        made.synthetic = label;
        made.blockhash = to_text(hash_of(options.seed, n + 1));
        synthetic::append_head(
            made.json, {made.slot, made.parent, made.blockhash, std::exchange(hash, made.blockhash),
                        std::string(block.rewards()), label,
                        block.time_seconds() + static_cast<std::int64_t>(n * 2 / 5)});
        injector.write_block(made.json, block, n == 0 ? 0 : mixed(options.seed, n), made.slot,
                             random, truth);
        made.json += "]}";
        ASTRO_CHECK(sink(made));
    }
    return truth;
}

SyntheticChain::SyntheticChain(std::vector<BlockText> backgrounds, std::uint64_t seed, Slot last,
                               std::string last_hash)
    : backgrounds_(std::move(backgrounds)),
      seed_(seed),
      random_(seed),
      slot_(last),
      hash_(std::move(last_hash)) {
    ASTRO_ASSERT(!backgrounds_.empty());
    for (const auto& background : backgrounds_) time_ = std::max(time_, background.time_seconds());
}

void SyntheticChain::start_cases() {
    if (random_.chance(45)) {
        Order order{std::string(random_.pick(names_of(synthetic::sandwich_variants()))), ""};
        if (random_.chance(25))
            order.lookalike = random_.pick(names_of(synthetic::sandwich_lookalikes()));
        injector_.start(make_case(random_, "sandwich", order));
    }
    if (random_.chance(20))
        injector_.start(make_case(
            random_, "liquidation",
            {std::string(random_.pick(names_of(synthetic::liquidation_variants()))), ""}));
}

SyntheticBlock SyntheticChain::next_block() {
    completed_.clear();
    const auto& background = backgrounds_[count_++ % backgrounds_.size()];
    SyntheticBlock made;
    made.parent = slot_;
    slot_ = made.slot = Slot{slot_.value() + 1};
    made.blockhash = to_text(hash_of(seed_, made.slot.value()));
    made.synthetic = "copy of block " + std::to_string(background.slot().value()) +
                     " with made-up cases, seed " + std::to_string(seed_);
    start_cases();
    made.json.reserve(4U << 20);
    synthetic::append_head(
        made.json, {made.slot, made.parent, made.blockhash, std::exchange(hash_, made.blockhash),
                    rewards_of(seed_, made.slot), made.synthetic,
                    time_ + static_cast<std::int64_t>(count_ * 2 / 5)});
    injector_.write_block(made.json, background, mixed(seed_, made.slot.value()) | 1, made.slot,
                          random_, completed_);
    made.json += "]}";
    return made;
}

}  // namespace astro::mev
