#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "capabilities/exchange/venue_backup.hpp"
#include "capabilities/identity/core.hpp"
#include "foundation/store/backup.hpp"
#include "server/cli/commands.hpp"
#include "server/node/master_key.hpp"
#include "server/node/venue.hpp"

/// `astrolabe backup` and `astrolabe restore`: the data directory in one encrypted file.
namespace astro::cli {
namespace {

namespace fs = std::filesystem;

ExitCode refuse(const Error& error) {
    complain(error.text());
    return ExitCode::bad_input;
}

std::string key_file(const node::Settings& settings, const std::string& given) {
    if (!given.empty()) return given;
    const std::string& configured = settings.text("identity.master_key_file");
    return configured.empty() ? settings.text("data.directory") + "/master.key" : configured;
}

/// The key that exists; a backup must never be sealed under one that was made for it.
Result<crypto::SecretKey> existing_key(const node::Settings& settings,
                                       const BackupArguments& arguments) {
    const std::string file = key_file(settings, arguments.key);
    const bool is_given = !arguments.key.empty();
    const node::MasterKeySource source{is_given ? "" : settings.text("identity.master_key"),
                                       is_given ? "" : settings.text("identity.master_key_command"),
                                       file};
    if (source.text.empty() && source.command.empty() && !fs::exists(file))
        return not_found("master_key", "there is no master key here; give --key", file);
    crypto::SystemRandom random;
    return node::load_master_key(source, random);
}

/// Whether the key opens what is in this copy of a database.
Result<bool> opens(const crypto::SecretKey& key, const std::string& database) {
    ASTRO_TRY(const auto copy, store::open_sqlite({.path = database, .readers = 0}));
    return identity::is_wrapped_by(*copy, key);
}

/// Gone with the object, whatever happened.
struct Scratch {
    explicit Scratch(std::string p) : path(std::move(p)) {}
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::string path;
};

/// Copies the database and gives the key that opens the copy, which is the present one, or the next
/// one while the key changes.
Result<crypto::SecretKey> copy_with_key(const node::Settings& settings,
                                        const BackupArguments& arguments,
                                        const std::string& target) {
    ASTRO_CHECK(store::copy_sqlite(settings.text("data.directory") + "/astrolabe.db", target));
    ASTRO_TRY(const auto next,
              node::read_key_file(node::next_key_file(key_file(settings, arguments.key))));
    ASTRO_TRY(const auto key, existing_key(settings, arguments));
    ASTRO_TRY(const bool fits, opens(key, target));
    if (fits) return key;
    ASTRO_TRY(const bool next_fits, next ? opens(*next, target) : Result<bool>(false));
    if (next_fits) return *next;
    return refusal("backup_key",
                   "this key does not open what is in the database: it is another key, or the key "
                   "is being changed; try again");
}

/// Files of the venue stand in a folder of their own; names in a backup have none.
constexpr std::string_view kVenuePrefix = "venue-";

Result<std::vector<store::BackupSource>> venue_sources(const node::Settings& settings,
                                                       const std::string& scratch) {
    const auto directory = node::venue_directory(settings, settings.text("data.directory"));
    std::error_code error;
    fs::create_directory(scratch, error);
    if (error) return unavailable("backup_io", "cannot make the folder", scratch);
    ASTRO_TRY(const auto files, exchange::copy_venue(directory, scratch));
    std::vector<store::BackupSource> out;
    for (const auto& file : files)
        out.push_back({std::string(kVenuePrefix) + file.name, file.path});
    return out;
}

Result<std::vector<store::BackedUpFile>> back_up(const BackupArguments& arguments) {
    ASTRO_TRY(const auto settings, node::gather_settings(arguments.data));
    const std::string unique = std::to_string(::getpid());
    const Scratch copy(arguments.file + ".copy-" + unique);
    const Scratch venue(arguments.file + ".venue-" + unique);
    ASTRO_CHECK(existing_key(settings, arguments));  // before a long copy
    ASTRO_TRY(const auto key, copy_with_key(settings, arguments, copy.path));
    // The database first: its tables hold nothing that the journal does not.
    ASTRO_TRY(auto sources, venue_sources(settings, venue.path));
    sources.insert(sources.begin(), {"astrolabe.db", copy.path});
    return store::write_backup(arguments.file, sources, key);
}

/// Puts the venue's files where the server looks for them.
Result<void> place_venue(const node::Settings& settings, const std::string& folder,
                         const std::vector<store::BackedUpFile>& files) {
    const std::string directory = node::venue_directory(settings, folder);
    for (const auto& file : files) {
        if (!file.name.starts_with(kVenuePrefix)) continue;
        std::error_code error;
        fs::create_directories(directory, error);
        fs::permissions(directory, fs::perms::owner_all, error);
        const std::string target = directory + "/" + file.name.substr(kVenuePrefix.size());
        const std::string restored = folder + "/" + file.name;
        fs::rename(restored, target, error);
        if (error == std::errc::cross_device_link && fs::copy_file(restored, target, error))
            fs::remove(restored, error);
        if (error)
            return unavailable("backup_io", "cannot be put in place: " + error.message(), target);
    }
    return {};
}

/// Before anything is written: a second journal would be taken for a part of the first.
Result<void> check_venue_place(const node::Settings& settings, const std::string& folder) {
    const std::string directory = node::venue_directory(settings, folder);
    std::error_code error;
    if (fs::exists(directory, error) && !fs::is_empty(directory, error))
        return conflict("folder_not_empty", "a backup is restored into an empty folder", directory);
    return {};
}

Result<std::vector<store::BackedUpFile>> bring_back(const BackupArguments& arguments) {
    ASTRO_TRY(const auto settings, node::gather_settings(arguments.data));
    const std::string folder = settings.text("data.directory");
    ASTRO_TRY(const auto key, existing_key(settings, arguments));
    ASTRO_CHECK(check_venue_place(settings, folder));
    ASTRO_TRY(auto files, store::restore_backup(arguments.file, key, folder));
    ASTRO_CHECK(place_venue(settings, folder, files));
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
