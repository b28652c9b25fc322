#include "capabilities/mev/synthetic/world.hpp"

#include <algorithm>
#include <utility>

#include "capabilities/mev/engine/amm.hpp"
#include "capabilities/mev/engine/wording.hpp"
#include "chains/solana/programs.hpp"
#include "foundation/base/assert.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/base/json.hpp"

namespace astro::mev::synthetic {
namespace {

constexpr std::uint64_t kTokenAccountRent = 2'039'280;
constexpr std::uint64_t kLamportsPerSignature = 5'000;

}  // namespace

std::uint64_t Token::withheld(std::uint64_t amount) const {
    return amm::fee_of(amount, fee_ppm);
}

Token wrapped_sol() {
    return {solana::kWrappedSolMint, solana::kTokenProgram, 9, 0};
}
Token usd_coin() {
    return {solana::kUsdcMint, solana::kTokenProgram, 6, 0};
}

Pubkey World::new_wallet() {
    const auto key = random_.key();
    accounts_[key].lamports = random_.between(2'000'000'000, 900'000'000'000);
    return key;
}

Pubkey World::token_account(const Pubkey& owner, const Token& token) {
    const auto [it, added] = token_accounts_.try_emplace({owner, token.mint});
    if (!added) return it->second;
    it->second = random_.key();
    auto& account = accounts_[it->second];
    account.lamports = kTokenAccountRent;
    account.is_token = true;
    account.token = token;
    account.owner = owner;
    return it->second;
}

void World::grant(const Pubkey& key, std::uint64_t amount) {
    auto& account = accounts_[key];
    if (account.is_token) account.amount += amount;
    if (!account.is_token || account.token.mint == solana::kWrappedSolMint)
        account.lamports += amount;
}

TransactionWriter::TransactionWriter(World& world, const Pubkey& payer, Manner manner)
    : world_(world), manner_(manner) {
    touch(payer).signer = true;
}

TransactionWriter::Known& TransactionWriter::touch(const Pubkey& key) {
    const auto [it, added] = known_.try_emplace(key);
    if (added) {
        it->second.before = world_.at(key);
        order_.push_back(key);
    }
    return it->second;
}

void TransactionWriter::touch_program(const Pubkey& key) {
    touch(key).program = true;
}

void TransactionWriter::sign(const Pubkey& signer) {
    touch(signer).signer = true;
}

void TransactionWriter::begin(const Pubkey& program, std::vector<Pubkey> accounts, Bytes data) {
    for (const auto& a : accounts) touch(a);
    touch_program(program);
    open_.push_back(program);
    const auto height = static_cast<int>(open_.size());
    Written ix{program, std::move(accounts), std::move(data), height};
    if (height == 1)
        instructions_.push_back({std::move(ix), {}});
    else
        instructions_.back().inner.push_back(std::move(ix));
    logs_.push_back("Program " + to_text(program) + " invoke [" + std::to_string(height) + "]");
}

void TransactionWriter::open(const Pubkey& program, std::vector<Pubkey> accounts, Bytes data) {
    ASTRO_ASSERT(open_.empty());
    begin(program, std::move(accounts), std::move(data));
}

void TransactionWriter::call(const Pubkey& program, std::vector<Pubkey> accounts, Bytes data) {
    begin(program, std::move(accounts), std::move(data));
}

void TransactionWriter::open_or_call(const Pubkey& program, std::vector<Pubkey> accounts,
                                     Bytes data) {
    begin(program, std::move(accounts), std::move(data));
}

void TransactionWriter::close() {
    logs_.push_back("Program " + to_text(open_.back()) + " success");
    open_.pop_back();
}

void TransactionWriter::log(const std::string& line) {
    logs_.push_back("Program log: " + line);
}

void TransactionWriter::log_event(const Bytes& event) {
    logs_.push_back("Program data: " + to_base64(event));
}

void TransactionWriter::transfer_tokens(const Token& token, const Pubkey& source,
                                        const Pubkey& destination, const Pubkey& authority,
                                        std::uint64_t amount) {
    const auto fee = token.withheld(amount);
    Packer data;
    std::vector<Pubkey> accounts{source, destination, authority};
    if (fee > 0 && manner_.fee_in_transfer) {
        data.u8(26).u8(1).u64(amount).u8(token.decimals).u64(fee);
        accounts.insert(accounts.begin() + 1, token.mint);
    } else if (manner_.checked_transfers || token.fee_ppm > 0) {
        data.u8(12).u64(amount).u8(token.decimals);
        accounts.insert(accounts.begin() + 1, token.mint);
    } else {
        data.u8(3).u64(amount);
    }
    begin(token.program, std::move(accounts), data.done());
    log("Instruction: Transfer");
    close();
    auto& from = world_.at(source);
    auto& to = world_.at(destination);
    ASTRO_ASSERT(from.amount >= amount);
    from.amount -= amount;
    to.amount += amount - fee;
    if (token.mint == solana::kWrappedSolMint) {
        from.lamports -= amount;
        to.lamports += amount;
    }
}

void TransactionWriter::move_lamports(const Pubkey& from, const Pubkey& to,
                                      std::uint64_t lamports) {
    touch(from);
    touch(to);
    ASTRO_ASSERT(world_.at(from).lamports >= lamports);
    world_.at(from).lamports -= lamports;
    world_.at(to).lamports += lamports;
}

void TransactionWriter::transfer_sol(const Pubkey& from, const Pubkey& to, std::uint64_t lamports) {
    begin(solana::kSystemProgram, {from, to}, Packer().u32(2).u64(lamports).done());
    close();
    move_lamports(from, to, lamports);
}

void TransactionWriter::tip(const Pubkey& from, std::uint64_t lamports) {
    static constexpr Pubkey kTips[] = {
        solana::key_constant("96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5"),
        solana::key_constant("HFqU5x63VTqvQss8hp11i4wVV8bD44PvwucfZ2bU7gRe"),
        solana::key_constant("DttWaMuVvTiduZRnguLF7jNxTgiMBZ1hyAumKUiL2KRL"),
    };
    transfer_sol(from, kTips[world_.random().below(std::size(kTips))], lamports);
    tip_ += lamports;
}

void TransactionWriter::order_keys() {
    const auto rank = [&](const Pubkey& k) {
        const auto& known = known_.at(k);
        if (known.signer) return 0;
        // With a lookup table the programs are static and everything else is loaded after them.
        return manner_.lookup_table == known.program ? 1 : 2;
    };
    keys_ = order_;
    std::ranges::stable_sort(keys_, {}, rank);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        indexes_[keys_[i]] = i;
        signers_ += known_.at(keys_[i]).signer ? 1 : 0;
        programs_ += known_.at(keys_[i]).program ? 1 : 0;
    }
}

std::size_t TransactionWriter::index_of(const Pubkey& key) const {
    return indexes_.at(key);
}

WrittenTransaction TransactionWriter::finish(std::uint64_t priority_lamports, bool failed) {
    ASTRO_ASSERT(open_.empty());
    order_keys();
    const auto fee = kLamportsPerSignature * signers_ + priority_lamports;
    if (failed)
        for (const auto& k : keys_) world_.at(k) = known_.at(k).before;
    world_.at(keys_.front()).lamports -= fee;

    WrittenTransaction out;
    out.signature = world_.random().signature();
    out.fee_lamports = fee;
    out.tip_lamports = failed ? 0 : tip_;
    auto& json = out.json;
    json.reserve(6'000);
    json += "{\"transaction\":{\"signatures\":[\"" + to_text(out.signature) + "\"";
    for (std::size_t i = 1; i < signers_; ++i)
        json += ",\"" + to_text(world_.random().signature()) + "\"";
    json += "],\"message\":";
    write_message(json);
    json += "},\"meta\":";
    write_meta(json, fee, failed);
    json += manner_.lookup_table ? ",\"version\":0}" : ",\"version\":\"legacy\"}";
    return out;
}

Packer& Packer::u8(std::uint8_t v) {
    bytes_.push_back(v);
    return *this;
}
Packer& Packer::u16(std::uint16_t v) {
    return u8(static_cast<std::uint8_t>(v)).u8(static_cast<std::uint8_t>(v >> 8));
}
Packer& Packer::u32(std::uint32_t v) {
    return u16(static_cast<std::uint16_t>(v)).u16(static_cast<std::uint16_t>(v >> 16));
}
Packer& Packer::u64(std::uint64_t v) {
    return u32(static_cast<std::uint32_t>(v)).u32(static_cast<std::uint32_t>(v >> 32));
}
Packer& Packer::u128(UInt128 v) {
    return u64(static_cast<std::uint64_t>(v)).u64(static_cast<std::uint64_t>(v >> 64));
}
Packer& Packer::f64(double v) {
    return u64(std::bit_cast<std::uint64_t>(v));
}
Packer& Packer::key(const Pubkey& v) {
    bytes_.insert(bytes_.end(), v.bytes.begin(), v.bytes.end());
    return *this;
}

}  // namespace astro::mev::synthetic
