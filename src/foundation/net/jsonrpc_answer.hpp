#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "foundation/base/result.hpp"
#include "foundation/net/message.hpp"

namespace astro::net {

/// Looks at the top level of JSON-RPC 2.0 answers. Keeps its working memory: one a thread.
class AnswerChecker {
  public:
    AnswerChecker();
    ~AnswerChecker();
    AnswerChecker(AnswerChecker&&) noexcept;
    AnswerChecker& operator=(AnswerChecker&&) noexcept;

    /// Well when `body` is an answer with a result to request `id`. "rpc_error": it is an error
    /// (where = its number, message = its text). "bad_response": it is neither. May grow the
    /// capacity of `body`, never its text.
    Result<void> check(std::string& body, std::uint64_t id);

  private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

/// {"jsonrpc":"2.0","id":…,"method":…,"params":…}
[[nodiscard]] std::string jsonrpc_request(std::uint64_t id, std::string_view method,
                                          std::string_view params);
/// The seconds that a Retry-After value asks for (a number or an HTTP date); nothing when it is
/// neither. `now_unix` in seconds.
[[nodiscard]] std::optional<std::int64_t> parse_retry_after(std::string_view value,
                                                            std::int64_t now_unix);
/// Scheme, authority and path of an endpoint, safe to show: see EndpointHealth::url.
[[nodiscard]] std::string displayed_url(const Url& url);

}  // namespace astro::net
