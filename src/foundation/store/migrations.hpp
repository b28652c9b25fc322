#pragma once

#include <vector>

#include "foundation/store/store.hpp"

/// Bringing a database's tables to what the program expects; the same for every dialect.
namespace astro::store {

/// See Store::migrate. Also refuses a list whose versions of a capability are not 1, 2, 3, … in
/// order ("migration_order").
[[nodiscard]] Result<void> apply_migrations(Store& store, const std::vector<Migration>& migrations);

/// Splits at ";" outside of quotes and comments; empty statements are left out.
[[nodiscard]] std::vector<std::string> split_statements(std::string_view sql);

}  // namespace astro::store
