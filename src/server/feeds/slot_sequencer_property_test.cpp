#include "server/feeds/slot_sequencer_test_support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <random>
#include <set>

// Any interleaving of sources, losses and forks ends on the chain.
namespace astro::feeds {
namespace {

struct Made {
    BlockLink link;
    bool real = true;
};

/// A chain with empty slots and, beside it, blocks that lost.
struct World {
    std::vector<Made> blocks;  ///< in the order they become known, ascending slots, real and not
    std::vector<BlockLink> chain;
    std::set<std::uint64_t> orphan_slots;
};

World make_world(std::mt19937_64& random, int length, int skip_percent, int fork_percent) {
    World world;
    std::uint64_t slot = 1000;
    BlockLink last = link(999, 998);
    const auto chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
    for (int i = 0; i < length; ++i) {
        if (chance(skip_percent)) slot += 1 + random() % (chance(3) ? 60 : 3);
        if (i + 1 < length && chance(fork_percent)) {
            // A loser: in a slot of its own, or in the winner's; sometimes on an older parent.
            const std::size_t back = random() % 3;
            const BlockLink base =
                world.chain.size() > back ? world.chain[world.chain.size() - 1 - back] : last;
            const std::uint64_t own = slot;
            if (chance(60)) ++slot;
            if (base.slot.value() < own) {
                world.blocks.push_back(
                    {link(own, base.slot.value(), "fork" + std::to_string(own), base.hash), false});
                world.orphan_slots.insert(own);
            }
        }
        last = link(slot, last.slot.value(), {}, last.hash);
        world.chain.push_back(last);
        world.blocks.push_back({last, true});
        ++slot;
    }
    return world;
}

/// What a consumer holds after all steps; refuses what the contract rules out.
struct Consumer {
    std::vector<std::uint64_t> chain;
    std::map<std::uint64_t, int> skips, orphans;
    void take(const std::vector<Step>& steps, const std::string& what) {
        for (const Step& step : steps) {
            const std::uint64_t slot = step.first.value();
            switch (step.kind) {
                case Step::Kind::deliver:
                    RC_ASSERT((chain.empty() || chain.back() < slot));
                    RC_ASSERT(step.block.json == "block " + std::to_string(slot) + step.hash);
                    chain.push_back(slot);
                    break;
                case Step::Kind::skipped:
                    ++skips[slot];
                    break;
                case Step::Kind::orphaned:
                    RC_ASSERT((!chain.empty() && chain.back() == slot));
                    chain.pop_back();
                    ++orphans[slot];
                    break;
                default:
                    RC_FAIL("nothing may be lost: " + text({step}) + " " + what);
            }
        }
    }
};

struct Rates {
    int drop, duplicate, fail, deliver, false_absent;
};

/// Runs one world through a sequencer with everything that a network does to messages.
class Simulation {
  public:
    Simulation(World world, std::uint64_t seed, Rates rates, SequencerOptions options)
        : world_(std::move(world)),
          random_(seed),
          rates_(rates),
          options_(options),
          sequencer_(options) {
        sequencer_.start_at(Slot{1000});
    }

    void run() {
        for (int turn = 0; published_ < world_.blocks.size(); ++turn) turn_once();
        rates_ = {0, 0, 0, 100, 0};
        settled_ = true;
        for (int turn = 0; turn < 200'000; ++turn) {
            turn_once();
            if (mail_.empty() && answers_.empty() &&
                consumer_.chain.size() == world_.chain.size() && !sequencer_.held_back())
                break;
        }
    }

    const Consumer& consumer() const { return consumer_; }
    const World& world() const { return world_; }
    SlotSequencer& sequencer() { return sequencer_; }

  private:
    bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }

    void turn_once() {
        now_ = now_ + milliseconds(1 + static_cast<std::int64_t>(random_() % 40));
        if (published_ < world_.blocks.size() && chance(50)) publish();
        if (published_ > 0 && chance(40))
            sequencer_.announce(world_.blocks[published_ - 1].link.slot, now_, milliseconds(30));
        while (!mail_.empty() && chance(60)) deliver_mail();
        if (answers_.size() < 4)
            if (const auto fetch = sequencer_.next_fetch(now_)) answers_.push_back(*fetch);
        if (const auto list = sequencer_.next_list(now_)) lists_.push_back(*list);
        while (!answers_.empty() && chance(50)) answer();
        if (!lists_.empty() && chance(50)) answer_list();
        if (chance(rates_.deliver)) consumer_.take(sequencer_.advance(random_() % 4), "");
        RC_ASSERT(sequencer_.held_blocks() <= options_.window_blocks);
    }

    void publish() {
        const BlockLink& made = world_.blocks[published_++].link;
        if (chance(rates_.drop)) return;
        mail_.push_back(made);
        if (chance(rates_.duplicate)) mail_.push_back(made);
    }

    void give(const BlockLink& made, BlockSource source) {
        BlockObservation block{made.slot, "block " + std::to_string(made.slot.value()) + made.hash,
                               now_, source};
        sequencer_.accept(made, std::move(block), now_);
    }

    void deliver_mail() {
        const std::size_t at = random_() % mail_.size();  // any order
        give(mail_[at], BlockSource::websocket);
        mail_.erase(mail_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void answer() {
        const std::size_t at = random_() % answers_.size();
        const FetchRequest asked = answers_[at];
        answers_.erase(answers_.begin() + static_cast<std::ptrdiff_t>(at));
        if (published_ == 0 || asked.slot > world_.blocks[published_ - 1].link.slot ||
            chance(rates_.fail))
            return sequencer_.answer_not_yet(asked.slot, now_);
        if (chance(rates_.false_absent)) return sequencer_.answer_absent(asked.slot, now_);
        // Unsettled nodes still serve losers; later only the chain.
        const BlockLink* found = nullptr;
        for (std::size_t i = 0; i < published_; ++i)
            if (const Made& made = world_.blocks[i];
                made.link.slot == asked.slot && (made.real || (!settled_ && chance(50))))
                found = &made.link;
        if (!found) return sequencer_.answer_absent(asked.slot, now_);
        give(*found, asked.source);
    }

    void answer_list() {
        const ListRequest asked = lists_.front();
        lists_.erase(lists_.begin());
        if (chance(rates_.fail)) return sequencer_.answer_list_failed(now_);
        std::vector<Slot> slots;
        for (std::size_t i = 0; i < published_; ++i) {
            const Made& made = world_.blocks[i];
            if (made.real && made.link.slot >= asked.first &&
                (asked.limit > 0 ? slots.size() < asked.limit : made.link.slot <= asked.last))
                slots.push_back(made.link.slot);
        }
        sequencer_.answer_list(asked, slots, now_);
    }

    World world_;
    std::mt19937_64 random_;
    Rates rates_;
    SequencerOptions options_;
    SlotSequencer sequencer_;
    TimestampNs now_{0};
    std::size_t published_ = 0;
    bool settled_ = false;
    std::vector<BlockLink> mail_;
    std::vector<FetchRequest> answers_;
    std::vector<ListRequest> lists_;
    Consumer consumer_;
};

void check_chain(const Simulation& simulation) {
    std::vector<std::uint64_t> expected;
    for (const BlockLink& block : simulation.world().chain) expected.push_back(block.slot.value());
    RC_ASSERT(simulation.consumer().chain == expected);
}

RC_GTEST_PROP(SequencingAnyOrder, EveryBlockOnceInOrder, ()) {
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    const Rates rates{*rc::gen::inRange(0, 101), *rc::gen::inRange(0, 50), *rc::gen::inRange(0, 60),
                      *rc::gen::inRange(5, 101), 0};
    SequencerOptions options;
    options.window_blocks = static_cast<std::size_t>(*rc::gen::inRange(2, 40));
    options.absent_answers = *rc::gen::inRange(1, 4);
    const int skip = *rc::gen::inRange(0, 60);
    for (int world = 0; world < 5; ++world) {
        Simulation simulation(make_world(random, *rc::gen::inRange(1, 150), skip, 0), random(),
                              rates, options);
        simulation.run();
        check_chain(simulation);
        // Without forks every empty slot is reported exactly once, and nothing else.
        std::map<std::uint64_t, int> empty;
        std::uint64_t next = 1000;
        for (const BlockLink& block : simulation.world().chain) {
            for (; next < block.slot.value(); ++next) empty[next] = 1;
            ++next;
        }
        RC_ASSERT(simulation.consumer().skips == empty);
        RC_ASSERT(simulation.consumer().orphans.empty());
    }
}

RC_GTEST_PROP(SequencingAnyOrder, ForksEndOnTheChain, ()) {
    std::mt19937_64 random(*rc::gen::arbitrary<std::uint64_t>());
    const Rates rates{*rc::gen::inRange(0, 80), *rc::gen::inRange(0, 50), *rc::gen::inRange(0, 40),
                      *rc::gen::inRange(5, 101), *rc::gen::inRange(0, 20)};
    SequencerOptions options;
    options.window_blocks = static_cast<std::size_t>(*rc::gen::inRange(2, 40));
    options.absent_answers = 1'000'000;  // patience: this property is about order, not giving up
    const int skip = *rc::gen::inRange(0, 40), fork = *rc::gen::inRange(1, 40);
    for (int world = 0; world < 5; ++world) {
        Simulation simulation(make_world(random, *rc::gen::inRange(1, 120), skip, fork), random(),
                              rates, options);
        simulation.run();
        check_chain(simulation);
        for (const auto& [slot, times] : simulation.consumer().skips) RC_ASSERT(times == 1);
    }
}

}  // namespace
}  // namespace astro::feeds
