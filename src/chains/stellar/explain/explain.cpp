#include "chains/stellar/explain/explain.hpp"

#include <array>

#include "chains/stellar/explain/code_text.hpp"
#include "foundation/base/encoding.hpp"

namespace astro::stellar {
namespace {

using TextsOfRoom = std::span<const OperationTexts> (*)();
constexpr std::array<TextsOfRoom, 6> kRooms{account_texts, payment_texts, trading_texts,
                                            trust_texts,   balance_texts, contract_texts};

const OperationTexts& texts_of(xdr::OperationType type) {
    for (const auto room : kRooms)
        for (const auto& texts : room())
            if (texts.type == type) return texts;
    ASTRO_ASSERT(false && "every type of operation has its texts");
    return kRooms[0]()[0];
}

CodeExplanation explained(std::span<const CodeText> texts, const xdr::EnumTable& names,
                          std::int32_t value, std::optional<std::string> operation) {
    const auto* name = names.find(value);
    for (const auto& text : texts) {
        if (text.value != value || name == nullptr) continue;
        std::optional<std::string> remedy;
        if (!text.remedy.empty()) remedy = text.remedy;
        return {std::move(operation), std::string(text.horizon), std::string(name->name),
                std::string(text.meaning), std::move(remedy)};
    }
    ASTRO_ASSERT(false && "what was read has a value of the schema, and each value has its text");
    return {};
}

std::string name_of(xdr::OperationType type) {
    const auto* entry = xdr::table_of(type).find(static_cast<std::int32_t>(type));
    ASTRO_ASSERT(entry != nullptr);
    return std::string(entry->name);
}

CodeExplanation explained(const OperationTexts& texts, std::int32_t value) {
    return explained(texts.texts, texts.table(), value, name_of(texts.type));
}

CodeExplanation explained(xdr::OperationResultCode code) {
    return explained(outer_operation_texts(), xdr::table_of(code), static_cast<std::int32_t>(code),
                     std::nullopt);
}

void add(TransactionExplanation& out, const std::vector<xdr::OperationResult>& results) {
    for (const auto& result : results)
        out.operations.push_back(
            {static_cast<std::uint32_t>(out.operations.size()), explain(result)});
}

/// "op_no_trust" and "no_trust" are the same; a few of Horizon's codes have no "op_" themselves.
std::string_view without_prefix(std::string_view code) {
    return code.starts_with("op_") ? code.substr(3) : code;
}

bool is_called(const CodeExplanation& explanation, std::string_view code) {
    return without_prefix(explanation.code) == without_prefix(code) ||
           without_prefix(explanation.xdr_name) == without_prefix(code);
}

}  // namespace

CodeExplanation explain(xdr::TransactionResultCode code) {
    return explained(transaction_texts(), xdr::table_of(code), static_cast<std::int32_t>(code),
                     std::nullopt);
}

CodeExplanation explain(const xdr::OperationResult& result) {
    if (result.code != xdr::OperationResultCode::op_inner) return explained(result.code);
    const auto& inner = xdr::arm_of<xdr::OperationResultTr>(result.value);
    const auto value = std::visit(
        [](const auto& of_type) { return static_cast<std::int32_t>(of_type.code); }, inner.value);
    return explained(texts_of(inner.type), value);
}

TransactionExplanation explain(const xdr::TransactionResult& result) {
    TransactionExplanation out;
    const auto code = result.result.code;
    out.successful = code == xdr::TransactionResultCode::tx_success ||
                     code == xdr::TransactionResultCode::tx_fee_bump_inner_success;
    out.fee_charged_stroops = std::to_string(result.fee_charged);
    out.result = explain(code);
    if (const auto* bumped = std::get_if<xdr::InnerTransactionResultPair>(&result.result.value)) {
        out.inner_hash = to_hex(bumped->transaction_hash.view());
        const auto& inner = bumped->result.result;
        out.inner_result = explain(inner.code);
        if (const auto* results = std::get_if<std::vector<xdr::OperationResult>>(&inner.value))
            add(out, *results);
    } else if (const auto* results =
                   std::get_if<std::vector<xdr::OperationResult>>(&result.result.value)) {
        add(out, *results);
    }
    return out;
}

std::vector<CodeExplanation> all_explanations() {
    std::vector<CodeExplanation> out;
    for (const auto& entry : xdr::table_of(xdr::TransactionResultCode{}).entries)
        out.push_back(explain(static_cast<xdr::TransactionResultCode>(entry.value)));
    for (const auto& entry : xdr::table_of(xdr::OperationResultCode{}).entries)
        out.push_back(explained(static_cast<xdr::OperationResultCode>(entry.value)));
    for (const auto& type : xdr::table_of(xdr::OperationType{}).entries) {
        const auto& texts = texts_of(static_cast<xdr::OperationType>(type.value));
        for (const auto& entry : texts.table().entries)
            out.push_back(explained(texts, entry.value));
    }
    return out;
}

Result<std::vector<CodeExplanation>> explain_code(std::string_view text) {
    const auto gap = text.find(' ');
    const auto code = text.substr(gap == std::string_view::npos ? 0 : gap + 1);
    const auto operation = gap == std::string_view::npos ? std::string_view{} : text.substr(0, gap);
    std::vector<CodeExplanation> out;
    for (auto& explanation : all_explanations())
        if (is_called(explanation, code) &&
            (operation.empty() || explanation.operation == operation))
            out.push_back(std::move(explanation));
    if (out.empty())
        return refusal("unknown_code",
                       "Stellar has no such result code; one is tx_bad_seq, op_no_trust or "
                       "payment op_no_trust",
                       "code");
    return out;
}

}  // namespace astro::stellar
