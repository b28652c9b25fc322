#include "server/dialects/fix/acceptor.hpp"

#include <algorithm>

#include "capabilities/exchange/market_line.hpp"
#include "capabilities/exchange/queries.hpp"
#include "server/gateway/log.hpp"

namespace astro::fix {
namespace {

constexpr int kTurnMs = 100;
constexpr DurationNs kTickEvery = milliseconds(250), kKeysEvery = seconds(5),
                     kSweepEvery = seconds(3'600), kLogonWithin = seconds(10);
constexpr std::size_t kSkippedMax = 64UL << 10;  ///< bytes that are no message

gateway::Route logon_route() {
    gateway::Route out{.method = "FIX", .path = "/fix/logon", .summary = {}};
    out.permission = "exchange.read";
    return out;
}

}  // namespace

Result<std::unique_ptr<Acceptor>> Acceptor::start(const Around& around, const Options& options,
                                                  SessionStore& store, VenueEar& ear) {
    ASTRO_TRY(auto sockets, SocketServer::listen(options.address, options.port,
                                                 {.connections = options.connections_max}));
    std::unique_ptr<Acceptor> out(new Acceptor(around, options, store, ear, std::move(sockets)));
    out->thread_ = std::thread([acceptor = out.get()] { acceptor->run(); });
    return out;
}

Acceptor::Acceptor(const Around& around, const Options& options, SessionStore& store, VenueEar& ear,
                   std::unique_ptr<SocketServer> sockets)
    : around_(around),
      options_(options),
      store_(store),
      ear_(ear),
      sockets_(std::move(sockets)),
      reports_({[this](MarketId market) { return around_.desk.directory.symbol(market); }}),
      shared_{
          around_,   options_,
          *sockets_, reports_,
          ear_,      {[this](MarketId market) { return around_.desk.directory.symbol(market); }}},
      told_(store.told().value_or(0)) {
    for (SessionRecord* record : store_.sessions()) {
        reports_.watch(record->account);
        clients_.emplace(record->name, std::make_unique<Client>(shared_, *record));
    }
    for (const OrderState& order : store_.orders())
        if (reports_.is_watched(order.account)) reports_.put(order);
    ear_.on_items([this] { sockets_->wake(); });
    tap_ = around_.bus.tap([this](const EventPtr& event) {
        if (event->stream != exchange::kBookStream && event->stream != exchange::kTradeStream)
            return;
        const std::scoped_lock lock(market_mutex_);
        for (const auto& [name, value] : event->tags)
            if (name == "market") changed_markets_.insert(value);
        sockets_->wake();
    });
}

void Acceptor::stop() {
    if (stops_.exchange(true)) return;
    tap_.reset();
    sockets_->wake();
    if (thread_.joinable()) thread_.join();
    ear_.on_items({});
}

void Acceptor::run() {
    cancel_for_lost();
    while (!stops_) turn(kTurnMs);
    for (auto& [name, client] : clients_)
        if (client->is_connected()) client->log_out("the server stops");
    turn(0);
}

void Acceptor::turn(int timeout_ms) {
    // While the store takes nothing, nothing more is taken in.
    if (!is_broken_) sockets_->turn(timeout_ms, *this);
    hear_venue();
    tell_markets();
    tick();
    is_broken_ = !commit();
    if (is_broken_)
        around_.clock.sleep(seconds(1));
    else
        sockets_->flush(*this);
}

void Acceptor::cancel_for_lost() {
    for (SessionRecord* record : store_.sessions()) {
        if (!record->is_connected) continue;
        if (record->cancels)
            (void)around_.desk.service.submit({{}, exchange::CancelAll{.account = record->account}},
                                              [](const auto&) {});
        record->is_connected = false;
        record->touch();
    }
}

// ── connections ─────────────────────────────────────────────────────────────────────────────────

void Acceptor::on_open(ConnectionId id, const std::string& ip) {
    connections_.emplace(id, Connection{.ip = ip, .opened = around_.clock.monotonic()});
}

void Acceptor::on_bytes(ConnectionId id, std::string_view bytes) {
    Connection& connection = connections_.at(id);
    connection.frames.push(bytes);
    while (!connection.is_refused) {
        const auto message = connection.frames.next();
        if (!message) break;
        if (connection.client != nullptr)
            connection.client->receive(*message);
        else
            log_on(id, connection, *message);
    }
    const std::size_t skipped = connection.frames.skipped();
    if (skipped > (connection.client == nullptr ? 0 : kSkippedMax)) sockets_->close(id);
}

void Acceptor::on_end(ConnectionId id) {
    const auto at = connections_.find(id);
    if (at == connections_.end()) return;
    if (at->second.client != nullptr) at->second.client->on_end();
    connections_.erase(at);
}

void Acceptor::log_on(ConnectionId id, Connection& connection, const std::string& message) {
    const Fields fields(message);
    const auto refuse = [&](const std::string& why) {
        connection.is_refused = true;
        if (!why.empty())
            sockets_->write(id, stray_logout(fields, options_.name, why, now_ms(around_)));
        sockets_->close(id);
    };
    if (!fields.is(tag::kMsgType, "A")) return refuse("");
    const auto logon = parse_logon(fields, options_.name);
    if (!logon) return refuse(logon.error().message);
    net::Request request;
    request.method = "FIX";
    request.path = request.target = "/fix/logon";
    request.remote_address = connection.ip;
    const auto admission = around_.admit_logon(logon->proof, request, logon_route());
    if (admission.refusal) return refuse(admission.refusal->message);
    const auto client = client_of(*logon, admission.caller);
    if (!client) return refuse(client.error().message);
    SessionRecord& record = (*client)->record();
    record.cancels = logon->cancels_on_disconnect;
    record.logon_ms = logon->time_ms;
    connection.client = *client;
    (*client)->connect(id, connection.ip, admission.caller, message);
}

Result<Client*> Acceptor::client_of(const Logon& logon, const gateway::Caller& caller) {
    const net::Request nothing;
    ASTRO_TRY(const AccountId account,
              exchange::own_account(around_.desk, gateway::Call(nothing, caller), logon.account));
    if (SessionRecord* record = store_.find(logon.key)) {
        if (logon.account && record->account != account)
            return refusal("fix_logon", "field 1 is not the session's account, which is " +
                                            std::to_string(record->account.value()));
        Client* client = clients_.at(logon.key).get();
        if (client->is_connected())
            return refusal("fix_logon", "this key is logged on already; one session a key");
        return client;
    }
    ASTRO_TRY(SessionRecord * record, store_.add(logon.key, account));
    auto client = std::make_unique<Client>(shared_, *record);
    if (!reports_.is_watched(account)) {
        reports_.watch(account);
        ear_.watch(account, around_.desk.service);
        hear_venue();
    }
    if (told_ == 0) told_ = around_.desk.service.applied().value();
    return clients_.emplace(logon.key, std::move(client)).first->second.get();
}

// ── the venue ───────────────────────────────────────────────────────────────────────────────────

void Acceptor::hear_venue() {
    auto heard = ear_.take();
    for (auto& item : heard.items) std::visit([this](auto& what) { hear(what); }, item);
    told_ = std::max(told_, heard.sequence);
}

void Acceptor::hear(VenueEar::Command& command) {
    // Told in an earlier run; others want to hear from farther back.
    if (command.sequence <= told_) return;
    const auto& submission = command.submission;
    const Happened happened{command.sequence, command.time, submission.body, *command.events};
    for (const auto& message : reports_.apply(happened, submission.key))
        for (auto& [name, client] : clients_)
            if (message.session.empty() ? client->record().account == message.account
                                        : message.session == name)
                client->send(message.type, message.body);
    if (const auto key = parse_key(submission.key))
        if (SessionRecord* record = store_.find(key->session)) record->release(key->client_id);
    told_ = command.sequence;
}

void Acceptor::hear(VenueEar::Begin& begin) {
    for (auto& order : begin.orders) reports_.put(std::move(order));
    told_ = std::max(told_, begin.sequence);
}

void Acceptor::hear(const VenueEar::Answer& answer) {
    const auto client = clients_.find(answer.session);
    if (client != clients_.end()) client->second->hear(answer);
}

void Acceptor::tell_markets() {
    std::set<std::string> changed;
    {
        const std::scoped_lock lock(market_mutex_);
        changed.swap(changed_markets_);
    }
    for (const auto& market : changed)
        for (auto& [name, client] : clients_)
            if (client->is_connected()) client->tell_market(market);
}

// ── time ────────────────────────────────────────────────────────────────────────────────────────

void Acceptor::tick() {
    const TimestampNs now = around_.clock.monotonic();
    if (now < ticked_ + kTickEvery) return;
    ticked_ = now;
    for (auto& [name, client] : clients_)
        if (client->is_connected()) client->tick();
    for (const auto& [id, connection] : connections_)
        if (connection.client == nullptr && connection.opened + kLogonWithin < now)
            sockets_->close(id);
    check_keys();
    if (now < swept_ + kSweepEvery) return;
    swept_ = now;
    if (const auto done = store_.forget_old(); !done)
        gateway::log(gateway::LogLevel::error, "fix.store", {{"why", done.error().text()}});
}

void Acceptor::check_keys() {
    const TimestampNs now = around_.clock.monotonic();
    if (now < checked_ + kKeysEvery) return;
    checked_ = now;
    static const gateway::Channel kOwn{
        .stream = "exchange.account", .summary = "", .permission = "exchange.read"};
    for (auto& [name, client] : clients_)
        if (client->is_connected() && !around_.access->may_follow(client->caller(), kOwn))
            client->log_out("the key may be used no more");
}

/// False: the store did not take it, so nothing of it may be written.
bool Acceptor::commit() {
    auto changed = reports_.take_changed();
    // How far the journal was told matters when something is told of it, and else now and then.
    const bool far = store_.told() && told_ > *store_.told() + 1'000;
    if (changed.empty() && !store_.is_dirty() && !far) return true;
    std::vector<OrderState> orders;
    for (const OrderId id : changed)
        if (const OrderState* order = reports_.orders().find(id)) orders.push_back(*order);
    const auto done = store_.commit(told_, orders);
    if (done) return true;
    for (const OrderId id : changed) reports_.mark_changed(id);
    gateway::log(gateway::LogLevel::error, "fix.store", {{"why", done.error().text()}});
    return false;
}

}  // namespace astro::fix
