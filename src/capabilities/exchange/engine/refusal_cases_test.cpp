#include <functional>
#include <map>

#include "capabilities/exchange/engine/venue_test_support.hpp"

/// The shortest way to each refusal: a code without one here fails the test at the end.
namespace astro::exchange {
namespace {

using governance::Choice;
using Code = RefusalCode;

/// Ada has 10,000, Bob a million.
struct Stage : VenueTest {
    void TestBody() override {}

    Events place(auto edit, std::string_view at = "100", std::string_view how_much = "1") {
        PlaceOrder order = limit(ada, Side::buy, at, how_much);
        edit(order);
        return run(order);
    }
    Events buy(std::string_view at = "100", std::string_view how_much = "1") {
        return run(limit(ada, Side::buy, at, how_much));
    }
    Events market_with(auto edit) {
        change(edit);
        return buy();
    }
    void state(MarketState to) {
        change([to](MarketSettings& m) { m.state = to; });
    }
    void venue_with(auto edit) {
        VenueSettings changed = venue.settings();
        ++changed.version;
        edit(changed);
        EXPECT_EQ(outcome(run(SetVenue{changed})), "ok");
    }
    void later(std::int64_t ms) {
        now = TimeMs{now.value() + ms};
        run(Tick{});
    }
    /// Without an audit: for what takes many.
    Events quick(CommandBody body) {
        Events events;
        venue.apply({now, std::move(body)}, events);
        return events;
    }
    OrderId auction() {
        change([](MarketSettings& m) { m.auction_ms = 1'000; });
        const auto opened =
            all<AuctionOpened>(run(PlaceAuction{{.order = limit(ada, Side::buy, "101", "1"),
                                                 .start = price("99"),
                                                 .end = price("101")}}));
        EXPECT_EQ(opened.size(), 1U);
        return opened.empty() ? OrderId{} : opened[0].order;
    }
    Events fill(AccountId account, std::string_view at) {
        FillAuction c{.account = account, .auction = auction()};
        c.price = price(at);
        c.size = size("1");
        return run(c);
    }
    Events request(std::int64_t whole_dollars) {
        return run(RequestWithdrawal{WithdrawalRequest{.account = ada,
                                                       .amount = dollars(whole_dollars),
                                                       .chain = Chain::stellar,
                                                       .address = "GABC"}});
    }
    Events seen(std::int64_t height, std::uint32_t index = 0) {
        return quick(Deposit{
            ada, kUsdc, dollars(1), {.chain = Chain::solana, .height = height, .index = index}});
    }
    /// SOL to borrow: somebody has lent a thousand, of which an account may have 700.
    AccountId lender() {
        AssetSettings asset{.symbol = "SOL", .borrow_enabled = true};
        asset.borrow_account_max = Amount{700 * kBaseUnit};
        run(SetAsset{asset});
        run(SetAssetPrice{sols, price("100")});
        const AccountId id = person(0);
        run(Deposit{id, sols, Amount{1'000 * kBaseUnit}, {}});
        return id;
    }
    Events borrow(AccountId account, std::int64_t count) {
        return run(Withdraw{account, sols, Amount{count * kBaseUnit}});
    }

    /// Votes: Ada and Bob have 500 staked each and are the guardians.
    void govern(bool binds = false) {
        run(SetAsset{default_governance_asset()});
        for (const AccountId who : {ada, bob}) {
            run(Deposit{who, astro, Amount{600'000'000}, {}});
            run(StakeGovernance{who, governance::Power{500'000'000}});
        }
        governance::Settings rules = venue.governance().settings();
        rules.binds = binds;
        rules.quorum_ppm = rules.threshold_ppm = 400'000;
        rules.voting_ms = rules.timelock_ms = 1'000;
        rules.expiry_ms = 10'000;
        rules.cooldown_ms = 5'000;
        rules.deposit = governance::Power{10'000'000};
        rules.proposer_power_min = governance::Power{100'000'000};
        rules.guardians = {{venue.accounts()[ada.value()].owner.bytes},
                           {venue.accounts()[bob.value()].owner.bytes}};
        EXPECT_EQ(outcome(run(SetGovernance{rules})), "ok");
    }
    Events propose(AccountId account, std::string title = "Dearer") {
        Proposition out{std::move(title), "", {}};
        out.action.market = settings();
        out.action.market->taker_fee_ppm = 700;
        return run(Propose{account, out});
    }
    Events vote(AccountId account) {
        return run(VoteOnProposal{account, first, Choice::in_favour});
    }
    /// Through its vote, in its timelock.
    void accept() {
        govern();
        propose(ada);
        vote(ada);
        later(1'000);
    }

    const AssetId sols{1}, astro{1};
    const ProposalId first{1};
    AccountId ada = person(10'000), bob = person(1'000'000);
};

using Cases = std::map<Code, std::function<Events(Stage&)>>;

/// Codes that take too much for a case here, and what tests them.
const std::map<Code, std::string> kElsewhere{
    {Code::too_many_voters, "governance's stakes_test: it takes a million of them"}};

Cases order_cases() {
    return {
        {Code::account_unknown,
         [](Stage& s) { return s.run(CancelOrder{AccountId{99}, OrderId{1}}); }},
        {Code::market_unknown,
         [](Stage& s) { return s.place([](PlaceOrder& o) { o.market = MarketId{7}; }); }},
        {Code::order_unknown, [](Stage& s) { return s.run(CancelOrder{s.ada, OrderId{77}}); }},
        {Code::bad_amount, [](Stage& s) { return s.buy("100", "0"); }},
        {Code::price_not_tick, [](Stage& s) { return s.buy("100.0371"); }},
        {Code::size_not_lot, [](Stage& s) { return s.buy("100", "0.0000001"); }},
        {Code::price_out_of_range,
         [](Stage& s) {
             return s.place(
                 [&](PlaceOrder& o) { o.price = s.settings().price_max + s.settings().tick_size; });
         }},
        {Code::price_out_of_band, [](Stage& s) { return s.buy("500"); }},
        {Code::size_too_large,
         [](Stage& s) {
             return s.place([&](PlaceOrder& o) {
                 o.size = s.settings().order_size_max + s.settings().lot_size;
             });
         }},
        {Code::order_inconsistent,
         [](Stage& s) { return s.place([](PlaceOrder& o) { o.display = size("2"); }); }},
        {Code::expiry_passed,
         [](Stage& s) {
             return s.place([&](PlaceOrder& o) {
                 o.time_in_force = TimeInForce::gtt;
                 o.expires = s.now;
             });
         }},
        {Code::client_id_duplicate,
         [](Stage& s) {
             const auto named = [](PlaceOrder& o) { o.client_id = ClientId("a"); };
             s.place(named, "99");
             return s.place(named, "99");
         }},
        {Code::too_many_orders,
         [](Stage& s) {
             for (std::uint32_t i = 0; i < kOrdersMax; ++i)
                 s.quick(Stage::limit(s.bob, Side::buy, "90", "1"));
             return s.run(Stage::limit(s.bob, Side::buy, "90", "1"));
         }},
        {Code::would_trade,
         [](Stage& s) {
             s.run(Stage::limit(s.bob, Side::sell, "100", "1"));
             return s.place([](PlaceOrder& o) { o.post_only = PostOnly::reject; });
         }},
        {Code::not_fillable,
         [](Stage& s) {
             return s.place([](PlaceOrder& o) { o.time_in_force = TimeInForce::fok; });
         }},
        {Code::nothing_to_reduce,
         [](Stage& s) { return s.place([](PlaceOrder& o) { o.reduce_only = true; }); }},
        {Code::margin_insufficient, [](Stage& s) { return s.buy("100", "5000"); }},
        {Code::would_trigger,
         [](Stage& s) {
             PlaceOrder order = Stage::market(s.ada, Side::sell, "1");
             return s.run(PlaceConditional{WaitingOrder{order, {.price = price("105")}}});
         }},
        {Code::batch_size, [](Stage& s) { return s.run(BatchOrders{OrderBatch{s.ada, {}, {}}}); }},
        {Code::builder_not_allowed,
         [](Stage& s) {
             return s.place([&](PlaceOrder& o) {
                 o.builder = s.bob;
                 o.builder_fee_ppm = 10;
             });
         }},
    };
}

Cases market_cases() {
    return {
        {Code::market_not_open,
         [](Stage& s) {
             return s.market_with([](MarketSettings& m) { m.state = MarketState::halted; });
         }},
        {Code::market_reduce_only,
         [](Stage& s) {
             return s.market_with([](MarketSettings& m) { m.state = MarketState::reduce_only; });
         }},
        {Code::market_gathers,
         [](Stage& s) {
             s.state(MarketState::pre_open);
             return s.run(Stage::market(s.ada, Side::buy, "1"));
         }},
        {Code::market_state, [](Stage& s) { return s.run(SettleMarket{s.sol, {}}); }},
        {Code::no_price,
         [](Stage& s) {
             s.run(SetMarket{default_markets()[1]});
             return s.place([](PlaceOrder& o) { o.market = MarketId{1}; });
         }},
        {Code::oracle_restricts,
         [](Stage& s) {
             s.later(s.settings().oracle_stale_ms + 1);
             return s.buy();
         }},
        {Code::size_too_small,
         [](Stage& s) {
             return s.market_with([](MarketSettings& m) { m.order_size_min = size("2"); });
         }},
        {Code::notional_too_small,
         [](Stage& s) {
             return s.market_with([](MarketSettings& m) { m.order_notional_min = usd(1'000); });
         }},
        {Code::notional_too_large,
         [](Stage& s) {
             s.change([](MarketSettings& m) { m.order_notional_max = usd(1'000); });
             return s.buy("100", "20");
         }},
        {Code::position_too_large,
         [](Stage& s) {
             s.change([](MarketSettings& m) { m.position_max = m.order_size_max = size("5"); });
             s.buy("100", "4");
             return s.buy("100", "2");
         }},
        {Code::open_interest_too_large,
         [](Stage& s) {
             s.change([](MarketSettings& m) {
                 m.open_interest_max = m.position_max = m.order_size_max = size("5");
             });
             const AccountId eve = s.person(10'000), joe = s.person(10'000);
             s.run(Stage::limit(s.bob, Side::sell, "100", "4"));
             s.buy("100", "4");
             s.run(Stage::limit(eve, Side::sell, "100", "2"));
             return s.run(Stage::limit(joe, Side::buy, "100", "2"));
         }},
        {Code::too_many_positions,
         [](Stage& s) {
             Events last;
             for (std::size_t i = 0; i <= kPositionsMax; ++i) {
                 MarketSettings market = default_markets()[1];
                 market.base_asset = "M" + std::to_string(i);
                 market.symbol = market.base_asset + "-PERP";
                 s.quick(SetMarket{market});
                 last =
                     s.run(SetLeverage{s.ada, MarketId{static_cast<std::uint16_t>(i + 1)}, 10'000});
             }
             return last;
         }},
        {Code::no_auction,
         [](Stage& s) {
             s.change([](MarketSettings& m) { m.auction_ms = 0; });
             return s.run(PlaceAuction{{.order = Stage::limit(s.ada, Side::buy, "100", "1")}});
         }},
        {Code::own_auction, [](Stage& s) { return s.fill(s.ada, "0"); }},
        {Code::auction_price, [](Stage& s) { return s.fill(s.bob, "100"); }},
        {Code::positions_open,
         [](Stage& s) {
             MarketSettings changed = s.settings();
             changed.tick_size = Price{changed.tick_size.value() * 10};
             return s.run(SetMarket{changed});
         }},
        {Code::market_changed, [](Stage& s) { return s.run(SetMarket{s.settings(), 99}); }},
    };
}

Cases money_cases() {
    return {
        {Code::asset_unknown,
         [](Stage& s) { return s.run(Deposit{s.ada, AssetId{9}, Amount{1}, {}}); }},
        {Code::balance_insufficient,
         [](Stage& s) { return s.run(Withdraw{s.ada, kUsdc, dollars(10'001)}); }},
        {Code::deposit_cap,
         [](Stage& s) {
             AssetSettings usdc = s.venue.assets()[0].settings;
             usdc.deposit_cap = dollars(1'010'001);
             s.run(SetAsset{usdc});
             return s.run(Deposit{s.ada, kUsdc, dollars(2), {}});
         }},
        {Code::version_conflict,
         [](Stage& s) {
             VenueSettings changed = s.venue.settings();
             changed.version += 2;
             return s.run(SetVenue{changed});
         }},
        {Code::referrer_refused, [](Stage& s) { return s.run(SetReferrer{s.ada, s.ada}); }},
        {Code::too_many_builders,
         [](Stage& s) {
             Events last;
             for (std::size_t i = 0; i <= kBuildersMax; ++i)
                 last = s.run(ApproveBuilder{s.ada, s.person(0), 10});
             return last;
         }},
        {Code::too_many_backstops,
         [](Stage& s) {
             Events last;
             for (std::size_t i = 0; i <= kBackstopsMax; ++i)
                 last = s.run(SetBackstop{s.person(0), usd(1)});
             return last;
         }},
        {Code::shares_insufficient,
         [](Stage& s) { return s.run(RequestUnstakeInsurance{s.ada, 1}); }},
        {Code::unstake_not_requested, [](Stage& s) { return s.run(UnstakeInsurance{s.ada}); }},
        {Code::unstake_requested,
         [](Stage& s) {
             s.run(StakeInsurance{s.ada, usd(10)});
             s.run(RequestUnstakeInsurance{s.ada, 1});
             return s.run(RequestUnstakeInsurance{s.ada, 1});
         }},
        {Code::cooling_down,
         [](Stage& s) {
             s.run(StakeInsurance{s.ada, usd(10)});
             s.run(RequestUnstakeInsurance{s.ada, 1});
             return s.run(UnstakeInsurance{s.ada});
         }},
        {Code::fund_drained,
         [](Stage& s) {
             s.run(StakeInsurance{s.ada, usd(30)});
             const AccountId eve = s.person(110);
             s.run(Stage::limit(s.bob, Side::sell, "100", "20"));
             s.run(Stage::limit(eve, Side::buy, "100", "20"));
             s.run(SetIndexPrice{s.sol, price("90")});
             return s.run(StakeInsurance{s.ada, usd(1)});
         }},
        {Code::treasury_insufficient,
         [](Stage& s) { return s.run(PayTreasury{s.ada, usd(1), 0}); }},
        {Code::borrow_limit,
         [](Stage& s) {
             s.lender();
             return s.borrow(s.bob, 701);
         }},
        {Code::liquidity_insufficient,
         [](Stage& s) {
             const AccountId lender = s.lender();
             s.borrow(s.bob, 700);
             return s.borrow(lender, 301);
         }},
    };
}

Cases transfer_cases() {
    return {
        {Code::observation_known,
         [](Stage& s) {
             s.seen(10);
             return s.seen(10);
         }},
        {Code::observation_too_old,
         [](Stage& s) {
             for (std::uint32_t i = 0; i <= DepositLog::kKeptMax; ++i) s.seen(5 + i / 2, i % 2);
             return s.seen(5);
         }},
        {Code::withdrawals_by_request,
         [](Stage& s) {
             s.venue_with([](VenueSettings& v) { v.instant_withdrawals = false; });
             return s.run(Withdraw{s.ada, kUsdc, dollars(1)});
         }},
        {Code::withdrawal_unknown,
         [](Stage& s) { return s.run(CancelWithdrawal{s.ada, WithdrawalId{7}}); }},
        {Code::withdrawal_state_refused,
         [](Stage& s) {
             s.request(1);
             return s.run(ReportWithdrawal{WithdrawalId{1}, WithdrawalState::confirmed, {}});
         }},
        {Code::withdrawal_limit,
         [](Stage& s) {
             s.venue_with([](VenueSettings& v) { v.withdrawal_daily_max = usd(5); });
             return s.request(6);
         }},
        {Code::too_many_withdrawals,
         [](Stage& s) {
             for (std::uint32_t i = 0; i < kWithdrawalsOfOwnerMax; ++i) s.request(1);
             return s.request(1);
         }},
    };
}

Cases vote_cases() {
    const auto governed = [](auto act) {
        return [act](Stage& s) {
            s.govern();
            return act(s);
        };
    };
    const auto proposed = [](auto act) {
        return [act](Stage& s) {
            s.govern();
            s.propose(s.ada);
            return act(s);
        };
    };
    const auto accepted = [](auto act) {
        return [act](Stage& s) {
            s.accept();
            return act(s);
        };
    };
    return {
        {Code::governed,
         [](Stage& s) {
             s.govern(true);
             return s.run(PayTreasury{s.ada, usd(1), 0});
         }},
        {Code::bad_proposal, governed([](Stage& s) { return s.propose(s.ada, ""); })},
        {Code::stake_insufficient, governed([](Stage& s) {
             return s.run(UnstakeGovernance{s.ada, governance::Power{500'000'001}});
         })},
        {Code::too_many_cooling, governed([](Stage& s) {
             Events last;
             for (std::size_t i = 0; i <= governance::kCoolingMax; ++i) {
                 s.later(1);
                 last = s.run(UnstakeGovernance{s.ada, governance::Power{1}});
             }
             return last;
         })},
        {Code::power_insufficient, governed([](Stage& s) { return s.propose(s.person(1)); })},
        {Code::too_many_proposals, governed([](Stage& s) {
             Events last;
             for (std::size_t i = 0; i <= governance::kOpenOfOneMax; ++i) last = s.propose(s.ada);
             return last;
         })},
        {Code::proposal_unknown, governed([](Stage& s) { return s.vote(s.ada); })},
        {Code::no_voting_power, proposed([](Stage& s) { return s.vote(s.person(1)); })},
        {Code::not_guardian,
         proposed([](Stage& s) { return s.run(VetoProposal{s.person(1), s.first}); })},
        {Code::not_in_timelock,
         proposed([](Stage& s) { return s.run(VetoProposal{s.ada, s.first}); })},
        {Code::not_proposer,
         proposed([](Stage& s) { return s.run(CancelProposal{s.bob, s.first}); })},
        {Code::proposal_over, proposed([](Stage& s) {
             s.run(CancelProposal{s.ada, s.first});
             return s.run(CancelProposal{s.ada, s.first});
         })},
        {Code::not_accepted,
         proposed([](Stage& s) { return s.run(ExecuteProposal{s.ada, s.first}); })},
        {Code::voting_over, accepted([](Stage& s) { return s.vote(s.bob); })},
        {Code::timelock_running,
         accepted([](Stage& s) { return s.run(ExecuteProposal{s.ada, s.first}); })},
        {Code::already_vetoed, accepted([](Stage& s) {
             s.run(VetoProposal{s.ada, s.first});
             return s.run(VetoProposal{s.ada, s.first});
         })},
    };
}

TEST(RefusalCases, EachCodeIsWhatItsShortestCaseIsRefusedFor) {
    Cases cases;
    for (auto part : {order_cases, market_cases, money_cases, transfer_cases, vote_cases})
        cases.merge(part());
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Code>>([&](auto described) {
        const Code code = described.value;
        if (code == Code::none || kElsewhere.contains(code)) return;
        const auto found = cases.find(code);
        ASSERT_NE(found, cases.end()) << described.name << " has no case";
        Stage stage;
        const Events events = found->second(stage);
        EXPECT_EQ(outcome(events), described.name);
        EXPECT_EQ(events.size(), 1U) << described.name << ": nothing else has happened";
    });
}

}  // namespace
}  // namespace astro::exchange
