#pragma once

#include <optional>

#include "capabilities/devnet/engine/application.hpp"
#include "chains/stellar/xdr/transaction.hpp"

/// The operations of the classic ledger. Each is stellar-core's of the same name (doCheckValid and
/// doApply, protocol 27), in the order of its checks, so that the code of a failure is the same
/// where several would fit.
namespace astro::devnet {

/// What is wrong with an operation whatever the ledger holds; `source` is who it acts for.
[[nodiscard]] std::optional<xdr::OperationResult> find_malformed(const xdr::OperationBody& body,
                                                                 const xdr::PublicKey& source);

enum class Threshold { low, medium, high };
/// What the source's signatures must weigh.
[[nodiscard]] Threshold threshold_of(const xdr::OperationBody& body);
[[nodiscard]] bool is_supported(xdr::OperationType type);

/// The operation is well formed and its source exists. One that fails may leave changes behind: the
/// caller takes the step back.
[[nodiscard]] xdr::OperationResult apply_operation(Application& app,
                                                   const xdr::OperationBody& body);

// accounts.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::CreateAccountOp& op);
[[nodiscard]] xdr::OperationResult apply_merge(Application& app, const xdr::PublicKey& destination);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::ManageDataOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::BumpSequenceOp& op);
// set_options.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::SetOptionsOp& op);
// payments.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::PaymentOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app,
                                         const xdr::PathPaymentStrictReceiveOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::PathPaymentStrictSendOp& op);
// offers.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::ManageSellOfferOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::ManageBuyOfferOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::CreatePassiveSellOfferOp& op);
// trust.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::ChangeTrustOp& op);
// authorization.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::AllowTrustOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::SetTrustLineFlagsOp& op);
// claimable.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::CreateClaimableBalanceOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::ClaimClaimableBalanceOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::ClawbackOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app,
                                         const xdr::ClawbackClaimableBalanceOp& op);
// sponsoring.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app,
                                         const xdr::BeginSponsoringFutureReservesOp& op);
[[nodiscard]] xdr::OperationResult apply_end_sponsoring(Application& app);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::RevokeSponsorshipOp& op);
// pools.cpp
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::LiquidityPoolDepositOp& op);
[[nodiscard]] xdr::OperationResult apply(Application& app, const xdr::LiquidityPoolWithdrawOp& op);

/// "Printable" as core means it: ASCII without control characters.
[[nodiscard]] bool is_printable(const std::string& text);

}  // namespace astro::devnet
