#include "capabilities/exchange/liabilities.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>

#include "capabilities/exchange/engine/margin.hpp"
#include "foundation/base/binary.hpp"
#include "foundation/base/encoding.hpp"
#include "foundation/crypto/hmac.hpp"
#include "foundation/crypto/random.hpp"
#include "foundation/journal/file.hpp"

namespace astro::exchange {
namespace {

using Tag = std::array<char, 16>;
constexpr Tag tag(std::string_view text) {
    Tag out{};
    std::ranges::copy(text, out.begin());
    return out;
}
constexpr Tag kSaltTag = tag("astro-liab-salt1"), kLeafTag = tag("astro-liab-leaf1"),
              kNodeTag = tag("astro-liab-node1"), kRootTag = tag("astro-liab-root1");

void append_sums(const LiabilitySums& sums, Bytes& out) {
    for (const auto* list : {&sums.owed, &sums.lacking, &sums.held})
        for (const UInt128 sum : *list) append_binary(sum, out);
    for (const UInt128 sum : {sums.equity_owed, sums.equity_lacking, sums.insurance})
        append_binary(sum, out);
}

UInt128 above(Int128 value) {
    return value > 0 ? static_cast<UInt128>(value) : 0;
}

LiabilityNode leaf_node(const LiabilityLeaf& leaf) {
    LiabilityNode out;
    Bytes bytes;
    append_binary(kLeafTag, bytes);
    append_binary(leaf.account, bytes);
    append_binary(leaf.salt, bytes);
    append_binary(static_cast<std::uint8_t>(leaf.balances.size()), bytes);
    for (const Amount balance : leaf.balances) {
        append_binary(balance, bytes);
        out.sums.owed.push_back(above(balance.value()));
        out.sums.lacking.push_back(above(-Int128{balance.value()}));
    }
    for (const Amount held : leaf.held) {
        append_binary(held, bytes);
        out.sums.held.push_back(above(held.value()));
    }
    append_binary(leaf.equity, bytes);
    append_binary(leaf.insurance, bytes);
    out.sums.equity_owed = above(leaf.equity);
    out.sums.equity_lacking = above(-leaf.equity);
    out.sums.insurance = above(leaf.insurance.value());
    out.hash = crypto::sha256(bytes);
    return out;
}

LiabilityNode parent_of(const LiabilityNode& left, const LiabilityNode& right) {
    LiabilityNode out = left;
    for (std::size_t i = 0; i < out.sums.owed.size(); ++i) {
        out.sums.owed[i] += right.sums.owed[i];
        out.sums.lacking[i] += right.sums.lacking[i];
        out.sums.held[i] += right.sums.held[i];
    }
    out.sums.equity_owed += right.sums.equity_owed;
    out.sums.equity_lacking += right.sums.equity_lacking;
    out.sums.insurance += right.sums.insurance;
    Bytes bytes;
    append_binary(kNodeTag, bytes);
    for (const auto* child : {&left, &right}) {
        append_sums(child->sums, bytes);
        append_binary(child->hash, bytes);
    }
    out.hash = crypto::sha256(bytes);
    return out;
}

std::string decimal(UInt128 value) {
    std::string out;
    do {
        out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
        value /= 10;
    } while (value != 0);
    return out;
}
std::string decimal(Int128 value) {
    return value < 0 ? "-" + decimal(static_cast<UInt128>(-value))
                     : decimal(static_cast<UInt128>(value));
}

std::vector<std::string> decimals(const std::vector<UInt128>& values) {
    std::vector<std::string> out;
    for (const UInt128 value : values) out.push_back(decimal(value));
    return out;
}

std::vector<std::string> decimals(const std::vector<Amount>& values) {
    std::vector<std::string> out;
    for (const Amount value : values) out.push_back(std::to_string(value.value()));
    return out;
}

ProofStep step_of(const LiabilityNode& node) {
    return {.hash = to_hex(node.hash.view()),
            .owed = decimals(node.sums.owed),
            .lacking = decimals(node.sums.lacking),
            .held = decimals(node.sums.held),
            .equity_owed = decimal(node.sums.equity_owed),
            .equity_lacking = decimal(node.sums.equity_lacking),
            .insurance = decimal(node.sums.insurance)};
}

LiabilityLeaf leaf_of(const Venue& venue, AccountId id, crypto::Sha256 salt) {
    const Account& account = venue.accounts()[id.value()];
    LiabilityLeaf out{.account = id, .salt = salt, .balances = {}, .held = {}};
    out.balances.assign(
        account.balances.begin(),
        account.balances.begin() + static_cast<std::ptrdiff_t>(venue.assets().size()));
    out.held.resize(venue.assets().size());
    out.equity = account.usdc().value();
    for (const auto& position : account.positions)
        out.equity += unrealized_of(venue.markets()[position.market.value()], position,
                                    MarginKind::maintenance);
    return out;
}

/// What the venue holds for accounts beside their balances.
void add_held(const Venue& venue, std::vector<LiabilityLeaf>& leaves) {
    for (const auto& [id, withdrawal] : venue.withdrawals())
        leaves[withdrawal.account.value()].held[withdrawal.asset.value()] += withdrawal.amount;
    if (const auto asset = venue.governance_asset())
        for (auto& leaf : leaves)
            leaf.held[asset->value()] += Amount{
                venue.governance().given_by(governance::VoterId{leaf.account.value()}).value()};
    for (const auto& [account, stake] : venue.insurance_stakes())
        leaves[account.value()].insurance = venue.insured(account);
}

/// As RFC 6962 splits `count` leaves: the largest power of two below it stands left.
std::size_t left_of(std::size_t count) {
    return std::bit_floor(count - 1);
}

}  // namespace

Liabilities::Liabilities(const Venue& venue, journal::Sequence sequence,
                         const crypto::SecretKey& key)
    : sequence_(sequence), time_(venue.now()) {
    for (const auto& asset : venue.assets()) assets_.push_back(asset.settings.symbol);
    Bytes salted;
    for (std::uint32_t a = 0; a < venue.accounts().size(); ++a) {
        salted.clear();
        append_binary(kSaltTag, salted);
        append_binary(sequence, salted);
        append_binary(a, salted);
        leaves_.push_back(leaf_of(venue, AccountId{a}, crypto::hmac_sha256(key.view(), salted)));
    }
    add_held(venue, leaves_);
    std::ranges::sort(leaves_, {}, &LiabilityLeaf::salt);
    if (leaves_.empty()) {
        top_.sums.owed.resize(assets_.size());
        top_.sums.lacking.resize(assets_.size());
        top_.sums.held.resize(assets_.size());
    } else {
        top_ = node_of(0, leaves_.size());
    }
    Bytes bytes;
    append_binary(kRootTag, bytes);
    append_binary(sequence_, bytes);
    append_binary(time_, bytes);
    append_binary(static_cast<std::uint64_t>(leaves_.size()), bytes);
    append_binary(static_cast<std::uint8_t>(assets_.size()), bytes);
    for (const auto& symbol : assets_) {
        append_binary(static_cast<std::uint8_t>(symbol.size()), bytes);
        bytes.insert(bytes.end(), symbol.begin(), symbol.end());
    }
    append_sums(top_.sums, bytes);
    append_binary(top_.hash, bytes);
    root_ = crypto::sha256(bytes);
}

LiabilityNode Liabilities::node_of(std::size_t first, std::size_t count) const {
    if (count == 1) return leaf_node(leaves_[first]);
    const std::size_t left = left_of(count);
    return parent_of(node_of(first, left), node_of(first + left, count - left));
}

void Liabilities::add_path(std::size_t first, std::size_t count, std::size_t index,
                           std::vector<ProofStep>& path) const {
    if (count == 1) return;
    const std::size_t left = left_of(count);
    if (index < left) {
        add_path(first, left, index, path);
        path.push_back(step_of(node_of(first + left, count - left)));
    } else {
        add_path(first + left, count - left, index - left, path);
        path.push_back(step_of(node_of(first, left)));
    }
}

Result<LiabilityProof> Liabilities::prove(AccountId account) const {
    const auto leaf = std::ranges::find(leaves_, account, &LiabilityLeaf::account);
    if (leaf == leaves_.end())
        return not_found("account_unknown",
                         leaves_.empty()
                             ? std::string("the venue has no accounts")
                             : "there is no account " + std::to_string(account.value()) +
                                   ", but 0 to " + std::to_string(leaves_.size() - 1));
    LiabilityProof out;
    out.root = to_hex(root_.view());
    out.sequence = sequence_;
    out.time = time_;
    out.accounts = leaves_.size();
    out.assets = assets_;
    out.account = account;
    out.salt = to_hex(leaf->salt.view());
    out.index = static_cast<std::uint64_t>(leaf - leaves_.begin());
    out.balances = decimals(leaf->balances);
    out.held = decimals(leaf->held);
    out.equity = decimal(leaf->equity);
    out.insurance = std::to_string(leaf->insurance.value());
    add_path(0, leaves_.size(), out.index, out.path);
    return out;
}

Result<std::optional<crypto::SecretKey>> find_liabilities_key(const std::string& directory) {
    const std::string path = directory + "/liabilities.key";
    if (::access(path.c_str(), F_OK) != 0) return std::optional<crypto::SecretKey>();
    ASTRO_TRY(const auto file, journal::File::open(path, O_RDONLY));
    ASTRO_TRY(const auto size, file.size());
    crypto::SecretKey key;
    if (size != key.view().size())
        return refusal("liabilities_key", "it is not a key of 32 bytes", path);
    Bytes bytes;
    ASTRO_CHECK(file.read(size, bytes));
    std::ranges::copy(bytes, key.writable().begin());
    return std::optional(std::move(key));
}

Result<crypto::SecretKey> liabilities_key(const std::string& directory) {
    ASTRO_TRY(auto known, find_liabilities_key(directory));
    if (known) return std::move(*known);
    crypto::SecretKey key = crypto::SystemRandom().secret_key();
    const std::string path = directory + "/liabilities.key";
    // Whole under its name or not there: half a key would be another's.
    ASTRO_TRY(const auto file, journal::File::open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC));
    ASTRO_CHECK(file.write_at(key.view(), 0));
    ASTRO_CHECK(file.sync());
    if (::rename(file.path().c_str(), path.c_str()) != 0)
        return unavailable("liabilities_key", "cannot be given its name", path);
    ASTRO_CHECK(journal::sync_directory(directory));
    return key;
}

}  // namespace astro::exchange
