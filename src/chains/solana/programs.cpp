#include "chains/solana/programs.hpp"

#include <array>
#include <cstring>

#include "chains/solana/protocols/protocol.hpp"

namespace astro::solana {
namespace {

struct RoleRow {
    Pubkey key;
    ProgramRole role;
};

constexpr RoleRow kRoles[] = {
    {kSystemProgram, ProgramRole::system},
    {kTokenProgram, ProgramRole::token},
    {kToken2022Program, ProgramRole::token_2022},
    {kComputeBudgetProgram, ProgramRole::compute_budget},
    {programs::kJupiterV6, ProgramRole::aggregator},
    {programs::kJupiterV4, ProgramRole::aggregator},
    {key_constant("JUP3c2Uh3WA4Ng34tw6kPd2G4C5BB21Xo36Je1s32Ph"), ProgramRole::aggregator},
    {key_constant("JUP2jxvXaqu7NQY1GmNF4m1vodw12LVXYxbFL2uJvfo"), ProgramRole::aggregator},
    {key_constant("DF1ow4tspfHX9JwWJsAb9epbkA8hmpSEAtxXy1V27QBH"), ProgramRole::aggregator},
    {key_constant("6m2CDdhRgxpH4WjvdzxAYbGxwdGUz5MziiL5jek2kBma"), ProgramRole::aggregator},
    {key_constant("routeUGWgWzqBWFcrCfv8tritsqukccJPu3q5GPP3xS"), ProgramRole::aggregator},
    {programs::kSave, ProgramRole::lending},
    {programs::kKamino, ProgramRole::lending},
    {programs::kMarginfi, ProgramRole::lending},
    {programs::kDrift, ProgramRole::lending},
    {key_constant("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"), ProgramRole::plumbing},
    {key_constant("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"), ProgramRole::plumbing},
    {key_constant("24Uqj9JCLxUeoC3hGfh5W3s9FM9uCHDS2SG3LYwBpyTi"), ProgramRole::plumbing},
};

/// Open addressing on the first eight bytes of the key: addresses are random already.
class ProgramTable {
  public:
    ProgramTable() {
        for (const auto& row : kRoles) insert(row.key, {row.role, 0});
        const auto registry = protocol_registry();
        for (std::size_t i = 0; i < registry.size(); ++i)
            insert(registry[i].program, {ProgramRole::amm, static_cast<std::uint8_t>(i)});
    }

    [[nodiscard]] ProgramInfo find(const Pubkey& key) const {
        for (std::size_t i = slot_of(key);; i = (i + 1) % kSlots) {
            if (!slots_[i].used) return {};
            if (slots_[i].key == key) return slots_[i].info;
        }
    }

  private:
    static constexpr std::size_t kSlots = 512;
    struct Entry {
        Pubkey key;
        ProgramInfo info;
        bool used = false;
    };

    static std::size_t slot_of(const Pubkey& key) { return std::hash<Pubkey>{}(key) % kSlots; }
    void insert(const Pubkey& key, ProgramInfo info) {
        ASTRO_ASSERT(++count_ < kSlots / 2);
        std::size_t i = slot_of(key);
        while (slots_[i].used) {
            ASTRO_ASSERT(slots_[i].key != key);
            i = (i + 1) % kSlots;
        }
        slots_[i] = {key, info, true};
    }

    std::array<Entry, kSlots> slots_{};
    std::size_t count_ = 0;
};

constexpr Pubkey kTipAccounts[] = {
    key_constant("96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5"),
    key_constant("HFqU5x63VTqvQss8hp11i4wVV8bD44PvwucfZ2bU7gRe"),
    key_constant("Cw8CFyM9FkoMi7K7Crf6HNQqf4uEMzpKw6QNghXLvLkY"),
    key_constant("ADaUMid9yfUytqMBgopwjb2DTLSokTSzL1zt6iGPaS49"),
    key_constant("DfXygSm4jCyNCybVYYK6DwvWqjKee8pbDmJGcLWNDXjh"),
    key_constant("ADuUkR4vqLUMWXxW9gh6D6L8pMSawimctcNZ5pGwDcEt"),
    key_constant("DttWaMuVvTiduZRnguLF7jNxTgiMBZ1hyAumKUiL2KRL"),
    key_constant("3AVi9Tg9Uo68tJfuvoKvqKNWKkC5wPdSSdeBnizKZ6jT"),
};

// Keys whose text is "jitodontfront" and 30 more characters are an interval of numbers. Texts of
// 44 characters that begin with 'j' exceed 32 bytes, shorter ones are not valid addresses' usual
// form and are not used.
constexpr Pubkey kDontFrontFirst = key_constant("jitodontfront111111111111111111111111111111");
constexpr Pubkey kDontFrontLast = key_constant("jitodontfrontzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz");

}  // namespace

ProgramInfo find_program(const Pubkey& program) {
    static const ProgramTable table;
    return table.find(program);
}

bool is_tip_account(const Pubkey& key) {
    for (const auto& tip : kTipAccounts)
        if (tip == key) return true;
    return false;
}

bool is_dont_front_account(const Pubkey& key) {
    return key >= kDontFrontFirst && key <= kDontFrontLast;
}

}  // namespace astro::solana
