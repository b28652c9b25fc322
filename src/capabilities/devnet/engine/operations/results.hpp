#pragma once

#include "capabilities/devnet/engine/sponsorship.hpp"
#include "chains/stellar/xdr/transaction.hpp"

/// Results as XDR has them.
namespace astro::devnet {

/// Of an operation that was tried: R is the result of its kind.
template <class R>
[[nodiscard]] xdr::OperationResult tried(xdr::OperationType type, R result) {
    return {xdr::OperationResultCode::op_inner, xdr::OperationResultTr{type, std::move(result)}};
}

/// The result of a code alone; only success may carry more, and is then built by hand.
template <class R>
[[nodiscard]] xdr::OperationResult tried_with(xdr::OperationType type, decltype(R::code) code) {
    R result{};
    result.code = code;
    if constexpr (requires { result.value; }) result.value = std::monostate{};
    return tried(type, std::move(result));
}

[[nodiscard]] inline xdr::OperationResult not_tried(xdr::OperationResultCode code) {
    return {code, std::monostate{}};
}

[[nodiscard]] bool is_success(const xdr::OperationResult& result);

/// What an operation answers when it cannot take on a reserve; `low` is its own code for that.
[[nodiscard]] xdr::OperationResult reserve_refused(ReserveOutcome outcome,
                                                   xdr::OperationResult low);

}  // namespace astro::devnet
