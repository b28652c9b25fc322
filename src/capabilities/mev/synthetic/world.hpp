#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "capabilities/mev/synthetic/random.hpp"
#include "foundation/base/bytes.hpp"

/// Made-up accounts and the transactions that move what they hold, written as a node would report
/// them. What a transaction moves is what its balances say: there is no second source of numbers.
namespace astro::mev::synthetic {

using solana::Pubkey;
using solana::Signature;

struct Token {
    Pubkey mint, program;
    std::uint8_t decimals = 9;
    std::uint32_t fee_ppm = 0;  ///< Token-2022 transfer fee
    [[nodiscard]] std::uint64_t withheld(std::uint64_t amount) const;
};

[[nodiscard]] Token wrapped_sol();
[[nodiscard]] Token usd_coin();

struct Account {
    std::uint64_t lamports = 0;
    bool is_token = false;
    Token token;
    Pubkey owner;
    std::uint64_t amount = 0;
};

/// All accounts that made-up transactions know of.
class World {
  public:
    explicit World(Random& random) : random_(random) {}

    Random& random() { return random_; }
    Pubkey new_wallet();
    /// The owner's account for the token, opened with nothing in it when there is none.
    Pubkey token_account(const Pubkey& owner, const Token& token);
    /// Puts tokens or lamports into an account out of nowhere, before the story begins.
    void grant(const Pubkey& account, std::uint64_t amount);
    Account& at(const Pubkey& key) { return accounts_[key]; }

  private:
    Random& random_;
    std::map<Pubkey, Account> accounts_;
    std::map<std::pair<Pubkey, Pubkey>, Pubkey> token_accounts_;
};

/// How a transaction is written; what nodes and programs vary.
struct Manner {
    bool logs = true;
    bool stack_heights = true;
    bool lookup_table = false;  ///< version 0 with most accounts loaded
    bool checked_transfers = false;
    bool fee_in_transfer = false;  ///< TransferCheckedWithFee instead of TransferChecked
};

struct WrittenTransaction {
    std::string json;
    Signature signature;
    std::uint64_t fee_lamports = 0, tip_lamports = 0;
};

/// Builds one transaction. Effects apply to the world at once, in order.
class TransactionWriter {
  public:
    TransactionWriter(World& world, const Pubkey& payer, Manner manner);

    [[nodiscard]] const Manner& manner() const { return manner_; }
    World& world() { return world_; }
    void sign(const Pubkey& signer);

    /// Opens an outer instruction; what follows until close() are its calls.
    void open(const Pubkey& program, std::vector<Pubkey> accounts, Bytes data);
    /// A call one level below what is open, itself open until close().
    void call(const Pubkey& program, std::vector<Pubkey> accounts, Bytes data);
    /// Either, by whether something is open: a swap stands alone or inside a wrapper.
    void open_or_call(const Pubkey& program, std::vector<Pubkey> accounts, Bytes data);
    void close();
    void log(const std::string& line);
    /// "Program data: …" of the event.
    void log_event(const Bytes& event);

    /// As a call when something is open, else as an outer instruction.
    void transfer_tokens(const Token& token, const Pubkey& source, const Pubkey& destination,
                         const Pubkey& authority, std::uint64_t amount);
    void transfer_sol(const Pubkey& from, const Pubkey& to, std::uint64_t lamports);
    /// What a program does to lamports of its own accounts, without an instruction.
    void move_lamports(const Pubkey& from, const Pubkey& to, std::uint64_t lamports);
    void tip(const Pubkey& from, std::uint64_t lamports);

    /// `priority_lamports` on top of 5,000 a signature. A failed one keeps only its fee.
    [[nodiscard]] WrittenTransaction finish(std::uint64_t priority_lamports, bool failed = false);

  private:
    struct Written {
        Pubkey program;
        std::vector<Pubkey> accounts;
        Bytes data;
        int height = 1;
    };
    struct Outer {
        Written self;
        std::vector<Written> inner;
    };
    struct Known {
        Account before;
        bool signer = false, program = false;
    };

    Known& touch(const Pubkey& key);
    void touch_program(const Pubkey& key);
    void begin(const Pubkey& program, std::vector<Pubkey> accounts, Bytes data);
    void order_keys();
    [[nodiscard]] std::size_t index_of(const Pubkey& key) const;
    void write_instruction(std::string& out, const Written& ix) const;
    void write_message(std::string& out) const;
    void write_keys(std::string& out, std::size_t begin, std::size_t end) const;
    void write_balances(std::string& out, bool after) const;
    void write_token_balances(std::string& out, bool after) const;
    void write_meta(std::string& out, std::uint64_t fee, bool failed) const;

    World& world_;
    Manner manner_;
    std::vector<Pubkey> order_;  ///< keys as met; the fee payer first
    std::map<Pubkey, Known> known_;
    std::vector<Outer> instructions_;
    std::vector<Pubkey> open_;
    std::vector<std::string> logs_;
    std::vector<Pubkey> keys_;  ///< final order
    std::map<Pubkey, std::size_t> indexes_;
    std::size_t signers_ = 0, programs_ = 0;
    std::uint64_t tip_ = 0;
};

/// Appends little-endian integers and keys: instruction data and events.
class Packer {
  public:
    Packer& u8(std::uint8_t v);
    Packer& u16(std::uint16_t v);
    Packer& u32(std::uint32_t v);
    Packer& u64(std::uint64_t v);
    Packer& u128(UInt128 v);
    Packer& f64(double v);
    Packer& key(const Pubkey& v);
    Packer& name(std::uint64_t discriminator) { return u64(discriminator); }
    [[nodiscard]] Bytes done() const { return bytes_; }

  private:
    Bytes bytes_;
};

}  // namespace astro::mev::synthetic
