#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capabilities/identity/core.hpp"

namespace astro::identity {

enum class DocumentKind { layout, dashboard, setting, drawing };
BOOST_DESCRIBE_ENUM(DocumentKind, layout, dashboard, setting, drawing)

/// Of one user no two have the same.
struct DocumentName {
    DocumentKind kind = DocumentKind::layout;
    std::string name;
};

struct DocumentView {
    DocumentKind kind = DocumentKind::layout;
    std::string name;
    std::string tag;  ///< another one after each change; as the ETag, there in quotes
    std::int64_t bytes = 0;
    bool shared = false;  ///< there is a link by which everybody reads it
    TimestampNs created;
    TimestampNs updated;
};
BOOST_DESCRIBE_STRUCT(DocumentView, (), (kind, name, tag, bytes, shared, created, updated))

struct Document {
    DocumentView view;
    std::string body;
};

/// What must hold of a document for it to be changed, as If-Match and If-None-Match say it.
struct DocumentCondition {
    std::optional<std::string> match;  ///< ETags in quotes, or "*" for any
    bool absent = false;               ///< it must not be there
};

/// JSON that pages keep for a user (layouts of the terminal, dashboards, settings, drawings) and
/// that the server does not look into. Sealed under the user's own key. Thread-safe.
class Documents {
  public:
    static constexpr std::int64_t kDocumentsMax = 200;  ///< of a user
    static constexpr std::size_t kBytesMax = 64 * 1024;
    static constexpr std::size_t kDepthMax = 32;
    static constexpr std::size_t kNameBytesMax = 64;

    explicit Documents(Core& core) : core_(core) {}

    /// By kind and name; of one kind, or of all.
    [[nodiscard]] Result<std::vector<DocumentView>> list(const UserId& user,
                                                         std::optional<DocumentKind> kind);
    /// "document_unknown"
    [[nodiscard]] Result<Document> get(const UserId& user, const DocumentName& name);
    /// Makes or replaces it. "bad_json", "bad_body", "too_many_documents", "document_changed" when
    /// the condition does not hold.
    Result<DocumentView> put(const UserId& user, const DocumentName& name, const std::string& body,
                             const DocumentCondition& condition = {});
    /// "document_unknown", "document_changed"
    Result<void> remove(const UserId& user, const DocumentName& name,
                        const DocumentCondition& condition = {});

    /// Makes the link by which everybody reads it, and ends the one before. The token is shown here
    /// and never again. "document_unknown"
    Result<std::string> share(const UserId& user, const DocumentName& name, const Caller& caller);
    /// Ends the link. "document_unknown", "document_not_shared"
    Result<void> unshare(const UserId& user, const DocumentName& name, const Caller& caller);
    /// What a link leads to, as long as its owner's account is active. "document_unknown"
    [[nodiscard]] Result<Document> shared(std::string_view token);

    /// All of a user as one JSON list, for the export.
    [[nodiscard]] Result<std::string> export_all(const UserKey& key);

  private:
    Core& core_;
};

/// 1 to 64 bytes without control characters, "/" and spaces at the ends. "bad_parameter"
[[nodiscard]] Result<void> check_document_name(std::string_view name);

}  // namespace astro::identity
