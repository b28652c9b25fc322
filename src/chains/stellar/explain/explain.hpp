#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chains/stellar/xdr/transaction.hpp"
#include "foundation/base/describe.hpp"
#include "foundation/base/result.hpp"

/// The results of transactions in words: for each code a sentence that says what happened, and what
/// to do about it.
namespace astro::stellar {

struct CodeExplanation {
    /// As XDR-JSON names it ("payment"); absent for a code of transactions, or of any operation.
    std::optional<std::string> operation;
    std::string code;      ///< Horizon's, "op_underfunded"
    std::string xdr_name;  ///< the enumerator as XDR-JSON writes it, "underfunded"
    std::string meaning;
    std::optional<std::string> remedy;  ///< absent where nothing is wrong
};
BOOST_DESCRIBE_STRUCT(CodeExplanation, (), (operation, code, xdr_name, meaning, remedy))

struct OperationExplanation {
    std::uint32_t index = 0;  ///< from 0, as in the transaction
    CodeExplanation result;
};
BOOST_DESCRIBE_STRUCT(OperationExplanation, (), (index, result))

struct TransactionExplanation {
    bool successful = false;
    std::string fee_charged_stroops;  ///< also of a failed one
    CodeExplanation result;
    /// Of a fee bump: the transaction inside it.
    std::optional<std::string> inner_hash;
    std::optional<CodeExplanation> inner_result;
    /// None where the transaction was refused before its operations.
    std::vector<OperationExplanation> operations;
};
BOOST_DESCRIBE_STRUCT(TransactionExplanation, (),
                      (successful, fee_charged_stroops, result, inner_hash, inner_result,
                       operations))

[[nodiscard]] TransactionExplanation explain(const xdr::TransactionResult& result);
[[nodiscard]] CodeExplanation explain(const xdr::OperationResult& result);
[[nodiscard]] CodeExplanation explain(xdr::TransactionResultCode code);

/// What a code means that somebody read in a log: Horizon's ("op_no_trust") or XDR-JSON's
/// ("no_trust"), alone or behind the operation ("payment op_no_trust"). Alone it may be of several
/// operations: all are told. Refusal "unknown_code".
[[nodiscard]] Result<std::vector<CodeExplanation>> explain_code(std::string_view text);

/// All of them: of transactions, of any operation, of each kind.
[[nodiscard]] std::vector<CodeExplanation> all_explanations();

}  // namespace astro::stellar
