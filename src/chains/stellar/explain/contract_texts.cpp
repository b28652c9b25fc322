#include "chains/stellar/explain/code_text.hpp"

namespace astro::stellar {
namespace {

using xdr::ExtendFootprintTTLResultCode;
using xdr::InvokeHostFunctionResultCode;
using xdr::OperationType;
using xdr::RestoreFootprintResultCode;

constexpr std::string_view kLimit =
    "The call needed more of a resource (instructions, bytes read or written) than it declared.";
constexpr std::string_view kLimitRemedy =
    "Simulate the transaction anew, and declare what the answer says.";
constexpr std::string_view kRefundable =
    "The part of the fee that pays for rent and events was too small.";
constexpr std::string_view kRefundableRemedy =
    "Simulate the transaction anew, and raise the resource fee to what the answer says.";

constexpr CodeText kInvoke[] = {
    text_of(InvokeHostFunctionResultCode::success, "op_success", "The contract's call succeeded.",
            ""),
    text_of(InvokeHostFunctionResultCode::malformed, "op_malformed",
            "The call's arguments, code or authorizations are not well-formed.",
            "Build it from a simulation of the same call."),
    text_of(InvokeHostFunctionResultCode::trapped, "function_trapped",
            "The contract stopped: it refused the call, or an authorization is missing or has "
            "expired.",
            "Look at the diagnostic events of a simulation, and sign every authorization anew."),
    text_of(InvokeHostFunctionResultCode::resource_limit_exceeded, "resource_limit_exceeded",
            kLimit, kLimitRemedy),
    text_of(InvokeHostFunctionResultCode::entry_archived, "entry_archived",
            "The call reads an entry that has been archived.",
            "Restore it by a restore-footprint operation first, as the simulation proposes."),
    text_of(InvokeHostFunctionResultCode::insufficient_refundable_fee,
            "insufficient_refundable_fee", kRefundable, kRefundableRemedy),
};

constexpr CodeText kExtend[] = {
    text_of(ExtendFootprintTTLResultCode::success, "op_success",
            "The entries' lives were extended.", ""),
    text_of(ExtendFootprintTTLResultCode::malformed, "op_malformed",
            "The footprint must hold entries to read only, and the new life must be one that the "
            "network allows.",
            "Put the entries into the read-only part, and ask for a shorter life."),
    text_of(ExtendFootprintTTLResultCode::resource_limit_exceeded, "resource_limit_exceeded",
            kLimit, kLimitRemedy),
    text_of(ExtendFootprintTTLResultCode::insufficient_refundable_fee,
            "insufficient_refundable_fee", kRefundable, kRefundableRemedy),
};

constexpr CodeText kRestore[] = {
    text_of(RestoreFootprintResultCode::success, "op_success", "The entries were restored.", ""),
    text_of(RestoreFootprintResultCode::malformed, "op_malformed",
            "The footprint must hold persistent entries to write only.",
            "Put the entries into the read-write part."),
    text_of(RestoreFootprintResultCode::resource_limit_exceeded, "resource_limit_exceeded", kLimit,
            kLimitRemedy),
    text_of(RestoreFootprintResultCode::insufficient_refundable_fee, "insufficient_refundable_fee",
            kRefundable, kRefundableRemedy),
};

const OperationTexts kContracts[] = {
    {OperationType::invoke_host_function, codes_of<InvokeHostFunctionResultCode>, kInvoke},
    {OperationType::extend_footprint_ttl, codes_of<ExtendFootprintTTLResultCode>, kExtend},
    {OperationType::restore_footprint, codes_of<RestoreFootprintResultCode>, kRestore},
};

}  // namespace

std::span<const OperationTexts> contract_texts() {
    return kContracts;
}

}  // namespace astro::stellar
