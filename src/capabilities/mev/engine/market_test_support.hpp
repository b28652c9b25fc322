#pragma once

#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "capabilities/mev/engine/amm.hpp"
#include "capabilities/mev/engine/test_support.hpp"

/// Scenarios at one constant-product pool (SOL and TOKEN, 25 bps), one line a transaction:
///
///     <slot> <wallet> buy  <SOL>            options: fee=<lamports> tip=<lamports> via=<program>
///     <slot> <wallet> sell <percent>%                cosigner=<wallet> to=<wallet> (pays out to)
///                                            like=<wallet>: from own stock, as much as that holds
///     <slot> <wallet> send <percent>% <wallet>       withheld=<ppm> of Token-2022
///     <slot> <wallet> pay  <SOL> <wallet>            failed
///
/// Percentages are of what the wallet holds of TOKEN. Slots count from kFirstSlot.
namespace astro::mev::testing {

inline constexpr std::uint64_t kSol = 1'000'000'000;
inline constexpr std::uint64_t kFirstSlot = 285'000'100;

class Market {
  public:
    explicit Market(const std::string& scenario, std::uint64_t sol = 500 * kSol,
                    std::uint64_t token = 9'000'000'000'000)
        : sol_(sol), token_(token), start_sol_(sol), start_token_(token) {
        std::istringstream lines(scenario);
        for (std::string line; std::getline(lines, line);)
            if (line.find_first_not_of(' ') != std::string::npos) run(line);
    }

    [[nodiscard]] std::vector<solana::BlockActivity> blocks() const {
        std::vector<solana::BlockActivity> out;
        for (const auto& [slot, transactions] : blocks_)
            out.push_back(block_of(Slot{slot}, transactions));
        return out;
    }
    /// Everything that wallets and pool hold of TOKEN and SOL together, fees on the way counted.
    [[nodiscard]] Int128 total_token() const {
        Int128 sum = static_cast<Int128>(token_) + static_cast<Int128>(withheld_);
        for (const auto& [wallet, amount] : held_) sum += static_cast<Int128>(amount);
        return sum - static_cast<Int128>(start_token_) - static_cast<Int128>(brought_);
    }
    [[nodiscard]] Int128 pool_sol_gain() const {
        return static_cast<Int128>(sol_) - static_cast<Int128>(start_sol_);
    }
    [[nodiscard]] std::uint64_t held(const std::string& wallet) const {
        const auto it = held_.find(wallet);
        return it == held_.end() ? 0 : it->second;
    }

  private:
    struct Line {
        std::uint64_t slot = 0;
        std::string wallet, verb, amount, peer;
        std::map<std::string, std::string> options;
        [[nodiscard]] std::uint64_t number(const std::string& name, std::uint64_t otherwise) const {
            const auto it = options.find(name);
            return it == options.end() ? otherwise : std::stoull(it->second);
        }
        [[nodiscard]] std::string text(const std::string& name) const {
            const auto it = options.find(name);
            return it == options.end() ? "" : it->second;
        }
    };

    static Line parse(const std::string& text) {
        std::istringstream in(text);
        Line line;
        in >> line.slot >> line.wallet >> line.verb >> line.amount;
        if (line.verb == "send" || line.verb == "pay") in >> line.peer;
        for (std::string option; in >> option;) {
            const auto equals = option.find('=');
            line.options[option.substr(0, equals)] =
                equals == std::string::npos ? "1" : option.substr(equals + 1);
        }
        return line;
    }

    void run(const std::string& text) {
        const auto line = parse(text);
        const Slot slot{kFirstSlot + line.slot};
        auto& block = blocks_[slot.value()];
        TransactionBuilder tx(slot, static_cast<std::uint32_t>(block.size()), line.wallet);
        tx.fee(line.number("fee", 5'000));
        if (const auto tip = line.number("tip", 0); tip > 0) tx.tip(tip);
        if (const auto cosigner = line.text("cosigner"); !cosigner.empty())
            tx.raw().signers.push_back(key(cosigner));
        tx.raw().outer_programs = {key("program of pool")};
        if (line.verb == "buy") buy(tx, line);
        if (line.verb == "sell") sell(tx, line);
        if (line.verb == "send") send(tx, line);
        if (line.verb == "pay")
            tx.raw().sol_transfers.push_back({.at = {slot, tx.raw().index, 1, -1},
                                              .from = key(line.wallet),
                                              .to = key(line.peer),
                                              .lamports = sol_of(line.amount)});
        auto built = tx.build();
        if (line.options.contains("failed")) {
            built.failed = true;
            built.swaps.clear();
        }
        block.push_back(std::move(built));
    }

    static std::uint64_t sol_of(const std::string& text) {
        const auto dot = text.find('.');
        std::string digits = text.substr(0, dot);
        std::string rest = dot == std::string::npos ? "" : text.substr(dot + 1);
        rest.resize(9, '0');
        return std::stoull(digits + rest);
    }
    std::uint64_t share(const Line& line) const {
        return held(line.wallet) * std::stoull(line.amount) / 100;
    }

    void finish(TransactionBuilder& tx, const Line& line, std::uint64_t reserve_in,
                std::uint64_t reserve_out) {
        auto& s = tx.raw().swaps.back();
        s.program = key("program of pool");
        s.user_source = key(line.wallet + " account " + to_text(s.mint_in));
        const auto receiver = line.text("to").empty() ? line.wallet : line.text("to");
        s.user_destination = key(receiver + " account " + to_text(s.mint_out));
        if (const auto via = line.text("via"); !via.empty()) {
            s.wrapper = key(via);
            s.via_aggregator = via == "aggregator";
            tx.raw().outer_programs = {key(via)};
        }
        s.state = {.curve = solana::Curve::constant_product,
                   .reserve_in = reserve_in,
                   .reserve_out = reserve_out,
                   .fee_ppm = 2'500,
                   .fee_known = true,
                   .exact = true,
                   .sqrt_price_x64_before = {},
                   .sqrt_price_x64_after = {},
                   .liquidity = {}};
        const auto transfer = [&](const Pubkey& from, const Pubkey& to, const Pubkey& from_owner,
                                  const Pubkey& to_owner, const Pubkey& mint,
                                  std::uint64_t amount) {
            tx.raw().token_transfers.push_back({.at = s.at,
                                                .source = from,
                                                .destination = to,
                                                .source_owner = from_owner,
                                                .destination_owner = to_owner,
                                                .authority = from_owner,
                                                .mint = mint,
                                                .amount = amount});
        };
        transfer(s.user_source, s.vault_in, key(line.wallet), key("pool authority"), s.mint_in,
                 s.amount_in + s.transfer_fee_in);
        transfer(s.vault_out, s.user_destination, key("pool authority"), key(receiver), s.mint_out,
                 s.amount_out);
    }

    void buy(TransactionBuilder& tx, const Line& line) {
        const auto in = sol_of(line.amount);
        const auto out = amm::constant_product_out({sol_, token_}, in, 2'500).value();
        tx.swap({"pool", "SOL", in, "TOKEN", out});
        const auto fee = amm::fee_of(out, static_cast<std::uint32_t>(line.number("withheld", 0)));
        tx.raw().swaps.back().transfer_fee_out = fee;
        if (fee > 0) tx.move("TOKEN", -static_cast<std::int64_t>(fee));
        withheld_ += fee;
        finish(tx, line, sol_, token_);
        sol_ += in;
        token_ -= out;
        held_[line.text("to").empty() ? line.wallet : line.text("to")] += out - fee;
    }

    void sell(TransactionBuilder& tx, const Line& line) {
        const auto like = line.text("like");
        const auto sent = like.empty() ? share(line) : held(like) * std::stoull(line.amount) / 100;
        const auto fee = amm::fee_of(sent, static_cast<std::uint32_t>(line.number("withheld", 0)));
        const auto in = sent - fee;
        const auto out = amm::constant_product_out({token_, sol_}, in, 2'500).value();
        tx.swap({"pool", "TOKEN", in, "SOL", out});
        tx.raw().swaps.back().transfer_fee_in = fee;
        if (fee > 0) tx.move("TOKEN", -static_cast<std::int64_t>(fee));
        withheld_ += fee;
        finish(tx, line, token_, sol_);
        token_ += in;
        sol_ -= out;
        if (like.empty())
            held_[line.wallet] -= sent;
        else
            brought_ += sent;
    }

    void send(TransactionBuilder& tx, const Line& line) {
        const auto amount = share(line);
        const auto fee =
            amm::fee_of(amount, static_cast<std::uint32_t>(line.number("withheld", 0)));
        tx.raw().token_transfers.push_back(
            {.at = {Slot{kFirstSlot + line.slot}, tx.raw().index, 1, -1},
             .source = key(line.wallet + " account"),
             .destination = key(line.peer + " account"),
             .source_owner = key(line.wallet),
             .destination_owner = key(line.peer),
             .authority = key(line.wallet),
             .mint = key("TOKEN"),
             .amount = amount,
             .fee = fee});
        tx.move("TOKEN", -static_cast<std::int64_t>(amount));
        held_[line.wallet] -= amount;
        held_[line.peer] += amount - fee;
        withheld_ += fee;
    }

    std::uint64_t sol_, token_, start_sol_, start_token_, withheld_ = 0, brought_ = 0;
    std::map<std::string, std::uint64_t> held_;
    std::map<std::uint64_t, std::vector<solana::TransactionActivity>> blocks_;
};

}  // namespace astro::mev::testing
