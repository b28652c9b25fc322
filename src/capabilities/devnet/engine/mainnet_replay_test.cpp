#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "capabilities/devnet/engine/assets.hpp"
#include "capabilities/devnet/engine/entries.hpp"
#include "capabilities/devnet/engine/transaction.hpp"
#include "chains/stellar/build/text.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "chains/stellar/xdr/hashes.hpp"

/// Transactions of the main network, applied to the entries as they were before, as the network's
/// own metas have them: same result, and the same entries afterwards, byte for byte. What a meta
/// does not tell is the rest of the ledger: offers that a node saw and did not take, pools that
/// were no better.
namespace astro::devnet {
namespace {

struct Recorded {
    std::string id;
    xdr::TransactionEnvelope envelope;
    xdr::TransactionResult result;
    xdr::TransactionMetaV4 meta;
    xdr::Hash network;
};

std::string text_of(const boost::json::value& value) {
    return std::string(value.as_string());
}

std::vector<Recorded> recorded_classic() {
    std::ifstream file(ASTRO_SOURCE_DIR "/share/stellar/tx_mainnet.json");
    std::stringstream text;
    text << file.rdbuf();
    const auto document = boost::json::parse(text.str());
    std::vector<Recorded> out;
    for (const auto& vector : document.at("vectors").as_array()) {
        if (!vector.as_object().contains("result_meta_xdr")) continue;
        Recorded each;
        each.id = text_of(vector.at("id"));
        each.envelope =
            xdr::from_base64<xdr::TransactionEnvelope>(text_of(vector.at("envelope_xdr"))).value();
        each.result =
            xdr::from_base64<xdr::TransactionResult>(text_of(vector.at("result_xdr"))).value();
        each.network = xdr::network_id(text_of(vector.at("network_passphrase")));
        const auto meta =
            xdr::from_base64<xdr::TransactionMeta>(text_of(vector.at("result_meta_xdr"))).value();
        const auto* v4 = std::get_if<xdr::TransactionMetaV4>(&meta.value);
        if (!v4 || v4->soroban_meta) continue;
        each.meta = *v4;
        out.push_back(std::move(each));
    }
    return out;
}

/// Every change of a meta, in order.
Changes all_changes(const xdr::TransactionMetaV4& meta) {
    Changes out = meta.tx_changes_before;
    for (const auto& operation : meta.operations)
        out.insert(out.end(), operation.changes.begin(), operation.changes.end());
    out.insert(out.end(), meta.tx_changes_after.begin(), meta.tx_changes_after.end());
    return out;
}

using Entries = std::map<Key, xdr::LedgerEntry>;

/// The entries that a meta begins with.
Entries before(const Changes& changes) {
    Entries out;
    std::map<Key, bool> seen;
    for (const auto& change : changes) {
        const auto* entry = std::get_if<xdr::LedgerEntry>(&change.value);
        if (!entry) continue;
        const Key key = key_of(*entry);
        if (change.type == xdr::LedgerEntryChangeType::state && !seen[key])
            out.emplace(key, *entry);
        seen[key] = true;
    }
    return out;
}

/// The entries that it ends with; what is gone is absent.
std::map<Key, std::optional<xdr::LedgerEntry>> after(const Changes& changes) {
    std::map<Key, std::optional<xdr::LedgerEntry>> out;
    for (const auto& change : changes) {
        if (const auto* entry = std::get_if<xdr::LedgerEntry>(&change.value))
            out[key_of(*entry)] = *entry;
        else
            out[key_of(std::get<xdr::LedgerKey>(change.value))] = std::nullopt;
    }
    return out;
}

/// The ledger that the transaction was in: its number stands on each entry that it changed, its
/// time on the account whose sequence number it took.
xdr::LedgerHeader header_of(const Changes& changes, const xdr::PublicKey& source) {
    xdr::LedgerHeader out;
    out.ledger_version = 27;
    out.base_fee = 100;
    out.base_reserve = 5'000'000;
    for (const auto& change : changes) {
        const auto* entry = std::get_if<xdr::LedgerEntry>(&change.value);
        if (!entry) continue;
        out.ledger_seq = std::max(out.ledger_seq, entry->last_modified_ledger_seq);
        if (const auto* account = std::get_if<xdr::AccountEntry>(&entry->data.value);
            account && account->account_id == source && sequence_times(*account))
            out.scp_value.close_time =
                std::max(out.scp_value.close_time, sequence_times(*account)->seq_time);
        if (change.type == xdr::LedgerEntryChangeType::created &&
            std::get_if<xdr::OfferEntry>(&entry->data.value) && out.id_pool == 0)
            out.id_pool = static_cast<std::uint64_t>(offer_in(*entry).offer_id - 1);
    }
    return out;
}

/// Accounts that an operation only looked at are in no meta: who signs for it, who receives an
/// asset and who issues it. They exist, and sign with their own key.
void add_bystanders(State& state, const xdr::Transaction& transaction) {
    const auto add = [&](const xdr::MuxedAccount& address) {
        xdr::AccountEntry account;
        account.account_id = stellar::account_of(address);
        account.thresholds.bytes[0] = 1;
        if (!state.find(account_key(account.account_id))) state.create(to_entry(account));
    };
    for (const auto& operation : transaction.operations) {
        if (operation.source_account) add(*operation.source_account);
        std::visit(
            [&](const auto& op) {
                if constexpr (requires { add(op.destination); }) add(op.destination);
                if constexpr (requires { op.line.value; })
                    add(stellar::to_muxed(*stellar::issuer_of(asset_of(op.line))));
            },
            operation.body.value);
    }
}

/// Without their order, which is a node's own matter.
std::vector<std::string> sorted_texts(const Changes& changes) {
    std::vector<std::string> out;
    for (const auto& change : changes) out.push_back(xdr::to_base64(change));
    std::sort(out.begin(), out.end());
    return out;
}

TEST(MainnetReplay, gives_the_results_and_the_entries_of_the_network) {
    const auto all = recorded_classic();
    ASSERT_GE(all.size(), 30U);
    for (const auto& recorded : all) {
        SCOPED_TRACE(recorded.id);
        const auto changes = all_changes(recorded.meta);
        const auto transaction = submitted(recorded.envelope, recorded.network);
        auto header = header_of(changes, transaction.source());
        State state;
        for (const auto& [key, entry] : before(changes)) {
            state.set_sequence(entry.last_modified_ledger_seq);
            state.create(entry);
        }
        add_bystanders(state, transaction.inner().tx);
        state.set_sequence(header.ledger_seq);
        const auto applied =
            apply_transaction(state, header, transaction, recorded.result.fee_charged, {});
        EXPECT_EQ(xdr::to_base64(applied.result), xdr::to_base64(recorded.result));
        EXPECT_EQ(sorted_texts(applied.before), sorted_texts(recorded.meta.tx_changes_before));
        ASSERT_EQ(applied.operations.size(), recorded.meta.operations.size());
        for (std::size_t i = 0; i < applied.operations.size(); ++i)
            EXPECT_EQ(sorted_texts(applied.operations[i]),
                      sorted_texts(recorded.meta.operations[i].changes));
        for (const auto& [key, entry] : after(changes)) {
            const auto* mine = state.find(key);
            ASSERT_EQ(mine != nullptr, entry.has_value());
            if (entry) {
                EXPECT_EQ(xdr::to_base64(*mine), xdr::to_base64(*entry));
            }
        }
    }
}

}  // namespace
}  // namespace astro::devnet
