#include "capabilities/exchange/caller_accounts.hpp"

#include <algorithm>

#include "foundation/base/encoding.hpp"

namespace astro::exchange {

OwnerId owner_of_user(const std::string& user) {
    OwnerId out;
    const auto bytes = parse_hex(user);
    if (bytes && bytes->size() == out.bytes.size()) std::ranges::copy(*bytes, out.bytes.begin());
    return out;
}

gateway::ChannelFilter account_filter() {
    return {{.name = "account",
             .type = gateway::ParameterType::integer,
             .summary = "Only of this account",
             .minimum = 0},
            gateway::Match::any_of,
            "account"};
}

std::vector<AccountId> followed_accounts(const Directory& directory, const OwnerId& owner,
                                         const gateway::FilterValues& filter) {
    std::vector<AccountId> out = directory.accounts_of(owner);
    for (const auto& [name, values] : filter)
        std::erase_if(out, [&](AccountId account) {
            return std::ranges::find(values, std::to_string(account.value())) == values.end();
        });
    return out;
}

}  // namespace astro::exchange
