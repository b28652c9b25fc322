#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/base/numbers.hpp"

namespace astro::feeds {

/// The getTransaction result of the transaction with that signature, in the encoding it was
/// recorded in; nothing when the block does not hold it.
[[nodiscard]] std::optional<std::string> find_transaction(std::string_view block, Slot slot,
                                                          std::string_view signature);

/// The payee of the block's Fee reward.
[[nodiscard]] std::optional<std::string> find_leader(std::string_view block);

/// The "value" of a logsNotification.
struct LogsValue {
    std::string signature, error, logs;  ///< the last two as JSON
};
/// Of every transaction whose JSON names `account`, or of all when it is empty. Transactions
/// recorded in base64 do not show their accounts and are left out.
[[nodiscard]] std::vector<LogsValue> find_logs(std::string_view block, std::string_view account);

}  // namespace astro::feeds
