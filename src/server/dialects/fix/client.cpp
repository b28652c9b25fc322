#include "server/dialects/fix/client.hpp"

#include <algorithm>

namespace astro::fix {
namespace {

constexpr int kReasonOther = 0, kReasonNotAuthorized = 6, kReasonUnavailable = 4;

/// What a message counts as, and what it needs, as if it were a request of the gateway's.
gateway::Route route_of(const std::string& type) {
    const bool writes = type == "D" || type == "G" || type == "F" || type == "q";
    const bool is_public = type == "V" || type == "x";
    gateway::Route out{.method = "FIX", .path = "/fix/" + type, .summary = {}};
    out.permission = writes      ? "exchange.trade"
                     : is_public ? std::string(gateway::kPublicPermission)
                                 : "exchange.read";
    out.limit_class = writes ? gateway::RouteClass::write : gateway::RouteClass::read;
    return out;
}

}  // namespace

Client::Client(Shared& shared, SessionRecord& record)
    : shared_(shared),
      record_(record),
      session_(make_session(shared.options.name, record.name, record, *this)),
      market_data_(shared.around.tape) {}

void Client::connect(ConnectionId connection, std::string ip, gateway::Caller caller,
                     const std::string& logon) {
    connection_ = connection;
    ip_ = std::move(ip);
    caller_ = std::move(caller);
    const double rate = shared_.options.messages_per_second;
    pace_ = {rate, rate, shared_.around.clock.monotonic()};
    session_->connect();
    session_->receive(logon);
    record_.is_connected = session_->is_logged_on();
    record_.touch();
    if (!record_.is_connected) close();
}

void Client::receive(const std::string& message) {
    session_->receive(message);
}

void Client::write(const std::string& bytes) {
    if (connection_) shared_.sockets.write(*connection_, bytes);
}

void Client::close() {
    if (connection_) shared_.sockets.close(*connection_);
}

void Client::log_out(const std::string& why) {
    session_->log_out(why);
    session_->tick();
}

void Client::tick() {
    session_->tick();
}

void Client::on_end() {
    connection_.reset();
    session_->disconnect();
    market_data_.clear();
    if (record_.is_connected && record_.cancels)
        (void)shared_.around.desk.service.submit({{}, exchange::CancelAll{.account = account()}},
                                                 [](const auto&) {});
    record_.is_connected = false;
    record_.touch();
}

Client::Request Client::request_of(std::string_view message) {
    const Fields fields(message);
    return {message, std::string(fields.text(tag::kMsgType)), fields,
            fields.number(tag::kMsgSeqNum).value_or(0), fields.is(tag::kPossDup, "Y")};
}

Fault Client::take(const std::string& message) {
    const Request request = request_of(message);
    if (!admit(request)) return {Fault::Kind::none, 0};
    return dispatch(request);
}

bool Client::admit(const Request& request) {
    if (!pace_.take(shared_.around.clock.monotonic())) {
        reject_business(request, kReasonOther, "too many messages in too short a time");
        return false;
    }
    net::Request as_http;
    as_http.method = "FIX";
    as_http.path = as_http.target = "/fix/" + request.type;
    as_http.remote_address = ip_;
    const auto admission =
        shared_.around.access->admit_caller(caller_, as_http, route_of(request.type));
    if (!admission.refusal) return true;
    const bool is_rate = admission.refusal->kind == ErrorKind::limited;
    reject_business(request, is_rate ? kReasonOther : kReasonNotAuthorized,
                    admission.refusal->message);
    return false;
}

Fault Client::dispatch(const Request& request) {
    const std::string& type = request.type;
    if (type == "D")
        place(request);
    else if (type == "G" || type == "F")
        change(request);
    else if (type == "q")
        cancel_all(request);
    else if (type == "H")
        tell_status(request);
    else if (type == "AF")
        tell_all(request);
    else if (type == "AN")
        tell_positions(request);
    else if (type == "x")
        tell_securities(request);
    else if (type == "V")
        tell_market_data(request);
    else
        return {Fault::Kind::unsupported, 0};
    return {Fault::Kind::none, 0};
}

void Client::reject_business(const Request& request, int reason, std::string_view why) {
    std::string_view reference;
    for (const int tag : {tag::kClOrdId, tag::kMdReqId, tag::kPosReqId, tag::kSecurityReqId})
        if (reference.empty()) reference = request.fields.text(tag);
    Body body;
    body.put(tag::kRefSeqNum, std::int64_t{request.number})
        .put(tag::kRefMsgType, request.type)
        .put(tag::kBusinessRefId, reference)
        .put(tag::kBusinessReason, std::int64_t{reason})
        .put(tag::kText, why);
    send("j", body.take());
}

MarketOf Client::market_of() const {
    return [&directory = shared_.around.desk.directory](std::string_view symbol) {
        return directory.market(symbol);
    };
}

/// Grows with time, so that none comes twice in any run.
std::string Client::exec_id() {
    last_exec_ = std::max(last_exec_ + 1, shared_.around.clock.now().value());
    return "r" + std::to_string(last_exec_);
}

// ── requests that become commands ───────────────────────────────────────────────────────────────

void Client::place(const Request& request) {
    auto order = new_order(request.fields, account(), market_of());
    if (!order) return refuse(request, order.error());
    submit(request, std::move(*order));
}

const OrderState* Client::order_of(const Fields& fields, int name_tag) const {
    const auto& orders = shared_.reports.orders();
    if (const auto id = fields.find(tag::kOrderId)) {
        std::int64_t number = 0;
        if (!parse_decimal(*id, 0, number)) return nullptr;
        const OrderId order{static_cast<OrderId::Rep>(number)};
        const OrderState* found = orders.find(account(), order);
        // The one that waited is called by its own number for good.
        return found != nullptr && found->placed ? orders.find(account(), *found->placed) : found;
    }
    const auto name = client_id_of(fields, name_tag);
    return name ? orders.find(account(), *name) : nullptr;
}

void Client::change(const Request& request) {
    const auto refuse_with = [&](std::string_view code, std::string why) {
        refuse(request, {ErrorKind::refusal, code, std::move(why)});
    };
    if (const auto own = check_account(request.fields, account()); !own)
        return refuse(request, own.error());
    if (const auto name = client_id_of(request.fields, tag::kClOrdId); !name)
        return refuse(request, name.error());
    const OrderState* order = order_of(request.fields, tag::kOrigClOrdId);
    if (order == nullptr)
        return refuse_with(fault::kUnknownOrder, "field 41 names no order of this account");
    if (request.type == "F") return submit(request, exchange::CancelOrder{account(), order->id});
    const auto amend = replacement(request.fields, *order, market_of());
    if (!amend) return refuse(request, amend.error());
    submit(request, *amend);
}

void Client::cancel_all(const Request& request) {
    const auto name = client_id_of(request.fields, tag::kClOrdId);
    if (!name) return reject_business(request, kReasonOther, name.error().message);
    const auto all = mass_cancel(request.fields, account(), market_of());
    if (!all) return reject_business(request, kReasonOther, all.error().message);
    submit(request, *all);
}

void Client::submit(const Request& request, exchange::CommandBody body) {
    const std::string client_id(request.fields.text(tag::kClOrdId));
    if (record_.holds(client_id)) {
        refuse(request, {ErrorKind::conflict, fault::kDuplicate, "field 11 is under way already"});
        return;
    }
    record_.hold(client_id);
    // A request that comes again may be one that was done: then all has been told.
    const std::string again(request.poss_dup ? "" : request.message);
    const auto done = [&ear = shared_.ear, session = record_.name, client_id,
                       again](const Result<exchange::Outcome>& outcome) {
        if (!outcome)
            ear.post(VenueEar::Answer{session, client_id, again, outcome.error()});
        else if (outcome->repeated)
            ear.post(VenueEar::Answer{session, client_id, again, {}});
    };
    const auto taken = shared_.around.desk.service.submit(
        {key_text({record_.name, client_id}), std::move(body)}, done);
    if (taken) return;
    record_.release(client_id);
    if (taken.error().kind == ErrorKind::conflict) {
        if (!request.poss_dup)
            refuse(request, {ErrorKind::conflict, fault::kDuplicate, "field 11 was used before"});
        return;
    }
    reject_business(request, kReasonUnavailable, taken.error().message);
}

void Client::refuse(const Request& request, const Error& error) {
    const TimeMs now = now_ms(shared_.around);
    if (request.type == "D")
        return send("8", refused_order(request.fields, account(), exec_id(),
                                       order_reason(error.code), error.message, now));
    if (request.type == "q") return reject_business(request, kReasonOther, error.message);
    const CancelRefusal refusal{request.type, request.fields.text(tag::kClOrdId),
                                request.fields.text(tag::kOrigClOrdId), cancel_reason(error.code),
                                error.message};
    send("9", refused_cancel(refusal, order_of(request.fields, tag::kOrigClOrdId), account(), now));
}

/// Of a request that was done before, or of which it is not known whether it was.
void Client::hear(const VenueEar::Answer& answer) {
    record_.release(answer.client_id);
    if (answer.request.empty()) return;
    const Request request = request_of(answer.request);
    if (answer.error) return reject_business(request, kReasonUnavailable, answer.error->message);
    refuse(request, {ErrorKind::conflict, fault::kDuplicate, "field 11 was used before"});
}

}  // namespace astro::fix
