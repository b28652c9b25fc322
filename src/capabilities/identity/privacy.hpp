#pragma once

#include "capabilities/identity/documents.hpp"

namespace astro::identity {

/// How long what is kept of people and attempts stays; days.
struct Retention {
    std::int64_t ended_sessions = 30;
    std::int64_t login_failures = 1;
};

/// What another part of the server keeps of users.
struct KeptBeside {
    std::string file;  ///< in the export
    /// All of a user as JSON.
    std::function<Result<std::string>(const UserId&)> export_of;
    /// Deletes all of him, in the transaction that erases him.
    std::function<Result<void>(store::Writer&, const UserId&)> erase;
};

/// What a user may ask of his data. Thread-safe.
class Privacy {
  public:
    Privacy(Core& core, Documents& documents) : core_(core), documents_(documents) {}

    /// Before anybody asks.
    void add(KeptBeside part) { beside_.push_back(std::move(part)); }

    /// Everything that is kept of him, by file name, as JSON; secrets are named, not shown.
    [[nodiscard]] Result<std::map<std::string, std::string>> export_user(const UserId& user,
                                                                         const Caller& caller);
    /// His key is destroyed, and with it all that is sealed under it, in the audit too; the rest of
    /// him is deleted. What he did stays told, by an id that names nobody. "last_admin".
    Result<void> erase_user(const std::string& actor, const UserId& user);
    /// Deletes what is older than it may be; by a daily job. The number of rows.
    Result<std::int64_t> apply_retention(const Retention& retention);

  private:
    Result<std::string> own_audit(const UserKey& key);
    Core& core_;
    Documents& documents_;
    std::vector<KeptBeside> beside_;
};

}  // namespace astro::identity
