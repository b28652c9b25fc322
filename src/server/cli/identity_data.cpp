#include "server/cli/identity_data.hpp"

#include <filesystem>

namespace astro::cli {

Result<std::unique_ptr<IdentityData>> open_identity(const node::ServeArguments& arguments,
                                                    bool to_change, const crypto::SecretKey* also) {
    ASTRO_TRY(auto settings, node::gather_settings(arguments));
    ASTRO_CHECK(settings.apply_text("identity.smtp", "", "offline"));
    const std::string folder = settings.text("data.directory");
    const std::string database = folder + "/astrolabe.db";
    if (!std::filesystem::exists(database))
        return refusal("no_data", "there is no astrolabe.db here; give --data", folder);
    auto out = std::make_unique<IdentityData>();
    if (to_change) {
        ASTRO_TRY(auto lock, node::DataDirectory::open(folder));
        out->lock = std::make_unique<node::DataDirectory>(std::move(lock));
    }
    ASTRO_TRY(out->store, store::open_sqlite({.path = database, .readers = 1}));
    ASTRO_TRY(out->part, node::IdentityPart::make(settings, folder, "http://localhost:8080",
                                                  *out->store, out->clock, also));
    if (to_change) ASTRO_CHECK(out->part->master_key().finish(out->service(), out->clock.now()));
    return out;
}

ExitCode refuse(const Error& error) {
    complain(error.text());
    return ExitCode::bad_input;
}

ExitCode ended(const Output& out) {
    return out.failed() ? ExitCode::failed : ExitCode::ok;
}

}  // namespace astro::cli
