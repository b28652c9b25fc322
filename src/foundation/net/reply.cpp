#include "foundation/net/reply.hpp"

#include "foundation/net/http_session.hpp"

namespace astro::net {
namespace {

class ReplyOnce {
  public:
    ReplyOnce(std::weak_ptr<HttpSession> session, std::shared_ptr<Loop> loop, std::uint64_t request)
        : session_(std::move(session)), loop_(std::move(loop)), request_(request) {}
    ReplyOnce(const ReplyOnce&) = delete;
    ReplyOnce& operator=(const ReplyOnce&) = delete;
    ~ReplyOnce() { give(std::nullopt); }

    void give(std::optional<Response> response) {
        if (used_.exchange(true)) return;
        auto deliver = [session = session_, request = request_,
                        answer = std::make_shared<std::optional<Response>>(std::move(response))] {
            if (const auto alive = session.lock()) alive->deliver(request, std::move(*answer));
        };
        // Only the loop's thread may hold the session: whoever holds it last ends it. Weak also
        // because what is still posted when the loop ends must not keep the loop alive.
        if (loop_->is_current())
            deliver();
        else
            loop_->post(std::move(deliver));
    }

  private:
    std::weak_ptr<HttpSession> session_;
    std::shared_ptr<Loop> loop_;
    std::uint64_t request_;
    std::atomic<bool> used_{false};
};

}  // namespace

Reply make_reply(std::weak_ptr<HttpSession> session, std::shared_ptr<Loop> loop,
                 std::uint64_t request) {
    return [once = std::make_shared<ReplyOnce>(std::move(session), std::move(loop), request)](
               Response response) { once->give(std::move(response)); };
}

}  // namespace astro::net
