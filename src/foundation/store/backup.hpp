#pragma once

#include <string>
#include <vector>

#include "foundation/base/result.hpp"
#include "foundation/crypto/secret.hpp"

/// Files in one encrypted file, written so that what was written is known to be readable, and read
/// so that damage is named. The form:
///
///     "ASTROBK1"  key id (8 bytes)  stream header (24 bytes)  pieces
///     piece       length (4 bytes, little-endian), sealed bytes (crypto/sealed_stream.hpp)
///     in a piece  'F' name: a file begins · 'D' bytes: its content, 64 kB at most
///                 'E' end, sealed as the last
namespace astro::store {

/// A file under a name of its own inside the backup.
struct BackupSource {
    std::string name;  ///< no directories
    std::string path;
};

struct BackedUpFile {
    std::string name;
    std::int64_t bytes = 0;
};

/// A copy of a SQLite database as it is at one moment, while others write to it. Codes of
/// open_sqlite(); "file_exists" when `target` is there.
[[nodiscard]] Result<void> copy_sqlite(const std::string& source, const std::string& target);

/// Writes `target` under another name, reads it back, and only then gives it its name.
/// "file_exists", "backup_io".
[[nodiscard]] Result<std::vector<BackedUpFile>> write_backup(
    const std::string& target, const std::vector<BackupSource>& sources,
    const crypto::SecretKey& key);

/// Reads it whole. "not_a_backup", "backup_key" (made with another key), "backup_damaged" (names
/// the byte and the file), "backup_io".
[[nodiscard]] Result<std::vector<BackedUpFile>> check_backup(const std::string& path,
                                                             const crypto::SecretKey& key);

/// Checks it whole, then writes its files into `folder`, which is made, or is empty:
/// "folder_not_empty".
[[nodiscard]] Result<std::vector<BackedUpFile>> restore_backup(const std::string& path,
                                                               const crypto::SecretKey& key,
                                                               const std::string& folder);

}  // namespace astro::store
