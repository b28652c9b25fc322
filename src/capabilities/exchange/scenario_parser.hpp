#pragma once

#include <map>
#include <string>
#include <vector>

#include "capabilities/exchange/scenario.hpp"
#include "capabilities/exchange/scenario_text.hpp"

/// From the text of a scenario to its steps. Ids are known on the way, since the venue gives them
/// out in order.
namespace astro::exchange {

class ScenarioParser {
  public:
    ScenarioParser();
    [[nodiscard]] Result<void> line(Words words);
    [[nodiscard]] Scenario finish() && { return std::move(scenario_); }

  private:
    struct Listed {
        MarketId id{};
        MarketSettings settings;
    };
    struct Asset {
        AssetId id{};
        AssetSettings settings;
        Price price{};
    };

    // scenario_parse.cpp: what is said of the venue and of accounts.
    [[nodiscard]] Result<void> command(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> market(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> asset(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> account(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> index(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> price(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> time(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> settle(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> of_account(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> money(Words& words, ScenarioStep& step, std::string_view verb);
    [[nodiscard]] Result<void> leverage(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> dead_man(Words& words, ScenarioStep& step);
    [[nodiscard]] MarketSettings market_settings(std::string_view symbol) const;
    [[nodiscard]] Result<AccountId> take_account(Words& words);
    [[nodiscard]] Result<MarketId> take_market(Words& words);
    [[nodiscard]] Result<Asset*> take_asset(Words& words);
    [[nodiscard]] Result<Price> take_price(Words& words, std::string_view name);
    [[nodiscard]] Result<TimeMs> later(const Words& words, std::string_view text) const;

    // scenario_parse_money.cpp: fees, funds, deposits and withdrawals.
    [[nodiscard]] Result<void> venue(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> treasury(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> withdrawal(Words& words, ScenarioStep& step);
    /// Whether the verb is one of these.
    [[nodiscard]] Result<bool> of_money(Words& words, ScenarioStep& step, std::string_view verb);
    [[nodiscard]] Result<void> request(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> uninsure(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<Observation> observation(Words& words);
    [[nodiscard]] Result<void> tier(const Words& words, std::string_view word);

    // scenario_parse_orders.cpp
    struct OrderText {
        PlaceOrder order{};
        std::optional<Trigger> stop{}, take{};
        TriggerSource source = TriggerSource::mark;
        std::optional<Price> peg{};  ///< its offset
        AuctionOrder offered{};      ///< the prices of its auction
        bool has_source = false, bracket = false, auction = false;
    };
    [[nodiscard]] Result<void> order(Words& words, ScenarioStep& step, Side side);
    /// From the size on.
    [[nodiscard]] Result<OrderText> order_text(Words& words, PlaceOrder begin);
    [[nodiscard]] Result<void> option(Words& words, OrderText& out);
    [[nodiscard]] Result<void> value_option(const Words& words, OrderText& out,
                                            std::string_view name, std::string_view value);
    [[nodiscard]] Result<CommandBody> command_of(Words& words, const OrderText& text);
    [[nodiscard]] Result<void> cancel(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> amend(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> batch(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> fill(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<BatchAction> batch_action(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<ClientId> label(const Words& words, std::string_view text) const;

    // scenario_parse_governance.cpp
    /// A proposal, and what was in force when it was made.
    struct Suggested {
        ProposalId id{};
        ProposalAction action{};
        std::optional<MarketSettings> market{};
        governance::Settings rules{};
        VenueSettings venue{};
    };
    [[nodiscard]] Result<void> set_governance(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> governance_settings(Words& words, governance::Settings& settings);
    [[nodiscard]] Result<const Asset*> voting_asset(const Words& words) const;
    [[nodiscard]] Result<void> stake(Words& words, ScenarioStep& step, std::string_view verb);
    [[nodiscard]] Result<void> delegate(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> propose(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<ProposalAction> action(Words& words);
    [[nodiscard]] Result<const Suggested*> take_proposal(Words& words) const;
    [[nodiscard]] Result<void> vote(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<void> about_proposal(Words& words, ScenarioStep& step,
                                              std::string_view verb);
    void carry_out(const Suggested& proposal);
    /// False when the words are about something else.
    [[nodiscard]] Result<bool> governance_check(Words& words, Check& check);

    // scenario_parse_checks.cpp
    [[nodiscard]] Result<void> outcomes(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<Check> outcome(Words& words, const ScenarioStep& step);
    [[nodiscard]] Result<void> refused(Words& words, const ScenarioStep& step, Check& check);
    [[nodiscard]] Result<void> item(Words& words, const ScenarioStep& step, Check& check);
    [[nodiscard]] Result<void> named(Words& words, Check& check);
    [[nodiscard]] Result<std::string> size_at_price(Words& words);
    [[nodiscard]] Result<void> expect(Words& words, ScenarioStep& step);
    [[nodiscard]] Result<Check> expectation(Words& words);
    [[nodiscard]] Result<void> account_check(Words& words, Check& check);
    [[nodiscard]] Result<void> order_check(Words& words, Check& check);
    [[nodiscard]] Result<void> book_check(Words& words, std::vector<Check>& checks);
    [[nodiscard]] Result<std::string> levels(Words& words);

    Scenario scenario_;
    std::map<std::string, Listed, std::less<>> markets_;
    std::map<std::string, Asset, std::less<>> assets_;
    std::map<std::string, AccountId, std::less<>> accounts_;
    std::map<std::string, OwnerId, std::less<>> owners_;
    std::map<std::string, Suggested, std::less<>> proposals_;
    governance::Settings rules_;
    VenueSettings venue_;
    TimeMs time_{1'700'000'000'000};
    std::size_t commands_ = 0;
};

}  // namespace astro::exchange
