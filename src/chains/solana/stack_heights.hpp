#pragma once

#include "chains/solana/model.hpp"

namespace astro::solana {

/// Nodes before 1.14 do not report how deep a called instruction stands. The runtime logs
/// "Program <id> invoke [height]" for each instruction it enters, in execution order, so a complete
/// log tells. Fills in heights that are 0; does nothing when the log is truncated, belongs to a
/// failed transaction or does not name the very programs of the instructions.
void fill_heights_from_logs(Transaction& tx);

}  // namespace astro::solana
