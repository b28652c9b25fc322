#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "chains/stellar/xdr/enum_table.hpp"
#include "chains/stellar/xdr/transaction.hpp"

/// What each result code of Stellar means, in words, and what to do about it: the tables.
namespace astro::stellar {

struct CodeText {
    std::int32_t value = 0;
    std::string_view horizon;  ///< as Horizon writes it in `result_codes`; some have no "op_"
    std::string_view meaning;  ///< one sentence
    std::string_view remedy;   ///< what to do, one or two sentences; empty where nothing is wrong
};

template <class Code>
[[nodiscard]] constexpr CodeText text_of(Code code, std::string_view horizon,
                                         std::string_view meaning, std::string_view remedy) {
    return {static_cast<std::int32_t>(code), horizon, meaning, remedy};
}

/// The codes of one kind of operation.
struct OperationTexts {
    xdr::OperationType type{};
    const xdr::EnumTable& (*table)() = nullptr;
    std::span<const CodeText> texts;
};

template <class Code>
[[nodiscard]] const xdr::EnumTable& codes_of() {
    return xdr::table_of(Code{});
}

[[nodiscard]] std::span<const CodeText> transaction_texts();
/// Of an operation that did not come as far as its own rules.
[[nodiscard]] std::span<const CodeText> outer_operation_texts();

// Every type of operation is in one of these.
[[nodiscard]] std::span<const OperationTexts> account_texts();
[[nodiscard]] std::span<const OperationTexts> payment_texts();
[[nodiscard]] std::span<const OperationTexts> trading_texts();
[[nodiscard]] std::span<const OperationTexts> trust_texts();
[[nodiscard]] std::span<const OperationTexts> balance_texts();
[[nodiscard]] std::span<const OperationTexts> contract_texts();

}  // namespace astro::stellar
