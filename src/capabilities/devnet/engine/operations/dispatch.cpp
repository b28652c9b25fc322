#include "capabilities/devnet/engine/operations/operations.hpp"
#include "capabilities/devnet/engine/operations/results.hpp"
#include "chains/stellar/build/text.hpp"

namespace astro::devnet {
namespace {

using Type = xdr::OperationType;

/// What was refused before, since its kind is not supported.
[[noreturn]] void never() {
    ASTRO_ASSERT(false && "an operation that is not supported");
    __builtin_unreachable();
}

struct Apply {
    Application& app;
    Type type;

    xdr::OperationResult operator()(const xdr::MuxedAccount& destination) const {
        return apply_merge(app, stellar::account_of(destination));
    }
    xdr::OperationResult operator()(std::monostate) const {
        ASTRO_ASSERT(type == Type::end_sponsoring_future_reserves);
        return apply_end_sponsoring(app);
    }
    xdr::OperationResult operator()(const xdr::InvokeHostFunctionOp&) const { never(); }
    xdr::OperationResult operator()(const xdr::ExtendFootprintTTLOp&) const { never(); }
    xdr::OperationResult operator()(const xdr::RestoreFootprintOp&) const { never(); }
    template <class Op>
    xdr::OperationResult operator()(const Op& op) const {
        return apply(app, op);
    }
};

}  // namespace

Threshold threshold_of(const xdr::OperationBody& body) {
    switch (body.type) {
        case Type::allow_trust:
        case Type::set_trust_line_flags:
        case Type::bump_sequence:
        case Type::claim_claimable_balance:
        case Type::inflation:
        case Type::extend_footprint_ttl:
        case Type::restore_footprint:
            return Threshold::low;
        case Type::account_merge:
            return Threshold::high;
        case Type::set_options: {
            const auto& op = std::get<xdr::SetOptionsOp>(body.value);
            const bool rules = op.master_weight || op.low_threshold || op.med_threshold ||
                               op.high_threshold || op.signer;
            return rules ? Threshold::high : Threshold::medium;
        }
        default:
            return Threshold::medium;
    }
}

bool is_supported(Type type) {
    return type != Type::inflation && type != Type::invoke_host_function &&
           type != Type::extend_footprint_ttl && type != Type::restore_footprint;
}

xdr::OperationResult apply_operation(Application& app, const xdr::OperationBody& body) {
    return std::visit(Apply{app, body.type}, body.value);
}

}  // namespace astro::devnet
