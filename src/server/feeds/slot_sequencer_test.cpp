#include "server/feeds/slot_sequencer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <random>

namespace astro::feeds {
namespace {

BlockLink link(std::uint64_t slot, std::uint64_t parent, std::string hash = {},
               std::string parent_hash = {}) {
    if (hash.empty()) hash = "h" + std::to_string(slot);
    if (parent_hash.empty()) parent_hash = "h" + std::to_string(parent);
    return {Slot{slot}, Slot{parent}, std::move(hash), std::move(parent_hash)};
}

BlockObservation bytes(std::uint64_t slot, BlockSource source = BlockSource::websocket) {
    return {Slot{slot}, "block " + std::to_string(slot), TimestampNs{0}, source};
}

/// Steps as a line of text: "+7" delivered, "_8" skipped, "-7" orphaned, "lost 3..5".
std::string text(const std::vector<Step>& steps) {
    std::string out;
    for (const Step& step : steps) {
        if (!out.empty()) out += ' ';
        const std::string first = std::to_string(step.first.value());
        const std::string range = first + ".." + std::to_string(step.last.value());
        switch (step.kind) {
            case Step::Kind::deliver:
                out += "+" + first;
                break;
            case Step::Kind::skipped:
                out += "_" + first;
                break;
            case Step::Kind::orphaned:
                out += "-" + first;
                break;
            case Step::Kind::lost:
                out += "lost " + range;
                break;
            case Step::Kind::broken:
                out += "broken " + range;
                break;
        }
    }
    return out;
}

class Sequencing : public ::testing::Test {
  protected:
    std::string give(std::uint64_t slot, std::uint64_t parent, std::string hash = {},
                     std::string parent_hash = {}) {
        verdict = sequencer.accept(link(slot, parent, std::move(hash), std::move(parent_hash)),
                                   bytes(slot), now);
        return text(sequencer.advance(100));
    }
    std::string fetches() {
        std::string out;
        while (const auto fetch = sequencer.next_fetch(now))
            out += (out.empty() ? "" : " ") + std::to_string(fetch->slot.value()) +
                   (fetch->source == BlockSource::backfill ? "b" : "p");
        return out;
    }
    std::string advance() { return text(sequencer.advance(100)); }

    SlotSequencer sequencer{SequencerOptions{}};
    TimestampNs now{1'000'000'000};
    Verdict verdict = Verdict::kept;
};

TEST_F(Sequencing, DeliversAChainInOrderAndNamesTheEmptySlots) {
    sequencer.start_at(Slot{10});
    EXPECT_EQ(give(10, 9), "+10");
    EXPECT_EQ(give(11, 10), "+11");
    EXPECT_EQ(give(14, 11), "_12 _13 +14");
}

TEST_F(Sequencing, HoldsABlockUntilItsParentCame) {
    sequencer.start_at(Slot{10});
    EXPECT_EQ(give(10, 9), "+10");
    EXPECT_EQ(give(13, 12), "");
    EXPECT_EQ(fetches(), "11b 12b");
    EXPECT_EQ(give(12, 10), "_11 +12 +13");
    EXPECT_EQ(sequencer.counts().gaps_found, 1U);
    EXPECT_EQ(sequencer.counts().gaps_filled, 1U);
}

TEST_F(Sequencing, DoesNotAskForSlotsThatTheChainSaysAreEmpty) {
    sequencer.start_at(Slot{10});
    EXPECT_EQ(give(10, 9), "+10");
    EXPECT_EQ(give(15, 12), "");
    EXPECT_EQ(fetches(), "11b 12b");  // not 13, 14
}

TEST_F(Sequencing, GivesTheOtherSourceItsGraceAtTheTip) {
    sequencer.start_at(Slot{10});
    EXPECT_EQ(give(10, 9), "+10");
    sequencer.announce(Slot{11}, now, milliseconds(50));
    EXPECT_EQ(fetches(), "");
    EXPECT_EQ(sequencer.next_due(), now + milliseconds(50));
    now = now + milliseconds(50);
    EXPECT_EQ(fetches(), "11p");
    EXPECT_EQ(fetches(), "") << "asked once";
}

TEST_F(Sequencing, AMissingParentIsAskedForWithoutGrace) {
    sequencer.start_at(Slot{10});
    give(10, 9);
    sequencer.announce(Slot{12}, now, seconds(1));
    EXPECT_EQ(give(12, 11), "");
    EXPECT_EQ(fetches(), "11b");
}

TEST_F(Sequencing, AnotherChainTakesBackWhatItDoesNotContain) {
    sequencer.start_at(Slot{10});
    give(10, 9);
    give(11, 10);
    give(12, 11);
    EXPECT_EQ(give(13, 10), "-12 -11 +13");
    EXPECT_EQ(sequencer.counts().forks, 2U);
}

TEST_F(Sequencing, ADifferentBlockInTheSameSlotIsFetchedAgain) {
    sequencer.start_at(Slot{10});
    give(10, 9);
    EXPECT_EQ(give(11, 10, "wrong"), "+11");
    EXPECT_EQ(give(12, 11, "h12", "right"), "-11");
    EXPECT_EQ(fetches(), "11b");
    EXPECT_EQ(give(11, 10, "right"), "+11 +12");
}

TEST_F(Sequencing, ABlockTakenBackIsNotTakenAgainUnlessSomethingBuildsOnIt) {
    SequencerOptions options;
    options.absent_answers = 2;
    sequencer = SlotSequencer{options};
    sequencer.start_at(Slot{10});
    give(10, 9);
    give(11, 10, "wrong");
    EXPECT_EQ(give(12, 11, "h12", "right"), "-11");
    EXPECT_EQ(give(11, 10, "wrong"), "");
    EXPECT_EQ(verdict, Verdict::orphaned_before);
    EXPECT_EQ(give(11, 10, "wrong"), "broken 11..11 +12") << "the source has no other";
}

TEST_F(Sequencing, TheOldForkMayWinAfterAll) {
    sequencer.start_at(Slot{10});
    give(10, 9);
    give(11, 10);
    EXPECT_EQ(give(12, 10), "-11 +12");
    EXPECT_EQ(give(13, 11), "-12");
    EXPECT_EQ(fetches(), "11b");
    EXPECT_EQ(give(11, 10), "+11 +13");
}

TEST_F(Sequencing, DuplicatesAndLateBlocksAreCountedNotDelivered) {
    sequencer.start_at(Slot{10});
    give(10, 9);
    give(12, 10);
    EXPECT_EQ(give(12, 10), "");
    EXPECT_EQ(verdict, Verdict::duplicate);
    EXPECT_EQ(give(11, 10), "");
    EXPECT_EQ(verdict, Verdict::late);
    EXPECT_EQ(give(9, 8), "");
    EXPECT_EQ(verdict, Verdict::late);
}

TEST_F(Sequencing, AParentThatIsNotBeforeItsChildIsMalformed) {
    sequencer.start_at(Slot{10});
    EXPECT_EQ(give(10, 10), "");
    EXPECT_EQ(verdict, Verdict::malformed);
    EXPECT_EQ(give(10, 9), "+10");
}

TEST_F(Sequencing, ResumesBehindTheCursor) {
    sequencer.resume_after(Slot{10}, "h10");
    sequencer.announce(Slot{12}, now, milliseconds(0));
    EXPECT_EQ(fetches(), "11p 12p");
    EXPECT_EQ(give(12, 11), "");
    EXPECT_EQ(give(11, 10), "+11 +12");
}

TEST_F(Sequencing, TheCursorsOwnBlockMayHaveBeenOrphaned) {
    sequencer.resume_after(Slot{10}, "h10");
    EXPECT_EQ(give(11, 9), "-10 +11");
}

TEST_F(Sequencing, AWideGapIsListedFirst) {
    sequencer.resume_after(Slot{1000}, "h1000");
    sequencer.announce(Slot{1100}, now, milliseconds(0));
    EXPECT_EQ(fetches(), "");
    const auto list = sequencer.next_list(now);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->first, Slot{1001});
    EXPECT_EQ(list->last, Slot{1100});
    EXPECT_FALSE(sequencer.next_list(now)) << "one at a time";
    sequencer.answer_list(*list, {Slot{1050}, Slot{1100}}, now);
    EXPECT_EQ(fetches(), "1050b 1100b");
    EXPECT_EQ(give(1100, 1050), "");
    const std::string steps = give(1050, 1000);
    EXPECT_NE(steps.find("_1001 "), std::string::npos);
    EXPECT_EQ(steps.substr(steps.size() - 5), "+1100");
    EXPECT_EQ(sequencer.counts().gaps_found, 1U);
    EXPECT_EQ(sequencer.counts().gaps_filled, 1U);
}

TEST_F(Sequencing, AListSaysNothingOfSlotsThatAForkReopened) {
    SequencerOptions options;
    options.absent_answers = 1;
    sequencer = SlotSequencer{options};
    sequencer.resume_after(Slot{1000}, "h1000");
    sequencer.announce(Slot{1020}, now, milliseconds(0));
    const auto list = sequencer.next_list(now);
    ASSERT_TRUE(list);
    sequencer.answer_list(*list, {Slot{1016}, Slot{1017}, Slot{1018}, Slot{1020}}, now);
    give(1016, 1000);
    give(1017, 1016);
    give(1018, 1017);
    EXPECT_EQ(give(1020, 1017, "h1020", "other"), "-1018 -1017");
    EXPECT_EQ(fetches(), "1017b") << "its list entry was for the block taken back";
    EXPECT_EQ(give(1017, 1016, "other"), "+1017 _1019 +1020");
}

TEST_F(Sequencing, AMissingParentDoesNotCostTheBlocksBeforeIt) {
    SequencerOptions options;
    options.absent_answers = 1;
    sequencer = SlotSequencer{options};
    sequencer.start_at(Slot{10});
    give(10, 9);
    EXPECT_EQ(give(14, 13), "");
    EXPECT_EQ(fetches(), "11b 12b 13b");
    sequencer.answer_absent(Slot{13}, now);
    EXPECT_EQ(advance(), "") << "12 may still come";
    sequencer.answer_absent(Slot{11}, now);
    EXPECT_EQ(give(12, 10), "_11 +12 broken 13..13 +14");
}

TEST_F(Sequencing, ThirtyMillionEmptySlotsCostOneList) {
    SequencerOptions options;
    options.absent_answers = 1;
    sequencer = SlotSequencer{options};
    sequencer.resume_after(Slot{254'170'887}, "h254170887");
    EXPECT_EQ(give(285'000'037, 285'000'036), "");
    EXPECT_EQ(fetches(), "");
    const auto list = sequencer.next_list(now);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->limit, 10'001U);
    sequencer.answer_list(*list, {Slot{285'000'037}}, now);
    EXPECT_EQ(fetches(), "");
    EXPECT_EQ(advance(), "broken 254170888..285000036 +285000037");
}

TEST_F(Sequencing, AGapBeyondTheLimitIsLostUpToTheLimit) {
    SequencerOptions options;
    options.backfill_slots_max = 20;
    sequencer = SlotSequencer{options};
    sequencer.resume_after(Slot{100}, "h100");
    sequencer.announce(Slot{200}, now, milliseconds(0));
    const auto list = sequencer.next_list(now);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->limit, 21U);
    std::vector<Slot> full;
    for (std::uint64_t slot = 101; slot <= 121; ++slot) full.push_back(Slot{slot});
    sequencer.answer_list(*list, full, now);
    EXPECT_EQ(advance(), "lost 101..180");
    const auto rest = sequencer.next_list(now);
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->first, Slot{181});
    EXPECT_EQ(rest->last, Slot{200});
}

TEST_F(Sequencing, WhatTheNodeCleanedUpIsLost) {
    sequencer.resume_after(Slot{100}, "h100");
    sequencer.announce(Slot{105}, now, milliseconds(0));
    EXPECT_EQ(fetches(), "101p 102p 103p 104p 105p");
    sequencer.answer_gone(Slot{104});
    EXPECT_EQ(advance(), "lost 101..103");
    EXPECT_EQ(give(104, 103), "+104");
    EXPECT_EQ(give(105, 104), "+105");
}

TEST_F(Sequencing, AParentNobodyHasBreaksTheChainAfterSoManyAnswers) {
    sequencer.start_at(Slot{10});
    give(10, 9);
    EXPECT_EQ(give(12, 11), "");
    for (int answer = 0; answer < 3; ++answer) {
        EXPECT_EQ(advance(), "");
        EXPECT_EQ(fetches(), "11b");
        sequencer.answer_absent(Slot{11}, now);
        EXPECT_EQ(fetches(), "") << "not before it is due";
        if (answer < 2) {
            ASSERT_TRUE(sequencer.next_due());
            now = *sequencer.next_due();
        }
    }
    EXPECT_EQ(advance(), "broken 11..11 +12");
}

TEST_F(Sequencing, RoomLimitsDeliveriesAndNothingElse) {
    sequencer.start_at(Slot{10});
    for (std::uint64_t slot = 10; slot < 15; ++slot)
        sequencer.accept(link(slot, slot - 1), bytes(slot), now);
    EXPECT_EQ(text(sequencer.advance(0)), "");
    EXPECT_EQ(text(sequencer.advance(2)), "+10 +11");
    EXPECT_EQ(text(sequencer.advance(9)), "+12 +13 +14");
}

TEST_F(Sequencing, HoldsNoMoreThanItsWindow) {
    SequencerOptions options;
    options.window_blocks = 4;
    sequencer = SlotSequencer{options};
    sequencer.start_at(Slot{10});
    for (std::uint64_t slot = 11; slot < 15; ++slot) give(slot, slot - 1);
    EXPECT_EQ(sequencer.held_blocks(), 4U);
    give(15, 14);
    EXPECT_EQ(verdict, Verdict::beyond_window);
    EXPECT_EQ(fetches(), "10b") << "in a full window only what is below";
    EXPECT_EQ(give(10, 9), "+10 +11 +12 +13");
    EXPECT_EQ(fetches(), "14p 15p");
}

TEST_F(Sequencing, AForkDeeperThanTheHistoryIsRefused) {
    SequencerOptions options;
    options.history = 3;
    sequencer = SlotSequencer{options};
    sequencer.start_at(Slot{10});
    for (std::uint64_t slot = 10; slot < 20; ++slot) give(slot, slot - 1);
    EXPECT_EQ(give(20, 12), "");
    EXPECT_EQ(sequencer.counts().malformed, 1U);
    EXPECT_EQ(give(20, 19), "+20");
}

TEST_F(Sequencing, AFailingListIsAskedAgainLaterThenSlotBySlot) {
    sequencer.resume_after(Slot{100}, "h100");
    sequencer.announce(Slot{130}, now, milliseconds(0));
    for (int failure = 0; failure < 3; ++failure) {
        ASSERT_TRUE(sequencer.next_list(now));
        sequencer.answer_list_failed(now);
        EXPECT_FALSE(sequencer.next_list(now));
        now = now + seconds(1);
    }
    EXPECT_FALSE(sequencer.next_list(now));
    ASSERT_TRUE(sequencer.next_fetch(now));
}

// ---- any interleaving ---------------------------------------------------------------------------

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
