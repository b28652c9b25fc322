#include <fstream>

#include "chains/stellar/horizon/client.hpp"
#include "chains/stellar/networks.hpp"
#include "chains/stellar/preflight/preflight.hpp"
#include "chains/stellar/xdr/codec.hpp"
#include "foundation/base/json.hpp"
#include "server/cli/lines.hpp"
#include "server/cli/stellar_arguments.hpp"

namespace astro::cli {
namespace {

namespace xdr = stellar::xdr;
using stellar::LedgerView;

ExitCode refused(const Error& error) {
    complain(error.text());
    return ExitCode::bad_input;
}

/// One account as Horizon tells it a line.
Result<LedgerView> load_view(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return refusal("bad_file", "cannot be read", file);
    LedgerView out;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        auto account = stellar::parse_account_document(line);
        if (!account) {
            auto error = account.error();
            error.where = file + ":" + std::to_string(number) +
                          (error.where.empty() ? "" : ": " + error.where);
            return Unexpected{std::move(error)};
        }
        const auto id = account->id.ed25519;
        out.accounts.insert_or_assign(id, std::move(*account));
    }
    return out;
}

/// From the accounts of a file, or from a server.
class Views {
  public:
    static Result<Views> open(const PreflightArguments& arguments) {
        ASTRO_TRY(const auto passphrase, stellar::passphrase_of(arguments.network));
        Views out;
        if (arguments.horizon.empty()) {
            ASTRO_TRY(out.fixed_, load_view(arguments.accounts));
        } else {
            ASTRO_TRY(out.horizon_, stellar::HorizonClient::connect(arguments.horizon, passphrase));
        }
        return out;
    }
    Result<LedgerView> of(const xdr::TransactionEnvelope& envelope) {
        if (horizon_) return horizon_->view_for(envelope);
        return fixed_;
    }

  private:
    LedgerView fixed_;
    std::unique_ptr<stellar::HorizonClient> horizon_;
};

}  // namespace

ExitCode run_stellar_preflight(const PreflightArguments& arguments) {
    if (arguments.horizon.empty() == arguments.accounts.empty()) {
        complain("give either --horizon or --accounts");
        return ExitCode::bad_input;
    }
    auto views = Views::open(arguments);
    if (!views) return refused(views.error());
    bool all_pass = true;
    const auto code =
        convert_lines(arguments.file, [&](std::string_view line) -> Result<std::string> {
            ASTRO_TRY(const auto envelope, xdr::from_base64<xdr::TransactionEnvelope>(line));
            ASTRO_TRY(const auto view, views->of(envelope));
            const auto report = stellar::preflight(envelope, view);
            all_pass = all_pass && report.passes;
            return to_json(report);
        });
    return code == ExitCode::ok && !all_pass ? ExitCode::bad_input : code;
}

}  // namespace astro::cli
