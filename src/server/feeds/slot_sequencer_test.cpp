#include "server/feeds/slot_sequencer_test_support.hpp"

#include <gtest/gtest.h>

namespace astro::feeds {
namespace {

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

}  // namespace
}  // namespace astro::feeds
