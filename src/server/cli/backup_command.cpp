#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "foundation/store/backup.hpp"
#include "server/cli/commands.hpp"
#include "server/node/master_key.hpp"

/// `astrolabe backup` and `astrolabe restore`: the data directory in one encrypted file.
namespace astro::cli {
namespace {

namespace fs = std::filesystem;

ExitCode refuse(const Error& error) {
    complain(error.text());
    return ExitCode::bad_input;
}

/// The key that exists; a backup must never be sealed under one that was made for it.
Result<crypto::SecretKey> existing_key(const node::Settings& settings, const std::string& file) {
    const node::MasterKeySource source{settings.text("identity.master_key"),
                                       settings.text("identity.master_key_command"), file};
    if (source.text.empty() && source.command.empty() && !fs::exists(file))
        return not_found("master_key", "there is no master key here; give --key", file);
    crypto::SystemRandom random;
    return node::load_master_key(source, random);
}

std::string key_file(const node::Settings& settings, const std::string& given) {
    if (!given.empty()) return given;
    const std::string& configured = settings.text("identity.master_key_file");
    return configured.empty() ? settings.text("data.directory") + "/master.key" : configured;
}

/// Gone with the object, whatever happened.
struct Scratch {
    explicit Scratch(std::string p) : path(std::move(p)) {}
    ~Scratch() {
        std::error_code ignored;
        fs::remove(path, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::string path;
};

Result<std::vector<store::BackedUpFile>> back_up(const BackupArguments& arguments) {
    ASTRO_TRY(const auto settings, node::gather_settings(arguments.data));
    const std::string folder = settings.text("data.directory");
    ASTRO_TRY(const auto key, existing_key(settings, key_file(settings, arguments.key)));
    const Scratch copy(arguments.file + ".copy-" + std::to_string(::getpid()));
    ASTRO_CHECK(store::copy_sqlite(folder + "/astrolabe.db", copy.path));
    return store::write_backup(arguments.file, {{"astrolabe.db", copy.path}}, key);
}

Result<std::vector<store::BackedUpFile>> bring_back(const BackupArguments& arguments) {
    ASTRO_TRY(const auto settings, node::gather_settings(arguments.data));
    const std::string folder = settings.text("data.directory");
    const std::string file = key_file(settings, arguments.key);
    ASTRO_TRY(const auto key, existing_key(settings, file));
    ASTRO_TRY(auto files, store::restore_backup(arguments.file, key, folder));
    // The server looks for its key beside its data.
    const std::string beside = folder + "/master.key";
    std::error_code error;
    if (!arguments.key.empty() && !fs::exists(beside, error)) {
        fs::copy_file(arguments.key, beside, error);
        if (!error) fs::permissions(beside, fs::perms::owner_read | fs::perms::owner_write, error);
        if (error) return unavailable("master_key", "cannot be copied beside the data", beside);
    }
    return files;
}

ExitCode tell(const Result<std::vector<store::BackedUpFile>>& files, std::string_view verb,
              const std::string& file) {
    if (!files) return refuse(files.error());
    Output out;
    for (const auto& f : *files)
        out.line(std::string(verb) + " " + f.name + ": " + std::to_string(f.bytes) + " bytes");
    out.line(file + " is whole");
    out.flush();
    return out.failed() ? ExitCode::failed : ExitCode::ok;
}

}  // namespace

ExitCode run_backup(const BackupArguments& arguments) {
    return tell(back_up(arguments), "backed up", arguments.file);
}

ExitCode run_restore(const BackupArguments& arguments) {
    return tell(bring_back(arguments), "restored", arguments.file);
}

}  // namespace astro::cli
