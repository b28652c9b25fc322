#pragma once

#include <optional>
#include <string>

#include "capabilities/devnet/engine/state.hpp"

namespace astro::devnet {

/// What the ledger says of itself is so, each part counted anew from the entries: lumens, promises
/// of offers, numbers of entries and of sponsored ones, pools, limits, and that the book is not
/// crossed. Walks all entries: for tests, and once a ledger where there are few. nullopt: all
/// holds; else the first that does not.
[[nodiscard]] std::optional<std::string> find_broken_invariant(const State& state,
                                                               const xdr::LedgerHeader& header);

}  // namespace astro::devnet
