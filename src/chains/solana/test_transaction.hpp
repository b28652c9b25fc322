#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chains/solana/activity.hpp"
#include "chains/solana/model.hpp"
#include "chains/solana/programs.hpp"

/// Transactions written by hand for tests: accounts by name, balances that follow from what the
/// instructions move.
namespace astro::solana::test {

/// Little-endian fields one after the other.
class Data {
  public:
    Data() = default;
    explicit Data(std::uint64_t discriminator) { u64(discriminator); }
    Data& u8(std::uint8_t v) { return raw(v); }
    Data& u16(std::uint16_t v) { return raw(v); }
    Data& u32(std::uint32_t v) { return raw(v); }
    Data& i32(std::int32_t v) { return raw(v); }
    Data& u64(std::uint64_t v) { return raw(v); }
    Data& u128(UInt128 v) { return raw(v); }
    Data& f64(double v) { return raw(v); }
    Data& key(const Pubkey& k) { return bytes(k.view()); }
    Data& zeros(std::size_t n) {
        bytes_.resize(bytes_.size() + n);
        return *this;
    }
    Data& bytes(ByteView b) {
        bytes_.insert(bytes_.end(), b.begin(), b.end());
        return *this;
    }
    [[nodiscard]] const Bytes& get() const { return bytes_; }

  private:
    template <class T>
    Data& raw(T v) {
        const auto* p = reinterpret_cast<const std::uint8_t*>(&v);
        bytes_.insert(bytes_.end(), p, p + sizeof v);
        return *this;
    }
    Bytes bytes_;
};

/// A key that is the same for the same name and differs for others.
inline Pubkey named(const std::string& name) {
    Pubkey key;
    std::uint64_t h = 1469598103934665603ULL;
    for (std::size_t i = 0; i < 32; ++i) {
        for (const char c : name) h = (h ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
        h = (h ^ i) * 1099511628211ULL;
        key.bytes[i] = static_cast<std::uint8_t>(h >> 40);
    }
    return key;
}

class TransactionBuilder {
  public:
    /// The named wallets sign; the first pays the fee.
    explicit TransactionBuilder(const std::vector<std::string>& signers) {
        for (const auto& s : signers) key(s);
        tx_.signature_count = static_cast<std::uint8_t>(signers.size());
        tx_.has_meta = true;
        tx_.signature.bytes[0] = 7;
    }

    std::uint16_t key(const std::string& name) { return key(name, named(name)); }
    std::uint16_t key(const Pubkey& k) { return key(to_text(k), k); }

    /// A token account that exists before the transaction.
    TransactionBuilder& account(const std::string& name, const std::string& mint,
                                const std::string& owner, std::uint64_t amount) {
        tokens_[key(name)] = {named(mint), named(owner), amount, amount};
        return *this;
    }
    TransactionBuilder& token_2022() {
        token_program_ = kToken2022Program;
        return *this;
    }
    TransactionBuilder& lamports(const std::string& name, std::uint64_t amount) {
        lamports_[key(name)] = {amount, amount};
        return *this;
    }
    /// Balances that instructions do not explain.
    TransactionBuilder& change_tokens(const std::string& name, std::int64_t by) {
        tokens_[key(name)].post += static_cast<std::uint64_t>(by);
        return *this;
    }
    TransactionBuilder& change_lamports(const std::string& name, std::int64_t by) {
        lamports_[key(name)].post += static_cast<std::uint64_t>(by);
        return *this;
    }

    /// Height 1 is an outer instruction; larger ones are calls within the last outer one.
    TransactionBuilder& call(std::uint8_t height, const Pubkey& program,
                             const std::vector<std::string>& accounts, const Bytes& data) {
        Instruction ix;
        ix.program_index = key(program);
        if (height == 1) {
            ++outer_;
            inner_ = -1;
        } else {
            ++inner_;
        }
        ix.outer_index = static_cast<std::uint16_t>(outer_);
        ix.inner_index = static_cast<std::int16_t>(height == 1 ? -1 : inner_);
        ix.stack_height = heights_known_ || height == 1 ? height : std::uint8_t{0};
        ix.accounts_begin = static_cast<std::uint32_t>(tx_.account_pool.size());
        ix.accounts_count = static_cast<std::uint16_t>(accounts.size());
        for (const auto& a : accounts) tx_.account_pool.push_back(key(a));
        ix.data_begin = static_cast<std::uint32_t>(tx_.data_pool.size());
        ix.data_size = static_cast<std::uint32_t>(data.size());
        tx_.data_pool.insert(tx_.data_pool.end(), data.begin(), data.end());
        tx_.instructions.push_back(ix);
        return *this;
    }
    TransactionBuilder& without_heights() {
        heights_known_ = false;
        return *this;
    }

    TransactionBuilder& transfer(std::uint8_t height, const std::string& from,
                                 const std::string& to, const std::string& authority,
                                 std::uint64_t amount) {
        move_tokens(from, to, amount, 0);
        return call(height, token_program_, {from, to, authority}, Data().u8(3).u64(amount).get());
    }
    /// transferChecked; `withheld` is kept back by the mint without the instruction saying so.
    TransactionBuilder& transfer_checked(std::uint8_t height, const std::string& from,
                                         const std::string& mint, const std::string& to,
                                         const std::string& authority, std::uint64_t amount,
                                         std::uint64_t withheld = 0) {
        move_tokens(from, to, amount, withheld);
        return call(height, token_program_, {from, mint, to, authority},
                    Data().u8(12).u64(amount).u8(6).get());
    }
    TransactionBuilder& pay(std::uint8_t height, const std::string& from, const std::string& to,
                            std::uint64_t amount) {
        lamports_[key(from)].post -= amount;
        lamports_[key(to)].post += amount;
        return call(height, kSystemProgram, {from, to}, Data().u32(2).u64(amount).get());
    }
    TransactionBuilder& log(const std::string& line) {
        tx_.logs.push_back(line);
        return *this;
    }

    [[nodiscard]] Transaction build() const {
        Transaction tx = tx_;
        tx.pre_lamports.assign(tx.keys.size(), 1'000'000'000);
        tx.post_lamports = tx.pre_lamports;
        for (const auto& [k, b] : lamports_) {
            tx.pre_lamports[k] += b.pre;
            tx.post_lamports[k] += b.post;
        }
        for (const auto& [k, t] : tokens_) {
            tx.pre_tokens.push_back({k, 6, true, true, t.mint, t.owner, token_program_, t.pre});
            tx.post_tokens.push_back({k, 6, true, true, t.mint, t.owner, token_program_, t.post});
        }
        tx.balances_consistent = true;
        return tx;
    }

    [[nodiscard]] TransactionActivity decode() {
        std::vector<MintInfo> mints;
        return decode_transaction_activity(build(), Slot{1}, mints, counters);
    }

    DecodeCounters counters;

  private:
    struct Tokens {
        Pubkey mint, owner;
        std::uint64_t pre = 0, post = 0;
    };
    struct Lamports {
        std::uint64_t pre = 0, post = 0;
    };

    std::uint16_t key(const std::string& name, const Pubkey& k) {
        const auto [at, added] =
            indexes_.emplace(name, static_cast<std::uint16_t>(tx_.keys.size()));
        if (added) tx_.keys.push_back(k);
        return at->second;
    }
    void move_tokens(const std::string& from, const std::string& to, std::uint64_t amount,
                     std::uint64_t withheld) {
        if (const auto at = tokens_.find(key(from)); at != tokens_.end()) at->second.post -= amount;
        if (const auto at = tokens_.find(key(to)); at != tokens_.end())
            at->second.post += amount - withheld;
    }

    Transaction tx_;
    std::map<std::string, std::uint16_t> indexes_;
    std::map<std::uint16_t, Tokens> tokens_;
    std::map<std::uint16_t, Lamports> lamports_;
    Pubkey token_program_ = kTokenProgram;
    int outer_ = -1, inner_ = -1;
    bool heights_known_ = true;
};

/// Names for account positions nobody looks at.
inline std::vector<std::string> filled(std::size_t count,
                                       const std::map<std::size_t, std::string>& given) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = given.find(i);
        out.push_back(at == given.end() ? "filler" + std::to_string(i) : at->second);
    }
    return out;
}

}  // namespace astro::solana::test
