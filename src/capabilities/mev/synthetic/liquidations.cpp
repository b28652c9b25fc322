#include <array>

#include "capabilities/mev/synthetic/cases.hpp"
#include "chains/solana/events.hpp"
#include "chains/solana/programs.hpp"

namespace astro::mev::synthetic {
namespace {

using solana::discriminator;

constexpr std::array<std::string_view, 4> kProtocols = {"save", "kamino", "marginfi", "drift"};
constexpr std::array<std::string_view, 3> kLookalikes = {"failed", "nothing_repaid",
                                                         "other_instruction"};

/// One liquidation: USDC debt repaid, SOL collateral seized with a bonus.
class Teller {
  public:
    Teller(World& world, std::string_view protocol, std::string_view lookalike)
        : world_(world),
          random_(world.random()),
          protocol_(protocol),
          lookalike_(lookalike),
          liquidator_(world.new_wallet()),
          reserve_(random_.key()),
          user_debt_(world.token_account(liquidator_, usd_coin())),
          user_seized_(world.token_account(liquidator_, wrapped_sol())),
          debt_supply_(world.token_account(reserve_, usd_coin())),
          seized_supply_(world.token_account(reserve_, wrapped_sol())),
          tx_(prepared()) {}

    Scenario tell() {
        if (protocol_ == "save") save();
        if (protocol_ == "kamino") kamino();
        if (protocol_ == "marginfi") marginfi();
        if (protocol_ == "drift") drift();
        if (random_.chance(40)) tx_.tip(liquidator_, random_.sized(1'000, 2'000'000));
        const auto written = tx_.finish(random_.sized(0, 300'000), lookalike_ == "failed");
        Scenario out;
        auto& t = out.truth;
        t.kind = "liquidation";
        t.variant = protocol_;
        t.lookalike = lookalike_;
        t.protocol = protocol_;
        t.actor = liquidator_;
        t.fronts = {written.signature};
        t.fee_lamports = Lamports{static_cast<std::int64_t>(written.fee_lamports)};
        t.tip_lamports = Lamports{static_cast<std::int64_t>(written.tip_lamports)};
        out.transactions.push_back({0, written.json});
        return out;
    }

  private:
    TransactionWriter prepared() {
        repaid_ = random_.sized(5'000'000, 20'000'000'000);
        seized_ = mul_div(repaid_, 7'100'000, 1'000'000).value_or(0);  // 5 % over 148 USDC a SOL
        world_.grant(user_debt_, repaid_ + random_.below(1'000'000));
        world_.grant(seized_supply_, seized_ * 3);
        auto manner = random_manner(random_);
        if (protocol_ == "marginfi" || protocol_ == "drift") manner.logs = true;
        if (lookalike_ == "nothing_repaid") repaid_ = seized_ = 0;
        return {world_, liquidator_, manner};
    }

    std::vector<Pubkey> accounts(std::size_t n) {
        std::vector<Pubkey> list(n);
        for (auto& a : list) a = random_.key();
        return list;
    }

    void move_repaid() {
        if (repaid_ > 0)
            tx_.transfer_tokens(usd_coin(), user_debt_, debt_supply_, liquidator_, repaid_);
    }
    void move_seized() {
        if (seized_ > 0)
            tx_.transfer_tokens(wrapped_sol(), seized_supply_, user_seized_, reserve_, seized_);
    }

    void save() {
        auto a = accounts(15);
        a[0] = user_debt_;
        a[2] = user_seized_;
        a[4] = debt_supply_;
        a[8] = seized_supply_;
        a[13] = liquidator_;
        a[14] = solana::kTokenProgram;
        // 14 is FlashRepay…, any other of the program's instructions.
        const bool other = lookalike_ == "other_instruction";
        const std::uint8_t tag = other ? 14 : 17;
        tx_.open(solana::programs::kSave, std::move(a), Packer().u8(tag).u64(repaid_).done());
        tx_.log(other ? "Instruction: Withdraw Obligation Collateral"
                      : "Instruction: Liquidate Obligation and Redeem Reserve Collateral");
        move_repaid();
        move_seized();
        tx_.close();
    }

    void kamino() {
        auto a = accounts(20);
        a[0] = liquidator_;
        a[6] = debt_supply_;
        a[11] = seized_supply_;
        a[13] = user_debt_;
        a[15] = user_seized_;
        const auto name = lookalike_ == "other_instruction" ? discriminator("4b5d5ddc2296dac4")
                          : random_.chance(50)              ? discriminator("b1479abce2854a37")
                                                            : discriminator("a2a1238f1ebbb967");
        tx_.open(solana::programs::kKamino, std::move(a),
                 Packer().name(name).u64(repaid_).u64(0).u64(0).done());
        tx_.log("Liquidation bonus: 500 bps");
        move_repaid();
        move_seized();
        tx_.close();
    }

    /// marginfi books the debt; tokens stay in its vaults but for the insurance fund's part.
    void marginfi() {
        auto a = accounts(10);
        a[4] = liquidator_;
        const bool other = lookalike_ == "other_instruction";
        const auto name = other ? discriminator("ab5eeb6752a0ab73")  // deposit
                                : discriminator("d6a997d5fba756db");
        tx_.open(solana::programs::kMarginfi, a, Packer().name(name).u64(seized_).done());
        tx_.log(other ? "Instruction: LendingAccountDeposit"
                      : "Instruction: LendingAccountLiquidate");
        if (!other) {
            const auto seized = static_cast<double>(seized_), repaid = static_cast<double>(repaid_);
            tx_.log_event(Packer()
                              .name(solana::events::kMarginfiLiquidate)
                              .u8(1)
                              .key(liquidator_)
                              .key(a[3])
                              .key(liquidator_)
                              .key(a[0])
                              .key(a[5])
                              .key(random_.key())
                              .key(a[1])
                              .key(solana::kWrappedSolMint)
                              .key(a[2])
                              .key(solana::kUsdcMint)
                              .f64(-12.5)
                              .f64(3.25)
                              .f64(seized * 4)
                              .f64(repaid * 4)
                              .f64(0)
                              .f64(0)
                              .f64(seized * 3)
                              .f64(repaid * 3)
                              .f64(seized)
                              .f64(repaid)
                              .done());
        }
        if (repaid_ > 0 && !other)
            tx_.transfer_tokens(usd_coin(), user_debt_, debt_supply_, liquidator_,
                                repaid_ / 40 + 1);
        tx_.close();
    }

    void drift() {
        auto a = accounts(12);
        a[1] = liquidator_;
        const bool other = lookalike_ == "other_instruction";
        tx_.open(
            solana::programs::kDrift, a,
            Packer()
                .name(other ? discriminator("b710c01de2d3f4a1") : discriminator("6b00802923e5fb12"))
                .u16(1)
                .u16(0)
                .u128(repaid_)
                .done());
        tx_.log(other ? "Instruction: SettlePnl" : "Instruction: LiquidateSpot");
        if (!other) {
            tx_.log_event(Packer()
                              .name(solana::events::kDriftLiquidation)
                              .u64(1'724'267'459)
                              .u8(1)
                              .key(a[4])
                              .key(a[2])
                              .u128(5'000'000)
                              .u128(4'000'000)
                              .u64(900'000)
                              .u16(7)
                              .u8(0)
                              .u32(0)
                              .u16(0)
                              .u64(0)
                              .u64(0)
                              .u64(0)
                              .u64(0)
                              .u64(0)
                              .u32(0)
                              .u32(0)
                              .u64(0)
                              .u64(0)
                              .u16(1)
                              .u64(148'000'000)
                              .u128(seized_)
                              .u16(0)
                              .u64(1'000'000)
                              .u128(repaid_)
                              .u64(0)
                              .done());
        }
        tx_.close();
    }

    World& world_;
    Random& random_;
    std::string protocol_, lookalike_;
    Pubkey liquidator_, reserve_, user_debt_, user_seized_, debt_supply_, seized_supply_;
    std::uint64_t repaid_ = 0, seized_ = 0;
    TransactionWriter tx_;
};

}  // namespace

std::span<const std::string_view> liquidation_variants() {
    return kProtocols;
}
std::span<const std::string_view> liquidation_lookalikes() {
    return kLookalikes;
}

Scenario make_liquidation(World& world, std::string_view protocol, std::string_view lookalike) {
    return Teller(world, protocol, lookalike).tell();
}

}  // namespace astro::mev::synthetic
