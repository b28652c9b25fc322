#pragma once

#include <boost/json.hpp>
#include <future>
#include <set>

#include "capabilities/exchange/rows.hpp"
#include "capabilities/exchange/service_test_support.hpp"
#include "capabilities/exchange/tables.hpp"
#include "capabilities/exchange/trading.hpp"

namespace astro::exchange::test {

namespace bj = boost::json;

struct Reply {
    int status = 0;
    bj::value body;
    [[nodiscard]] std::string text(std::string_view member) const {
        const auto* found = body.as_object().if_contains(member);
        if (found == nullptr) return "(absent)";
        if (found->is_string()) return std::string(found->as_string());
        return bj::serialize(*found);
    }
    /// "422 margin_insufficient"
    [[nodiscard]] std::string brief() const {
        return std::to_string(status) + (status >= 400 ? " " + text("code") : "");
    }
};

/// Which commands were done, by their place in CommandBody.
class DoneCommands final : public Listener {
  public:
    void on_applied(const Applied& applied) override {
        if (applied.events.empty() || !std::holds_alternative<Refused>(applied.events.front()))
            done.insert(applied.submission.body.index());
    }
    void on_group_end(const Venue&) override {}
    std::set<std::size_t> done;
};

/// The routes over a venue on real files, as the gateway calls them once it knows who calls.
struct TradingTest : testing::Test {
    /// `more` hear of what is applied as well.
    explicit TradingTest(std::vector<Listener*> more = {}) : more_listeners(std::move(more)) {
        store = store::open_sqlite({.path = site.directory.path() + "/rows.db"}).value();
        EXPECT_TRUE(store->migrate(migrations()));
        start();
        index("SOL-PERP", "100");
    }
    ~TradingTest() override { stop(); }

    void start() {
        rows = Rows::open(*store, site.clock, {}).value();
        bus = make_bus();
        trading = Trading::open(*store, *bus, site.clock,
                                TradingOptions{.is_paper = true,
                                               .audit = [this](const auto& change) -> Result<void> {
                                                   if (audit_fails)
                                                       return unavailable("store_down", "no");
                                                   changes.push_back(change);
                                                   return {};
                                               }})
                      .value();
        site.options.heard_from = std::min(rows->wanted_from(), trading->wanted_from());
        std::vector<Listener*> listeners = trading->listeners();
        listeners.push_back(rows.get());
        listeners.push_back(&commands);
        listeners.insert(listeners.end(), more_listeners.begin(), more_listeners.end());
        service = site.open(listeners);
        trading->attach(*service);
        routes = trading->routes();
    }
    void stop() {
        if (rows) rows->begin_stop();
        if (service) service->stop();
        if (trading) trading->stop();
        routes.clear();
        service.reset();
        trading.reset();
        rows.reset();
    }

    static std::string user(int number) { return std::string(31, '0') + std::to_string(number); }

    Reply ask(int who, const std::string& method, const std::string& target,
              const std::string& body = {}, const std::string& key = {}) {
        net::Request request;
        request.method = method;
        request.target = target.starts_with("/api/") ? target : kExchangePrefix + target;
        request.body = body;
        request.request_id = "r";
        if (!key.empty()) request.headers.set("idempotency-key", key);
        EXPECT_TRUE(net::split_target(request));
        const gateway::Route* route = route_of(request);
        if (route == nullptr) {
            ADD_FAILURE() << "no route " << method << " " << target;
            return {};
        }
        gateway::Caller caller;
        caller.user = who == 0 ? "" : user(who);
        const auto response = answer(*route, request, caller);
        Reply out;
        if (response) {
            out = {response->status, bj::parse(response->text())};
        } else {
            const Error& error = response.error();
            out.status = status_of(error.kind);
            out.body = bj::object{{"code", std::string(error.code)},
                                  {"detail", error.message},
                                  {"where", error.where}};
        }
        return out;
    }
    Reply post(int who, const std::string& target, const std::string& body,
               const std::string& key = {}) {
        return ask(who, "POST", target, body, key);
    }
    /// An account with money.
    int account(int who, const std::string& usdc = "100000") {
        const auto opened = post(who, "/accounts", "{}");
        EXPECT_EQ(opened.status, 201) << bj::serialize(opened.body);
        const auto number = static_cast<int>(opened.body.at("account").as_int64());
        if (!usdc.empty()) {
            EXPECT_EQ(post(who, "/faucet",
                           R"({"account":)" + std::to_string(number) +
                               R"(,"asset":"USDC","amount":")" + usdc + "\"}")
                          .status,
                      201);
        }
        return number;
    }
    void index(const std::string& market, const std::string& price) {
        EXPECT_EQ(ask(9, "PUT", "/operate/prices",
                      R"({"market":")" + market + R"(","index":")" + price + "\"}")
                      .status,
                  200);
    }
    static std::string limit(const std::string& side, const std::string& size,
                             const std::string& price, const std::string& more = {}) {
        return R"({"market":"SOL-PERP","side":")" + side + R"(","size":")" + size +
               R"(","price":")" + price + "\"" + more + "}";
    }

    std::vector<Listener*> more_listeners;
    Site site;
    std::vector<VenueChange> changes;  ///< that the audit has
    bool audit_fails = false;
    DoneCommands commands;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Rows> rows;
    std::unique_ptr<Bus> bus;
    std::unique_ptr<Trading> trading;
    std::unique_ptr<Service> service;
    std::vector<gateway::Route> routes;

  private:
    static int status_of(ErrorKind kind) {
        switch (kind) {
            case ErrorKind::not_found:
                return 404;
            case ErrorKind::conflict:
                return 409;
            case ErrorKind::limited:
                return 429;
            case ErrorKind::unauthenticated:
                return 401;
            case ErrorKind::forbidden:
                return 403;
            default:
                return 400;
        }
    }
    static Result<net::Response> answer(const gateway::Route& route, const net::Request& request,
                                        const gateway::Caller& caller) {
        if (route.handler) return route.handler(gateway::Call(request, caller));
        std::promise<Result<net::Response>> promise;
        auto future = promise.get_future();
        const auto call = std::make_shared<const gateway::Call>(request, caller);
        route.begin(call, [&](Result<net::Response> r) { promise.set_value(std::move(r)); });
        return future.get();
    }
    static std::vector<std::string> segments(const std::string& path) {
        std::vector<std::string> out(1);
        for (const char c : path)
            if (c == '/')
                out.emplace_back();
            else
                out.back() += c;
        return out;
    }
    /// Literal segments win over parameters.
    const gateway::Route* route_of(net::Request& request) const {
        const gateway::Route* best = nullptr;
        const auto path = segments(request.path);
        std::size_t fewest = SIZE_MAX;
        for (const auto& route : routes) {
            const auto pattern = segments(route.path);
            if (route.method != request.method || pattern.size() != path.size()) continue;
            std::vector<std::pair<std::string, std::string>> found;
            bool fits = true;
            for (std::size_t i = 0; i < path.size(); ++i)
                if (pattern[i].starts_with('{'))
                    found.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), path[i]);
                else
                    fits = fits && pattern[i] == path[i];
            if (!fits || found.size() >= fewest) continue;
            best = &route;
            fewest = found.size();
            request.path_params = found;
        }
        return best;
    }
};

}  // namespace astro::exchange::test
