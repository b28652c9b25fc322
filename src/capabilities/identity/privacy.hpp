#pragma once

#include "capabilities/identity/documents.hpp"

namespace astro::identity {

/// How long what is kept of people and attempts stays; days.
struct Retention {
    std::int64_t ended_sessions = 30;
    std::int64_t login_failures = 1;
};

/// What a user may ask of his data. Thread-safe.
class Privacy {
  public:
    Privacy(Core& core, Documents& documents) : core_(core), documents_(documents) {}

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
};

}  // namespace astro::identity
