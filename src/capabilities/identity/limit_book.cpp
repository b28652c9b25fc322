#include "capabilities/identity/limit_book.hpp"

#include <array>

#include "capabilities/identity/rows.hpp"

namespace astro::identity {
namespace {

struct Member {
    std::string_view name;
    std::int64_t LimitNumbers::* value;
};
constexpr std::array kMembers{Member{"stranger_per_minute", &LimitNumbers::stranger_per_minute},
                              Member{"stranger_per_day", &LimitNumbers::stranger_per_day},
                              Member{"sign_in_per_minute", &LimitNumbers::sign_in_per_minute},
                              Member{"wrong_per_minute", &LimitNumbers::wrong_per_minute}};

}  // namespace

Result<void> LimitBook::load() {
    ASTRO_TRY(const auto rows, core_.around.store.query("SELECT name, value FROM identity_limits"));
    LimitNumbers numbers = configured_;
    for (const auto& row : rows)
        for (const auto& member : kMembers)
            if (store::to_string(row[0]) == member.name)
                numbers.*member.value = store::to_int(row[1]);
    if (!check_limits(numbers))
        return unavailable("store_corrupt", "a limit is stored that was not written");
    numbers_.set(numbers);
    return {};
}

Result<void> LimitBook::put(const std::string& actor, const LimitNumbers& numbers) {
    ASTRO_CHECK(check_limits(numbers));
    const std::lock_guard lock(changes_);
    std::map<std::string, std::string> detail;
    for (const auto& member : kMembers)
        detail[std::string(member.name)] = std::to_string(numbers.*member.value);
    const auto done =
        core_.act({"admin.limits_changed", actor, "", std::move(detail), {}, {}},
                  [&](store::Writer& w) -> Result<void> {
                      ASTRO_CHECK(w.execute("DELETE FROM identity_limits"));
                      for (const auto& member : kMembers)
                          ASTRO_CHECK(w.execute("INSERT INTO identity_limits VALUES (?, ?)",
                                                {std::string(member.name), numbers.*member.value}));
                      return {};
                  });
    ASTRO_CHECK(done);
    return load();
}

}  // namespace astro::identity
