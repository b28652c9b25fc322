#include <boost/json.hpp>

#include "chains/stellar/explain/explain.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/lines.hpp"
#include "server/cli/stellar_arguments.hpp"

namespace astro::cli {
namespace {

Result<std::string> explain_result(std::string_view base64) {
    ASTRO_TRY(const auto result,
              stellar::xdr::from_base64<stellar::xdr::TransactionResult>(base64));
    return to_json(stellar::explain(result));
}

/// The result inside a problem document of Horizon, or inside what it tells of a transaction.
Result<std::string> explain_document(std::string_view line) {
    boost::system::error_code fault;
    const auto document = boost::json::parse(line, fault);
    if (fault) return refusal("bad_json", "is not JSON");
    const auto* object = document.if_object();
    if (object != nullptr)
        if (const auto* extras = object->if_contains("extras")) object = extras->if_object();
    const auto* result = object == nullptr ? nullptr : object->if_contains("result_xdr");
    if (result == nullptr || !result->is_string())
        return refusal("bad_json",
                       "has no result: extras.result_xdr of a problem document, or result_xdr of a "
                       "transaction");
    return explain_result(result->get_string());
}

/// Codes are small letters; base64 of a result begins with capitals.
bool is_code(std::string_view line) {
    return line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_ ") ==
           std::string_view::npos;
}

}  // namespace

ExitCode run_stellar_explain(const ExplainArguments& arguments) {
    return convert_lines(arguments.file, [](std::string_view line) -> Result<std::string> {
        if (line.starts_with('{')) return explain_document(line);
        if (!is_code(line)) return explain_result(line);
        ASTRO_TRY(const auto meanings, stellar::explain_code(line));
        return to_json(meanings);
    });
}

}  // namespace astro::cli
