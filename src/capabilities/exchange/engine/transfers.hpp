#pragma once

#include <map>
#include <set>
#include <string>

#include "capabilities/exchange/engine/model.hpp"
#include "capabilities/exchange/engine/refusal_code.hpp"

/// Money that comes from a chain and goes to one.
namespace astro::exchange {

enum class Chain : std::uint8_t { none, solana, stellar };
BOOST_DESCRIBE_ENUM(Chain, none, solana, stellar)

/// A Solana signature, or a Stellar transaction's hash with zeros behind it.
struct ChainTransactionTag {};
using ChainTransaction = FixedBytes<ChainTransactionTag, 64>;
[[nodiscard]] inline std::string to_text(const ChainTransaction& id) {
    return to_hex(id.view());
}

/// Where on a chain a payment was seen. Of no chain: a faucet's, which is not remembered.
struct Observation {
    Chain chain = Chain::none;
    std::int64_t height = 0;  ///< slot or ledger
    ChainTransaction transaction{};
    std::uint32_t index = 0;  ///< of the transfer within the transaction
    auto operator<=>(const Observation&) const = default;
};
BOOST_DESCRIBE_STRUCT(Observation, (), (chain, height, transaction, index))

/// Which observations have been credited, in bounded memory: of each chain the latest by height,
/// and below the oldest of them nothing is credited any more.
class DepositLog {
  public:
    static constexpr std::size_t kKeptMax = 65'536;  ///< of a chain

    [[nodiscard]] Refusal check(const Observation& seen) const;
    void add(const Observation& seen);

    struct OfChain {
        std::set<Observation> seen;
        std::int64_t floor = -1;  ///< nothing at or below this height
    };
    std::map<Chain, OfChain> chains;
};

struct WithdrawalTag : astro::tags::Number<std::uint64_t, false, JsonForm::string> {};
using WithdrawalId = Strong<WithdrawalTag>;  ///< from 1, in the order of requests

enum class WithdrawalState : std::uint8_t {
    held,            ///< until its delay is over
    needs_approval,  ///< by an operator; its delay may be over or not
    ready,           ///< to be sent
    sent,            ///< a transaction is under way
    confirmed,       ///< it has left the venue
    failed,          ///< given back
    rejected,        ///< by an operator; given back
    cancelled        ///< by its owner; given back
};
BOOST_DESCRIBE_ENUM(WithdrawalState, held, needs_approval, ready, sent, confirmed, failed, rejected,
                    cancelled)

/// Money on its way out: it has left the account and has not left the venue.
struct Withdrawal {
    WithdrawalId id{};
    AccountId account{};
    AssetId asset{};
    Amount amount{};
    Quote value{};  ///< when it was asked for
    Chain chain = Chain::none;
    std::string address{}, memo{};
    WithdrawalState state = WithdrawalState::held;
    TimeMs requested{}, ready_at{};
    std::int64_t day = 0;  ///< whose limit it counts against
};
BOOST_DESCRIBE_STRUCT(Withdrawal, (),
                      (id, account, asset, amount, value, chain, address, memo, state, requested,
                       ready_at, day))

inline constexpr std::size_t kWithdrawalsMax = 100'000;      ///< that are open
inline constexpr std::uint32_t kWithdrawalsOfOwnerMax = 20;  ///< that are open
inline constexpr std::size_t kAddressMax = 100, kMemoMax = 64;

}  // namespace astro::exchange
