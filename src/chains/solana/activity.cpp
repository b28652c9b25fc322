#include "chains/solana/activity.hpp"

#include <algorithm>
#include <cstring>

#include "chains/solana/liquidations.hpp"
#include "chains/solana/scope.hpp"
#include "chains/solana/swaps.hpp"
#include "chains/solana/verify.hpp"

namespace astro::solana {
namespace {

/// Mints seen so far, without duplicates.
class MintSet {
  public:
    MintSet() : slots_(kInitialSlots, 0) {}

    void add(const TokenBalance& b) {
        std::size_t i = std::hash<Pubkey>{}(b.mint) & (slots_.size() - 1);
        for (; slots_[i] != 0; i = (i + 1) & (slots_.size() - 1))
            if (mints_[slots_[i] - 1].mint == b.mint) return;
        mints_.push_back({b.mint, b.decimals, b.has_program && b.program == kToken2022Program});
        slots_[i] = static_cast<std::uint32_t>(mints_.size());
        if (mints_.size() * 2 > slots_.size()) grow();
    }
    [[nodiscard]] std::vector<MintInfo> take_sorted() {
        std::sort(mints_.begin(), mints_.end(),
                  [](const MintInfo& a, const MintInfo& b) { return a.mint < b.mint; });
        return std::move(mints_);
    }

  private:
    static constexpr std::size_t kInitialSlots = 1024;

    void grow() {
        slots_.assign(slots_.size() * 2, 0);
        for (std::size_t n = 0; n < mints_.size(); ++n) {
            std::size_t i = std::hash<Pubkey>{}(mints_[n].mint) & (slots_.size() - 1);
            while (slots_[i] != 0) i = (i + 1) & (slots_.size() - 1);
            slots_[i] = static_cast<std::uint32_t>(n + 1);
        }
    }

    std::vector<MintInfo> mints_;
    std::vector<std::uint32_t> slots_;  ///< index into mints_ plus one; size a power of two
};

/// Decodes transaction after transaction with the same buffers.
class ActivityDecoder {
  public:
    ActivityDecoder(MintSet& mints, DecodeCounters& counters)
        : mints_(mints), counters_(counters) {}

    TransactionActivity decode(const Transaction& tx, Slot slot);

  private:
    TransactionActivity head(const Transaction& tx) const;
    void add_swaps(TransactionActivity& out, Slot slot);
    [[nodiscard]] Swap make_swap(const SwapDraft& draft, bool verified, Slot slot) const;
    void add_transfers(TransactionActivity& out, Slot slot) const;
    [[nodiscard]] Position position(std::uint32_t instruction, Slot slot) const;
    [[nodiscard]] Pubkey mint_of(const Leg& leg) const;

    MintSet& mints_;
    DecodeCounters& counters_;
    TransactionScope scope_;
    SwapFinder finder_;
};

TransactionActivity ActivityDecoder::head(const Transaction& tx) const {
    TransactionActivity out;
    out.index = tx.index;
    out.signature = tx.signature;
    out.failed = tx.failed;
    out.fee_lamports = tx.fee_lamports;
    out.compute_units = tx.compute_units;
    if (tx.keys.empty()) return out;
    out.fee_payer = tx.fee_payer();
    const std::size_t signers = std::min<std::size_t>(tx.signature_count, tx.keys.size());
    out.signers.assign(tx.keys.begin(), tx.keys.begin() + static_cast<std::ptrdiff_t>(signers));
    out.dont_front = std::any_of(tx.keys.begin(), tx.keys.end(), is_dont_front_account);
    for (const auto& ix : tx.instructions) {
        if (ix.inner_index >= 0 || ix.program_index >= tx.keys.size()) continue;
        const Pubkey& program = tx.program_of(ix);
        if (program == kComputeBudgetProgram) continue;
        if (std::find(out.outer_programs.begin(), out.outer_programs.end(), program) ==
            out.outer_programs.end())
            out.outer_programs.push_back(program);
    }
    return out;
}

Position ActivityDecoder::position(std::uint32_t instruction, Slot slot) const {
    const Instruction& ix = scope_.tx().instructions[instruction];
    return {slot, scope_.tx().index, ix.outer_index, ix.inner_index};
}

Pubkey ActivityDecoder::mint_of(const Leg& leg) const {
    if (leg.native) return kWrappedSolMint;
    const TokenAccount& vault = scope_.accounts[leg.vault];
    return vault.has_mint ? vault.mint : scope_.accounts[leg.user].mint;
}

Swap ActivityDecoder::make_swap(const SwapDraft& draft, bool verified, Slot slot) const {
    const Transaction& tx = scope_.tx();
    const Instruction& ix = tx.instructions[draft.instruction];
    const auto key = [&](std::uint16_t index) {
        return index == kNoKey ? Pubkey{} : tx.keys[index];
    };
    Swap s;
    s.at = position(draft.instruction, slot);
    s.signature = tx.signature;
    s.program = tx.program_of(ix);
    s.protocol = draft.row->protocol;
    s.pool = key(draft.pool);
    const bool signs = draft.in.authority != kNoKey && tx.is_signer(draft.in.authority);
    s.trader = signs ? tx.keys[draft.in.authority] : tx.fee_payer();
    s.mint_in = mint_of(draft.in);
    s.amount_in = draft.in.sent - draft.in.fee;
    s.mint_out = mint_of(draft.out);
    s.amount_out = draft.out.sent;
    s.verified = verified;
    s.transfer_fee_in = draft.in.fee;
    s.transfer_fee_out = draft.out.fee;
    s.user_source = key(draft.in.user);
    s.user_destination = key(draft.out.user);
    s.vault_in = key(draft.in.vault);
    s.vault_out = key(draft.out.vault);
    s.via_aggregator = draft.via_aggregator;
    s.state = draft.state;
    if (ix.inner_index < 0) return s;
    for (std::uint32_t i = draft.instruction; i-- > 0;)
        if (tx.instructions[i].inner_index < 0) {
            const Pubkey& outer = tx.program_of(tx.instructions[i]);
            if (outer != s.program) s.wrapper = outer;
            break;
        }
    return s;
}

void ActivityDecoder::add_swaps(TransactionActivity& out, Slot slot) {
    const auto& drafts = finder_.find(scope_, counters_);
    if (drafts.empty()) return;
    const auto verified = verify_swaps(scope_, drafts);
    out.swaps.reserve(drafts.size());
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        out.swaps.push_back(make_swap(drafts[i], verified[i], slot));
        ++counters_.swaps;
        ++(verified[i] ? counters_.swaps_verified : counters_.balance_mismatch);
    }
}

void ActivityDecoder::add_transfers(TransactionActivity& out, Slot slot) const {
    const Transaction& tx = scope_.tx();
    const TokenAccounts& accounts = scope_.accounts;
    std::size_t tokens = 0;
    for (const Movement& m : scope_.movements) tokens += m.kind == Movement::Kind::token;
    out.token_transfers.reserve(tokens);
    out.sol_transfers.reserve(scope_.movements.size() - tokens);
    for (const Movement& m : scope_.movements) {
        if (m.kind == Movement::Kind::token) {
            const TokenAccount &from = accounts[m.source], &to = accounts[m.destination];
            out.token_transfers.push_back({position(m.instruction, slot), tx.keys[m.source],
                                           tx.keys[m.destination], from.owner, to.owner,
                                           tx.keys[m.authority], from.mint, m.amount, m.fee});
        } else if (!m.moves_tokens()) {
            const Pubkey& to = tx.keys[m.destination];
            const bool tip = is_tip_account(to);
            out.sol_transfers.push_back(
                {position(m.instruction, slot), tx.keys[m.source], to, m.amount, tip});
            if (tip) out.tip_lamports += m.amount;
        }
    }
}

TransactionActivity ActivityDecoder::decode(const Transaction& tx, Slot slot) {
    TransactionActivity out = head(tx);
    if (tx.failed) {
        ++counters_.failed;
        return out;
    }
    if (!tx.has_meta) {
        ++counters_.without_meta;
        return out;
    }
    if (!TransactionScope::is_well_formed(tx)) {
        ++counters_.malformed;
        return out;
    }
    for (const auto& b : tx.pre_tokens) mints_.add(b);
    for (const auto& b : tx.post_tokens) mints_.add(b);
    scope_.reset(tx);
    add_swaps(out, slot);
    check_against_jupiter(scope_, out.swaps, counters_);
    add_transfers(out, slot);
    find_liquidations(scope_, slot, out.liquidations, counters_);
    out.deltas = owner_deltas(tx, scope_.accounts);
    out.rent_paid_lamports =
        rent_paid_by_fee_payer(tx, scope_.accounts, scope_.movements, scope_.account_events);
    return out;
}

}  // namespace

BlockActivity decode_activity(const Block& block) {
    BlockActivity out;
    out.slot = block.slot;
    out.parent_slot = block.parent_slot;
    out.slot_assumed = block.slot_assumed;
    out.time = block.time;
    if (const Pubkey* leader = block.leader()) out.leader = *leader;
    out.transaction_count = static_cast<std::uint32_t>(block.transactions.size());
    out.synthetic = block.synthetic;
    MintSet mints;
    ActivityDecoder decoder(mints, out.counters);
    const auto votes = std::count_if(block.transactions.begin(), block.transactions.end(),
                                     [](const Transaction& tx) { return tx.is_vote; });
    out.transactions.reserve(block.transactions.size() - static_cast<std::size_t>(votes));
    for (const Transaction& tx : block.transactions) {
        ++out.counters.transactions;
        if (tx.is_vote) {
            ++out.counters.votes;
            continue;
        }
        out.transactions.push_back(decoder.decode(tx, block.slot));
    }
    out.mints = mints.take_sorted();
    return out;
}

TransactionActivity decode_transaction_activity(const Transaction& tx, Slot slot,
                                                std::vector<MintInfo>& mints,
                                                DecodeCounters& counters) {
    MintSet seen;
    ++counters.transactions;
    TransactionActivity out = ActivityDecoder(seen, counters).decode(tx, slot);
    for (auto& mint : seen.take_sorted()) {
        const auto at =
            std::lower_bound(mints.begin(), mints.end(), mint,
                             [](const MintInfo& a, const MintInfo& b) { return a.mint < b.mint; });
        if (at == mints.end() || at->mint != mint.mint) mints.insert(at, mint);
    }
    return out;
}

}  // namespace astro::solana
