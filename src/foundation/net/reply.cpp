#include "foundation/net/reply.hpp"

#include "foundation/net/http_session.hpp"

namespace astro::net {
namespace {

class ReplyOnce {
  public:
    ReplyOnce(std::weak_ptr<HttpSession> session, std::uint64_t request)
        : session_(std::move(session)), request_(request) {}
    ReplyOnce(const ReplyOnce&) = delete;
    ReplyOnce& operator=(const ReplyOnce&) = delete;
    ~ReplyOnce() { give(std::nullopt); }

    void give(std::optional<Response> response) {
        if (used_.exchange(true)) return;
        const auto session = session_.lock();
        if (!session) return;
        if (session->loop().is_current()) {
            session->deliver(request_, std::move(response));
            return;
        }
        // Weak: what is still posted when the loop ends must not keep the loop alive.
        session->loop().post(
            [session = session_, request = request_,
             answer = std::make_shared<std::optional<Response>>(std::move(response))] {
                if (const auto alive = session.lock()) alive->deliver(request, std::move(*answer));
            });
    }

  private:
    std::weak_ptr<HttpSession> session_;
    std::uint64_t request_;
    std::atomic<bool> used_{false};
};

}  // namespace

Reply make_reply(std::weak_ptr<HttpSession> session, std::uint64_t request) {
    return [once = std::make_shared<ReplyOnce>(std::move(session), request)](Response response) {
        once->give(std::move(response));
    };
}

}  // namespace astro::net
