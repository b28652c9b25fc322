#include "chains/solana/transfers.hpp"

namespace astro::solana {
namespace {

std::uint16_t key_at(const Transaction& tx, const Instruction& ix, std::size_t position) {
    const auto accounts = tx.accounts_of(ix);
    return position < accounts.size() ? accounts[position] : kNoKey;
}

/// Token instructions that move an amount: where their accounts stand.
struct TokenLayout {
    Movement::Kind kind;
    std::int8_t source, mint, destination, authority;
    std::uint8_t accounts;
    std::uint8_t amount_at;
};

std::optional<TokenLayout> token_layout(ByteView data) {
    using Kind = Movement::Kind;
    switch (data[0]) {
        case 3:
            return TokenLayout{Kind::token, 0, -1, 1, 2, 3, 1};
        case 12:
            return TokenLayout{Kind::token, 0, 1, 2, 3, 4, 1};
        case 7:
        case 14:
            return TokenLayout{Kind::mint, -1, 0, 1, 2, 3, 1};
        case 8:
        case 15:
            return TokenLayout{Kind::burn, 0, 1, -1, 2, 3, 1};
        case 26:
            if (data.size() >= 2 && data[1] == 1) return TokenLayout{Kind::token, 0, 1, 2, 3, 4, 2};
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<Movement> parse_token_movement(const TokenInstruction& ix) {
    const ByteView data = ix.data;
    if (data.empty()) return std::nullopt;
    const auto layout = token_layout(data);
    if (!layout || ix.accounts.size() < layout->accounts || data.size() < layout->amount_at + 8U)
        return std::nullopt;
    const auto key = [&](std::int8_t position) {
        return position < 0 ? kNoKey : ix.accounts[static_cast<std::size_t>(position)];
    };
    Movement m;
    m.kind = layout->kind;
    m.token_2022 = ix.token_2022;
    m.source = key(layout->source);
    m.mint = key(layout->mint);
    m.destination = key(layout->destination);
    m.authority = key(layout->authority);
    m.amount = load_le<std::uint64_t>(data, layout->amount_at);
    if (data[0] == 26) {
        if (data.size() < 19) return std::nullopt;
        m.fee = std::min(load_le<std::uint64_t>(data, 11), m.amount);
        m.fee_stated = true;
    }
    return m;
}

std::optional<AccountEvent> parse_account_event(const TokenInstruction& ix) {
    const ByteView data = ix.data;
    if (data.empty() || ix.accounts.size() < 2) return std::nullopt;
    AccountEvent event;
    event.account = ix.accounts[0];
    if (data[0] == 9) {
        event.destination = ix.accounts[1];
        return event;
    }
    if (data[0] != 1 && data[0] != 16 && data[0] != 18) return std::nullopt;
    event.opened = true;
    event.mint = ix.accounts[1];
    if (data[0] == 1) {
        if (ix.accounts.size() > 2) event.owner = ix.accounts[2];
    } else if (data.size() >= 33) {
        event.owner_bytes = data.data() + 1;
    }
    return event;
}

void split_batch(const TokenInstruction& ix, std::vector<TokenInstruction>& out) {
    constexpr std::uint8_t kBatch = 255;
    out.clear();
    if (ix.data.empty() || ix.data[0] != kBatch) {
        out.push_back(ix);
        return;
    }
    ByteView data = ix.data.subspan(1);
    auto accounts = ix.accounts;
    while (data.size() >= 2) {
        const std::size_t account_count = data[0], size = data[1];
        data = data.subspan(2);
        if (account_count > accounts.size() || size > data.size()) return;
        out.push_back({data.first(size), accounts.first(account_count), ix.token_2022});
        data = data.subspan(size);
        accounts = accounts.subspan(account_count);
    }
}

namespace {

/// createAccountWithSeed and transferWithSeed carry a string before what we want.
std::optional<std::size_t> end_of_seed(ByteView data, std::size_t length_at) {
    if (data.size() < length_at + 8) return std::nullopt;
    const auto length = load_le<std::uint64_t>(data, length_at);
    if (length > 32 || data.size() < length_at + 8 + length) return std::nullopt;
    return length_at + 8 + static_cast<std::size_t>(length);
}

}  // namespace

std::optional<Movement> parse_system_movement(const Transaction& tx, const Instruction& ix) {
    const ByteView data = tx.data_of(ix);
    if (data.size() < 12 || ix.accounts_count < 2) return std::nullopt;
    const auto tag = load_le<std::uint32_t>(data, 0);
    Movement m;
    m.kind = Movement::Kind::lamports;
    m.source = m.authority = key_at(tx, ix, 0);
    m.destination = key_at(tx, ix, 1);
    if (tag == 0 || tag == 3) {
        m.kind = Movement::Kind::create_account;
        std::size_t at = 4;
        if (tag == 3) {
            const auto end = end_of_seed(data, 36);
            if (!end) return std::nullopt;
            at = *end;
        }
        if (data.size() < at + 16) return std::nullopt;
        m.amount = load_le<std::uint64_t>(data, at);
        m.space = load_le<std::uint64_t>(data, at + 8);
        return m;
    }
    if (tag == 11) {
        if (ix.accounts_count < 3) return std::nullopt;
        m.authority = key_at(tx, ix, 1);
        m.destination = key_at(tx, ix, 2);
    } else if (tag != 2) {
        return std::nullopt;
    }
    m.amount = load_le<std::uint64_t>(data, 4);
    return m;
}

}  // namespace astro::solana
