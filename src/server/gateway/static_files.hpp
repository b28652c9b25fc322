#pragma once

#include <map>
#include <memory>
#include <string>

#include "foundation/base/result.hpp"
#include "foundation/net/message.hpp"

namespace astro::gateway {

/// The built terminal, read once into memory with its compressed forms: a request costs no disk and
/// can name no file outside. Immutable after it is made.
///
/// Paths of pages (no extension) that are no file answer index.html, since the terminal routes
/// them; anything else that is not there is 404.
class StaticFiles {
  public:
    /// An empty set when the folder is not there; a refusal when it holds more than is plausible.
    static Result<StaticFiles> load(const std::string& directory);

    /// Answers GET and HEAD with ETag, 304, compression and caching rules.
    [[nodiscard]] net::Response answer(const net::Request& request) const;
    [[nodiscard]] bool empty() const { return files_.empty(); }

  private:
    struct File {
        std::string type, tag, cache;
        std::shared_ptr<const std::string> plain, gzip, brotli;  ///< the last two null: no gain
    };
    [[nodiscard]] const File* find(const net::Request& request) const;
    static File make_file(std::string path, std::string content);

    std::map<std::string, File, std::less<>> files_;  ///< by path: "/assets/index-abc.js"
};

enum class AnswerFor { page, program };
/// Header lines of every answer of the gateway: a page keeps to what the terminal needs, data are
/// never shown as one; over TLS also that a browser never comes back without. Constant text.
[[nodiscard]] std::string_view security_headers(bool secure, AnswerFor whom);

}  // namespace astro::gateway
