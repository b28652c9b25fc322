#include "chains/solana/balances.hpp"

#include <algorithm>
#include <cstring>

namespace astro::solana {

void TokenAccounts::reset(const Transaction& tx) {
    accounts_.assign(tx.keys.size(), TokenAccount{});
    const auto take = [&](const TokenBalance& b) -> TokenAccount* {
        if (b.account_index >= accounts_.size()) return nullptr;
        TokenAccount& a = accounts_[b.account_index];
        a.mint = b.mint;
        a.has_mint = true;
        if (b.has_owner) {
            a.owner = b.owner;
            a.has_owner = true;
        }
        a.token_2022 = b.has_program && b.program == kToken2022Program;
        return &a;
    };
    for (const auto& b : tx.post_tokens)
        if (TokenAccount* a = take(b)) {
            a->post = b.amount;
            a->has_post = true;
        }
    // The owner before the transaction is the one that signed for what happened in it.
    for (const auto& b : tx.pre_tokens)
        if (TokenAccount* a = take(b)) {
            a->pre = a->running = b.amount;
            a->has_pre = true;
        }
}

bool TokenAccounts::learn_from_movement(const Transaction& tx, const Movement& m) {
    bool learned = false;
    const auto teach = [&](std::uint16_t key, const Pubkey& mint) {
        if (key == kNoKey || accounts_[key].has_mint) return;
        accounts_[key].mint = mint;
        accounts_[key].has_mint = true;
        accounts_[key].token_2022 = m.token_2022;
        learned = true;
    };
    if (m.mint != kNoKey) {
        teach(m.source, tx.keys[m.mint]);
        teach(m.destination, tx.keys[m.mint]);
    } else if (m.source != kNoKey && m.destination != kNoKey) {
        if (accounts_[m.source].has_mint) teach(m.destination, accounts_[m.source].mint);
        if (accounts_[m.destination].has_mint) teach(m.source, accounts_[m.destination].mint);
    }
    return learned;
}

void TokenAccounts::learn(const Transaction& tx, const std::vector<Movement>& movements,
                          const std::vector<AccountEvent>& events) {
    for (const auto& e : events) {
        if (!e.opened) continue;
        TokenAccount& a = accounts_[e.account];
        if (!a.has_mint) {
            a.mint = tx.keys[e.mint];
            a.has_mint = true;
        }
        if (a.has_owner) continue;
        if (e.owner != kNoKey) {
            a.owner = tx.keys[e.owner];
            a.has_owner = true;
        } else if (e.owner_bytes != nullptr) {
            std::memcpy(a.owner.bytes.data(), e.owner_bytes, 32);
            a.has_owner = true;
        }
    }
    // Knowledge travels along chains of transfers, in both directions; a few rounds reach all of a
    // real route, and the bound keeps a hostile list from costing more.
    constexpr int kRounds = 4;
    for (int round = 0; round < kRounds; ++round) {
        bool learned = false;
        for (const auto& m : movements)
            if (m.moves_tokens()) learned = learn_from_movement(tx, m) || learned;
        if (!learned) break;
    }
}

void TokenAccounts::apply(const Movement& m) {
    if (!m.moves_tokens()) return;
    if (m.source != kNoKey) accounts_[m.source].running -= m.amount;
    if (m.destination != kNoKey) accounts_[m.destination].running += m.received();
}

namespace {

/// What arrived at an account less than was sent there, and how many transfers may be the cause.
struct Shortfall {
    std::uint16_t account;
    Pubkey mint;
    std::uint64_t incoming = 0;
    Int128 missing = 0;
    std::size_t transfers = 0;
};

bool may_withhold(const Movement& m) {
    return m.token_2022 && m.kind == Movement::Kind::token && !m.fee_stated;
}

std::uint64_t fee_at(std::uint64_t amount, std::uint64_t basis_points) {
    return static_cast<std::uint64_t>((UInt128{amount} * basis_points + 9'999) / 10'000);
}

std::vector<Shortfall> find_shortfalls(const TokenAccounts& accounts,
                                       const std::vector<Movement>& movements) {
    std::vector<Shortfall> out;
    for (const auto& m : movements) {
        if (!may_withhold(m)) continue;
        const TokenAccount& a = accounts[m.destination];
        const bool seen = std::any_of(
            out.begin(), out.end(), [&](const Shortfall& s) { return s.account == m.destination; });
        if (!a.has_balance() || !a.has_mint || seen || out.size() >= 64) continue;
        out.push_back({m.destination, a.mint});
        Shortfall& s = out.back();
        s.missing = Int128{a.pre} - Int128{a.post};
        for (const auto& other : movements) {
            if (!other.moves_tokens()) continue;
            if (other.source == m.destination) s.missing -= other.amount;
            if (other.destination != m.destination) continue;
            s.missing += other.received();
            if (!may_withhold(other)) continue;
            s.incoming += other.amount;
            ++s.transfers;
        }
    }
    return out;
}

}  // namespace

void infer_transfer_fees(const TokenAccounts& accounts, std::vector<Movement>& movements) {
    if (std::none_of(movements.begin(), movements.end(), may_withhold)) return;
    const auto shortfalls = find_shortfalls(accounts, movements);
    for (const auto& s : shortfalls) {
        if (s.missing <= 0 || s.missing > Int128{s.incoming} || s.incoming == 0) continue;
        // The rate that explains this account; the same mint's other transfers pay it as well.
        const auto rate = static_cast<std::uint64_t>(s.missing * 10'000 / Int128{s.incoming});
        for (auto& m : movements) {
            if (!may_withhold(m) || m.fee != 0) continue;
            const TokenAccount& to = accounts[m.destination];
            if (!to.has_mint || to.mint != s.mint) continue;
            if (m.destination == s.account && s.transfers == 1) {
                m.fee = static_cast<std::uint64_t>(s.missing);
            } else if (!to.has_balance() || m.destination == s.account) {
                m.fee = std::min(fee_at(m.amount, rate), m.amount);
            }
        }
    }
}

namespace {

void add_token_deltas(const Transaction& tx, const TokenAccounts& accounts,
                      std::vector<OwnerDelta>& out) {
    for (std::size_t i = 0; i < tx.keys.size(); ++i) {
        const TokenAccount& a = accounts[static_cast<std::uint16_t>(i)];
        if (!a.has_balance() || !a.has_owner || a.pre == a.post) continue;
        out.push_back({a.owner, a.mint, static_cast<std::int64_t>(a.post - a.pre)});
    }
}

void add_lamport_deltas(const Transaction& tx, const TokenAccounts& accounts,
                        std::vector<OwnerDelta>& out) {
    const std::size_t count =
        std::min({tx.keys.size(), tx.pre_lamports.size(), tx.post_lamports.size()});
    for (std::size_t i = 0; i < count; ++i) {
        if (tx.pre_lamports[i] == tx.post_lamports[i]) continue;
        const TokenAccount& a = accounts[static_cast<std::uint16_t>(i)];
        if (a.has_mint) continue;
        out.push_back({tx.keys[i], Pubkey{},
                       static_cast<std::int64_t>(tx.post_lamports[i] - tx.pre_lamports[i])});
    }
}

}  // namespace

std::vector<OwnerDelta> owner_deltas(const Transaction& tx, const TokenAccounts& accounts) {
    std::vector<OwnerDelta> out;
    out.reserve(16);
    add_token_deltas(tx, accounts, out);
    add_lamport_deltas(tx, accounts, out);
    std::sort(out.begin(), out.end(), [](const OwnerDelta& a, const OwnerDelta& b) {
        const int owners = std::memcmp(a.owner.bytes.data(), b.owner.bytes.data(), 32);
        return owners != 0 ? owners < 0
                           : std::memcmp(a.mint.bytes.data(), b.mint.bytes.data(), 32) < 0;
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < out.size();) {
        OwnerDelta sum = out[i];
        std::uint64_t total = 0;
        for (; i < out.size() && out[i].owner == sum.owner && out[i].mint == sum.mint; ++i)
            total += static_cast<std::uint64_t>(out[i].delta);
        sum.delta = static_cast<std::int64_t>(total);
        if (sum.delta != 0) out[kept++] = sum;
    }
    out.resize(kept);
    return out;
}

namespace {

/// Lamports of an account that are not wrapped SOL: its rent.
std::uint64_t rent_in(std::uint64_t lamports, std::uint64_t tokens, const TokenAccount& account) {
    const bool wraps = account.has_mint && account.mint == kWrappedSolMint;
    return wraps ? lamports - std::min(lamports, tokens) : lamports;
}

}  // namespace

std::int64_t rent_paid_by_fee_payer(const Transaction& tx, const TokenAccounts& accounts,
                                    const std::vector<Movement>& movements,
                                    const std::vector<AccountEvent>& events) {
    constexpr std::uint16_t kFeePayer = 0;
    const std::size_t known = std::min(tx.pre_lamports.size(), tx.post_lamports.size());
    std::uint64_t rent = 0;
    for (const auto& m : movements) {
        if (m.kind != Movement::Kind::create_account || m.source != kFeePayer) continue;
        if (m.destination >= known || tx.pre_lamports[m.destination] != 0) continue;
        const std::uint64_t kept = tx.post_lamports[m.destination];
        if (kept == 0 || m.space > (10U << 20)) continue;
        rent += std::min({m.amount, rent_exempt_lamports(m.space), kept});
    }
    for (const auto& e : events) {
        if (e.opened || e.destination != kFeePayer || e.account >= known) continue;
        if (tx.pre_lamports[e.account] == 0 || tx.post_lamports[e.account] != 0) continue;
        const TokenAccount& a = accounts[e.account];
        rent -= rent_in(tx.pre_lamports[e.account], a.pre, a);
    }
    return static_cast<std::int64_t>(rent);
}

}  // namespace astro::solana
