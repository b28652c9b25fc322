/// Requests a second of the gateway beside a bare epoll server in the same run: absolute rates
/// swing with the machine, their ratio does not. One JSON object a line.

#include <cstdio>

#include "capabilities/identity/access.hpp"
#include "capabilities/identity/rows.hpp"
#include "foundation/base/json.hpp"
#include "foundation/crypto/hmac.hpp"
#include "foundation/crypto/random.hpp"
#include "foundation/net/server.hpp"
#include "foundation/store/store.hpp"
#include "http_load.hpp"
#include "server/gateway/gateway.hpp"

namespace {

using namespace astro;
using namespace astro::bench;

constexpr int kRounds = 4;  // the best counts

Measured best_of(const Measured& a, const Measured& b) {
    auto out = a.rate > b.rate ? a : b;
    out.good = a.good && b.good;
    return out;
}

struct Row {
    std::string name;
    std::uint16_t port;
    std::function<Ask()> prepare;
    double limit;          ///< least ratio to the rate of `beside`
    std::size_t beside;    ///< index of a row
    Measured best{};       ///< saturated
    Measured half_load{};  ///< p99 at half of that rate
};
constexpr double kHalfLoadP99MaxMs = 20;

int print(const Row& row, const Row& beside) {
    const double ratio = row.best.rate / beside.best.rate;
    const bool met = row.best.good && row.half_load.good && ratio >= row.limit &&
                     row.half_load.p99_ms < kHalfLoadP99MaxMs;
    std::printf(R"({"bench":"gateway","name":"%s","requests_per_second":%.0f,"ratio":%.2f,)"
                R"("beside":"%s","limit":%.2f,"p99_ms":%.2f,"half_load_p99_ms":%.2f,)"
                R"("half_load_p99_limit_ms":%.0f,"met":%s})"
                "\n",
                row.name.c_str(), row.best.rate, ratio, beside.name.c_str(), row.limit,
                row.best.p99_ms, row.half_load.p99_ms, kHalfLoadP99MaxMs, met ? "true" : "false");
    return met ? 0 : 1;
}

/// Keeps the link of the one mail.
class LastMail final : public identity::Mailer {
  public:
    Result<void> send(const identity::Mail& mail) override {
        text = mail.text;
        return {};
    }
    std::string text;
};

/// The real door over a store in memory, and an access token of a user. Budgets are counted as
/// ever, but in buckets that this load does not empty.
class Accounts {
  public:
    explicit Accounts(Clock& clock) : clock_(clock) {
        ASTRO_ASSERT(store_->migrate(identity::migrations()).has_value());
        identity::ServiceSettings settings;
        settings.identity.api_keys_max = 4 * kConnections;
        settings.passkeys.rp_id = settings.solana.domain = "localhost";
        service_ = identity::Service::open({*store_, clock_, random_, mailer_, hasher_}, settings,
                                           crypto::MasterKeys(random_.secret_key()))
                       .value();
        access =
            identity::ServiceAccess::make(*service_, clock_, {}, std::make_unique<Deep>()).value();
        sign_in();
    }
    /// Of a viewer who has just signed in.
    const std::string& token() const { return tokens_.access_token; }
    /// A key of that viewer, one of many. `client` signs for it when it is an Ed25519 key.
    identity::CreatedApiKey key(identity::ApiKeyKind kind, const crypto::Ed25519Key& client) {
        identity::ApiKeySpec spec;
        spec.name = "bench";
        spec.kind = kind;
        spec.scopes = {"read"};
        if (kind == identity::ApiKeyKind::ed25519)
            spec.public_key = to_base64url(client.public_key().view());
        return service_->api_keys.create(user_, spec, kCaller).value();
    }
    crypto::Random& random() { return random_; }

    std::shared_ptr<identity::ServiceAccess> access;

  private:
    class Deep final : public identity::Limits {
      public:
        std::vector<identity::BucketAnswer> take(const std::vector<identity::Charge>& charges,
                                                 std::int64_t weight,
                                                 std::int64_t now_ms) override {
            auto deep = charges;
            for (auto& charge : deep) charge.rule = {1'000'000, 1'000'000, 1'000};
            return inner_->take(deep, weight, now_ms);
        }
        bool blocks() const override { return false; }
        std::string trouble() const override { return {}; }

      private:
        std::unique_ptr<identity::Limits> inner_ = identity::make_memory_limits(1'000);
    };

    void sign_in() {
        const std::string password = "turnip violin marshal eight";
        auto& accounts = service_->accounts;
        ASTRO_ASSERT(accounts.register_user("bench@example.org", password, kCaller).has_value());
        const auto start = mailer_.text.find('#') + 1;
        const auto end = mailer_.text.find_first_of(" \n", start);
        ASTRO_ASSERT(
            accounts.verify_email(mailer_.text.substr(start, end - start), kCaller).has_value());
        tokens_ = *accounts.login("bench@example.org", password, kCaller).value().tokens;
        user_ = service_->sessions.authenticate(tokens_.access_token)->user;
    }

    static inline const identity::Caller kCaller{"127.0.0.1", "bench"};
    Clock& clock_;
    std::unique_ptr<store::Store> store_ =
        store::open_sqlite({.path = ":memory:", .readers = 1}).value();
    crypto::SystemRandom random_;
    LastMail mailer_;
    identity::Argon2Hasher hasher_{{64, 1}, random_};
    std::unique_ptr<identity::Service> service_;
    identity::TokenPair tokens_;
    identity::UserId user_;
};

/// More than any round has used; a client that ran out would repeat itself and be refused.
constexpr std::size_t kHmacMax = 240'000, kEd25519Max = 60'000;
constexpr std::string_view kPath = "/api/v1/hot";

/// Signed requests, each with a nonce of its own, by a key a connection. They are made before they
/// are sent: the server is measured, not the client.
class SignedLoad {
  public:
    SignedLoad(Accounts& accounts, identity::ApiKeyKind kind)
        : kind_(kind), client_(crypto::Ed25519Key::generate(accounts.random())) {
        for (int i = 0; i < kConnections; ++i) {
            const auto made = accounts.key(kind, client_);
            keys_.push_back(made.key.id);
            secrets_.push_back(parse_base64url(made.secret).value_or(Bytes{}));
        }
    }
    /// As many as a round can use. Signatures hold for the receive window only.
    Ask prepare(std::size_t count, Clock& clock) {
        requests_.assign(kConnections, {});
        next_.assign(kConnections, 0);
        for (std::size_t i = 0; i < count; ++i)
            requests_[i % kConnections].push_back(make(i % kConnections, clock));
        return [this](int connection) -> std::string_view {
            const auto c = static_cast<std::size_t>(connection);
            const auto at = std::min(next_[c]++, requests_[c].size() - 1);  // then: a replay
            return requests_[c][at];
        };
    }

  private:
    std::string make(std::size_t connection, Clock& clock) {
        identity::SignedRequest r;
        r.key = keys_[connection];
        r.timestamp_ms = clock.now().value() / 1'000'000;
        r.nonce = "bench-nonce-" + std::to_string(++nonce_ + 10'000'000);
        r.method = "GET";
        r.target = kPath;
        r.body_hash = crypto::sha256({});
        const std::string text = identity::canonical_text(r);
        const auto message = as_bytes(text);
        const std::string signature =
            kind_ == identity::ApiKeyKind::hmac
                ? to_base64url(crypto::hmac_sha256(secrets_[connection], message).view())
                : to_base64url(client_.sign(message).view());
        return "GET " + r.target +
               " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Astrolabe-Key: " + to_text(r.key) +
               "\r\nX-Astrolabe-Timestamp: " + std::to_string(r.timestamp_ms) +
               "\r\nX-Astrolabe-Nonce: " + r.nonce + "\r\nX-Astrolabe-Window: 10000" +
               "\r\nX-Astrolabe-Signature: " + signature + "\r\n\r\n";
    }

    const identity::ApiKeyKind kind_;
    const crypto::Ed25519Key client_;
    std::vector<identity::ApiKeyId> keys_;
    std::vector<Bytes> secrets_;
    std::vector<std::vector<std::string>> requests_;
    std::vector<std::size_t> next_;
    std::uint64_t nonce_ = 0;
};

std::unique_ptr<gateway::Gateway> start_gateway(Bus& bus, Clock& clock, gateway::Metrics& metrics,
                                                std::shared_ptr<gateway::Access> access = {}) {
    gateway::declare_gateway_metrics(metrics);
    gateway::GatewayOptions options;
    options.log_requests = false;
    const std::string permission = access ? "mev.read" : std::string(gateway::kPublicPermission);
    options.access = std::move(access);
    const auto body = std::make_shared<const std::string>(kBody);
    gateway::Route hot{.path = "/api/v1/hot",
                       .summary = "A hot resource",
                       .permission = permission,
                       .blocking = false,
                       .handler = [body](const gateway::Call&) -> Result<net::Response> {
                           auto response = net::json_response({});
                           response.shared_body = body;
                           return response;
                       }};
    return gateway::Gateway::start(std::move(options), {std::move(hot)}, {}, bus, clock, metrics)
        .value();
}

}  // namespace

int main() {
    const Control control;
    SystemClock clock;
    gateway::Metrics metrics, own_metrics;
    const auto bus = make_bus();
    const auto served = start_gateway(*bus, clock, metrics);
    Accounts accounts(clock);
    const auto guarded = start_gateway(*bus, clock, own_metrics, accounts.access);
    const std::string head = "GET " + std::string(kPath) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    const std::string plain = head + "Accept: application/json\r\n\r\n";
    const std::string with_token = head + "Authorization: Bearer " + accounts.token() + "\r\n\r\n";
    SignedLoad hmac(accounts, identity::ApiKeyKind::hmac);
    SignedLoad ed25519(accounts, identity::ApiKeyKind::ed25519);
    const auto always = [](const std::string& request) {
        return [&request] { return Ask([&request](int) -> std::string_view { return request; }); };
    };
    std::vector<Row> rows = {
        {"control, bare epoll", control.port(), always(plain), 1, 0},
        {"static answer, counted in the metrics", served->port(), always(plain), 0.6, 0},
        {"authenticated GET, limits and metrics counted", guarded->port(), always(with_token), 0.6,
         1},
        {"GET signed with HMAC-SHA-256", guarded->port(),
         [&] { return hmac.prepare(kHmacMax, clock); }, 0.45, 0},
        {"GET signed with Ed25519", guarded->port(),
         [&] { return ed25519.prepare(kEd25519Max, clock); }, 0.1, 0}};
    for (int round = 0; round < kRounds; ++round)  // in turns: all meet the same weather
        for (auto& row : rows) row.best = best_of(row.best, saturate(row.port, row.prepare()));
    for (int round = 0; round < kRounds; ++round)
        for (auto& row : rows) {
            const auto paced = Load(row.port).pace(row.prepare(), row.best.rate / 2);
            if (round == 0 || paced.p99_ms < row.half_load.p99_ms) row.half_load = paced;
        }
    served->stop();
    guarded->stop();
    int missed = 0;
    for (const auto& row : rows) missed += print(row, rows[row.beside]);
    return missed == 0 ? 0 : 1;
}
