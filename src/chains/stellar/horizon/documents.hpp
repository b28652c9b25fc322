#pragma once

#include <string>
#include <string_view>

#include "chains/stellar/preflight/view.hpp"
#include "foundation/base/result.hpp"

/// What Horizon answers, as far as it is asked here. Members that are not known are passed over:
/// Horizon adds some with each version. Refusal "bad_response": where is the member.
namespace astro::stellar {

/// A document of /accounts/ID.
[[nodiscard]] Result<AccountView> parse_account_document(std::string_view json);

struct HorizonRoot {
    std::string network_passphrase;
    std::string version;
};
/// The document of /.
[[nodiscard]] Result<HorizonRoot> parse_root_document(std::string_view json);

struct LedgerSummary {
    std::uint32_t sequence = 0;
    std::uint64_t close_time_s = 0;
    std::uint32_t base_fee_stroops = 0;
    std::int64_t base_reserve_stroops = 0;
};
/// The first record of a page of /ledgers.
[[nodiscard]] Result<LedgerSummary> parse_ledger_page(std::string_view json);

}  // namespace astro::stellar
