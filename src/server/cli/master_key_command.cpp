#include "server/cli/commands.hpp"
#include "server/cli/identity_data.hpp"

/// `astrolabe identity master-key rotate`: the key changes while no server runs.
namespace astro::cli {
namespace {

ExitCode tell(const Result<std::int64_t>& records, const std::string& then) {
    if (!records) return refuse(records.error());
    Output out;
    out.line("re-wrapped " + std::to_string(*records) + " records");
    out.line(then);
    out.line("Backups from before open with the key of before only.");
    out.flush();
    return ended(out);
}

ExitCode rotate_to(const MasterKeyArguments& arguments) {
    const auto next = node::read_key_file(arguments.new_key);
    if (!next) return refuse(next.error());
    if (!*next)
        return refuse(not_found("master_key",
                                "there is no such key; `openssl rand -base64 32` makes one",
                                arguments.new_key)
                          .error);
    const auto opened = open_identity(arguments.data, true, &**next);
    if (!opened) return refuse(opened.error());
    return tell((*opened)->part->master_key().change_to((*opened)->service(), **next, "system"),
                "From now on the server needs the key of " + arguments.new_key +
                    ": change the environment or the command before it starts.");
}

}  // namespace

ExitCode run_master_key_rotate(const MasterKeyArguments& arguments) {
    if (!arguments.new_key.empty()) return rotate_to(arguments);
    const auto opened = open_identity(arguments.data, true);
    if (!opened) return refuse(opened.error());
    auto& data = **opened;
    return tell(data.part->master_key().change(data.service(), "system", data.clock.now()),
                "The next key is in the key's file; the key of before is nowhere any more.");
}

}  // namespace astro::cli
