#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "foundation/base/clock.hpp"
#include "foundation/store/store.hpp"
#include "server/dialects/fix/session.hpp"
#include "server/dialects/orders/order_state.hpp"

/// What sessions remember, in one file of its own: what was written to whom under which number, the
/// orders that reports are about, and how far the venue's journal has been told. All three change
/// in one transaction, before a byte is written, so that after a crash the journal is told from
/// exactly where it was: no report is lost and none has two numbers (docs/adr/0005).
namespace astro::fix {

using exchange::AccountId;
using exchange::OrderId;

struct StoreLimits {
    std::int64_t keep_days = 7;      ///< messages, and sessions that nobody uses
    std::size_t sessions_max = 256;  ///< that are remembered
};

/// One session's memory. Changes wait for SessionStore::commit().
class SessionRecord final : public SessionMemory {
  public:
    explicit SessionRecord(std::string their_name) : name(std::move(their_name)) {}

    int next_out() const noexcept override { return next_out_; }
    int next_in() const noexcept override { return next_in_; }
    void set_next_out(int number) noexcept override;
    void set_next_in(int number) noexcept override;
    void keep(int number, const std::string& message) noexcept override;
    std::vector<std::string> kept(int from, int to) const noexcept override;
    void begin_anew() noexcept override;

    /// The request under way came under the number that is expected: until release() a restart
    /// expects it again, since what it asked for may not be durable.
    void hold(const std::string& client_id) { held_.emplace(client_id, next_in_); }
    [[nodiscard]] bool holds(const std::string& client_id) const {
        return held_.contains(client_id);
    }
    void release(const std::string& client_id);
    void touch() { is_changed_ = true; }

    const std::string name;  ///< the API key's id, which is the other side's CompID
    AccountId account{};
    bool cancels = false;       ///< its account's orders, when it is disconnected
    bool is_connected = false;  ///< a crash leaves it so
    std::int64_t logon_ms = 0;  ///< SendingTime of its last Logon
    std::int64_t used_ms = 0;   ///< when it was connected last

  private:
    friend class SessionStore;
    struct Message {
        int number;
        std::string text;
    };
    [[nodiscard]] int safe_next_in() const;

    store::Store* store_ = nullptr;
    int next_out_ = 1, next_in_ = 1;
    std::map<std::string, int> held_;
    std::vector<Message> written_;  ///< not committed yet
    bool is_new_ = false, is_changed_ = false, begins_anew_ = false;
};

class SessionStore {
  public:
    /// Makes the file. "store_corrupt" and what stores refuse with.
    [[nodiscard]] static Result<std::unique_ptr<SessionStore>> open(store::SqliteOptions options,
                                                                    StoreLimits limits,
                                                                    const Clock& clock);

    [[nodiscard]] std::vector<SessionRecord*> sessions() const;
    [[nodiscard]] SessionRecord* find(const std::string& name) const;
    /// "too_many_sessions"
    [[nodiscard]] Result<SessionRecord*> add(const std::string& name, AccountId account);
    /// Those that were open when they were committed last.
    [[nodiscard]] const std::vector<dialects::OrderState>& orders() const { return orders_; }
    /// The last command of the journal that has been told; nothing without sessions.
    [[nodiscard]] std::optional<std::uint64_t> told() const { return told_; }

    /// Everything that has changed. `changed`: orders as they are now.
    Result<void> commit(std::uint64_t told, const std::vector<dialects::OrderState>& changed);
    /// Whether there is anything but `told` to commit.
    [[nodiscard]] bool is_dirty() const;
    /// Forgets what is too old.
    Result<void> forget_old();

  private:
    SessionStore(std::unique_ptr<store::Store> store, StoreLimits limits, const Clock& clock)
        : store_(std::move(store)), limits_(limits), clock_(clock) {}
    Result<void> load();
    Result<void> load_orders();
    Result<void> write_session(store::Writer& writer, SessionRecord& record) const;

    const std::unique_ptr<store::Store> store_;
    const StoreLimits limits_;
    const Clock& clock_;
    std::map<std::string, std::unique_ptr<SessionRecord>> sessions_;
    std::vector<dialects::OrderState> orders_;
    std::optional<std::uint64_t> told_;
};

}  // namespace astro::fix
