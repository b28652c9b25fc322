#include "capabilities/devnet/engine/operations/results.hpp"

namespace astro::devnet {

bool is_success(const xdr::OperationResult& result) {
    const auto* inner = std::get_if<xdr::OperationResultTr>(&result.value);
    return inner &&
           std::visit(
               [](const auto& of) { return of.code == std::decay_t<decltype(of.code)>::success; },
               inner->value);
}

xdr::OperationResult reserve_refused(ReserveOutcome outcome, xdr::OperationResult low) {
    switch (outcome) {
        case ReserveOutcome::too_many_subentries:
            return not_tried(xdr::OperationResultCode::op_too_many_subentries);
        case ReserveOutcome::too_many_sponsoring:
            return not_tried(xdr::OperationResultCode::op_too_many_sponsoring);
        default:
            return low;
    }
}

}  // namespace astro::devnet
