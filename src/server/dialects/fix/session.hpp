#pragma once

#include <memory>
#include <string>
#include <vector>

/// The session layer of FIX 4.4 without anybody's headers. This header is also read as C++14, which
/// QuickFIX's own headers are: their exception specifications are no C++17.
namespace astro {
namespace fix {

/// What a session remembers, of which nothing may be lost. Numbers begin at 1.
class SessionMemory {
  public:
    virtual ~SessionMemory() = default;
    virtual int next_out() const noexcept = 0;
    virtual int next_in() const noexcept = 0;
    virtual void set_next_out(int number) noexcept = 0;
    virtual void set_next_in(int number) noexcept = 0;
    /// A message under its number, before it is written.
    virtual void keep(int number, const std::string& message) noexcept = 0;
    /// Those kept from number to number, both included, in order. Numbers without a message are
    /// told to the other side as a gap.
    virtual std::vector<std::string> kept(int from, int to) const noexcept = 0;
    /// Both sides count from 1 again, and nothing is kept.
    virtual void begin_anew() noexcept = 0;
};

/// Why an application's message is refused by the session.
struct Fault {
    enum class Kind { none, missing, bad_value, unsupported };
    Kind kind;
    int tag;
};

/// Who uses a session: its connection and what takes its messages.
class SessionUser {
  public:
    virtual ~SessionUser() = default;
    virtual void write(const std::string& bytes) = 0;
    virtual void close() = 0;
    /// An application's message, in order and only once: all of its text.
    virtual Fault take(const std::string& message) = 0;
};

/// One side of a session, which outlives its connections. Not thread-safe; calls its user and its
/// memory from within its own calls.
class Session {
  public:
    virtual ~Session() = default;
    /// There is a connection, whose first message is the other side's Logon.
    virtual void connect() = 0;
    /// One whole message. False: it is garbled and was left out, as FIX asks for.
    virtual bool receive(const std::string& message) = 0;
    /// Often: heartbeats, test requests, and the end of who is silent.
    virtual void tick() = 0;
    /// Keeps the message under the next number and writes it when somebody is logged on. `body`:
    /// "tag=value" after "tag=value", each closed by SOH; groups whole and in order.
    virtual void send(const std::string& type, const std::string& body) = 0;
    virtual void log_out(const std::string& text) = 0;
    /// The connection has ended.
    virtual void disconnect() = 0;
    virtual bool is_logged_on() const = 0;
};

/// `memory` and `user` outlive it.
std::unique_ptr<Session> make_session(const std::string& ours, const std::string& theirs,
                                      SessionMemory& memory, SessionUser& user);

}  // namespace fix
}  // namespace astro
