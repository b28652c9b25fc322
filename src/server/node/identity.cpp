#include "server/node/identity.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <semaphore>

#include "capabilities/identity/api.hpp"
#include "capabilities/identity/outbox_sender.hpp"
#include "capabilities/identity/rows.hpp"
#include "server/gateway/log.hpp"

namespace astro::node {
namespace {

constexpr DurationNs kDay = seconds(86'400);

/// A hash takes tens of MiB, so few run at once, however many sign in.
class BoundedHasher final : public identity::PasswordHasher {
  public:
    BoundedHasher(crypto::Argon2Cost cost, crypto::Random& random) : inner_(cost, random) {}
    Result<std::string> hash(std::string_view password) override {
        const Slot slot(slots_);
        return inner_.hash(password);
    }
    bool verify(std::string_view hash, std::string_view password) override {
        const Slot slot(slots_);
        return inner_.verify(hash, password);
    }
    [[nodiscard]] bool needs_rehash(std::string_view hash) const override {
        return inner_.needs_rehash(hash);
    }

  private:
    using Slots = std::counting_semaphore<16>;
    struct Slot {
        explicit Slot(Slots& s) : slots(s) { slots.acquire(); }
        ~Slot() { slots.release(); }
        Slot(const Slot&) = delete;
        Slot& operator=(const Slot&) = delete;
        Slots& slots;
    };
    identity::Argon2Hasher inner_;
    Slots slots_{4};
};

Result<std::vector<identity::oidc::Provider>> providers(const Settings& settings) {
    std::vector<identity::oidc::Provider> out;
    for (const auto& line : settings.list("identity.providers")) {
        std::vector<std::string> fields{""};
        for (const char c : line) {
            if (c == '|')
                fields.emplace_back();
            else
                fields.back().push_back(c);
        }
        if (fields.size() != 4)
            return refusal("bad_configuration",
                           "a provider is 'name|issuer|client id|client secret'",
                           "identity.providers");
        out.push_back({fields[0], fields[1], fields[2], fields[3]});
    }
    return out;
}

Result<identity::ServiceSettings> service_settings(const Settings& settings,
                                                   const std::string& url) {
    ASTRO_TRY(const auto parsed, net::parse_url(url));
    identity::ServiceSettings out;
    out.identity.issuer = url;
    out.identity.site_name = settings.text("identity.site_name");
    out.identity.access_life_s = settings.integer("identity.access_seconds");
    out.identity.session_life_s = settings.integer("identity.session_days") * 86'400;
    out.identity.failures_max = settings.integer("identity.failures_max");
    out.identity.first_role = settings.text("identity.first_role");
    out.identity.failures_window_s = settings.integer("identity.lock_seconds");
    out.passkeys.rp_id = parsed.host;
    out.passkeys.origins = {url};
    out.solana.domain = parsed.authority();
    out.solana.uri = url;
    out.solana.chain_id = settings.text("identity.solana_network");
    out.stellar_network = settings.text("identity.stellar_network") == "public"
                              ? std::string(stellar::kPublicNetwork)
                              : std::string(stellar::kTestNetwork);
    out.home_domain = out.web_auth_domain = parsed.authority();
    ASTRO_TRY(out.providers, providers(settings));
    out.limits = {.stranger_per_minute = settings.integer("identity.stranger_per_minute"),
                  .stranger_per_day = settings.integer("identity.stranger_per_day"),
                  .sign_in_per_minute = settings.integer("identity.sign_in_per_minute"),
                  .wrong_per_minute = settings.integer("identity.wrong_per_minute")};
    return out;
}

identity::AccessOptions access_options(const Settings& settings) {
    return {.limits = settings.flag("identity.limits"),
            .trusted_proxies = settings.list("identity.trusted_proxies")};
}

MasterKeySource key_source(const Settings& settings, const std::string& folder) {
    const std::string& file = settings.text("identity.master_key_file");
    return {settings.text("identity.master_key"), settings.text("identity.master_key_command"),
            file.empty() ? folder + "/master.key" : file};
}

class Part final : public IdentityPart {
  public:
    Part(const Settings& settings, const std::string& folder, std::string url, Clock& clock,
         JobBook* jobs)
        : url_(std::move(url)),
          clock_(clock),
          jobs_(jobs),
          hasher_({static_cast<std::uint32_t>(settings.integer("identity.argon2_kib")),
                   static_cast<std::uint32_t>(settings.integer("identity.argon2_passes"))},
                  random_),
          master_key_(key_source(settings, folder), random_),
          outbox_(folder + "/outbox"),
          mailer_(outbox_, [this] {
              if (sender_) sender_->wake();
          }) {
        retention_.ended_sessions = settings.integer("identity.keep_sessions_days");
        retention_.login_failures = settings.integer("identity.keep_failures_days");
        if (jobs_ == nullptr) return;
        signing_ =
            &jobs_->add("identity.audit_head", "Signs the head of the audit log", "each day");
        forgetting_ =
            &jobs_->add("identity.retention",
                        "Forgets ended sessions, failed sign-ins and used tokens", "each day");
    }

    Result<void> open(const Settings& settings, store::Store& store,
                      const crypto::SecretKey* also) {
        if (::mkdir(outbox_.c_str(), 0700) != 0 && errno != EEXIST)
            return refusal("data_directory", "cannot make the outbox", outbox_);
        ASTRO_TRY(auto masters, master_key_.load(also));
        ASTRO_TRY(auto wanted, service_settings(settings, url_));
        ASTRO_TRY(service_, identity::Service::open({store, clock_, random_, mailer_, hasher_},
                                                    std::move(wanted), std::move(masters)));
        ASTRO_TRY(auto limits, make_limits(settings));
        ASTRO_TRY(access_, identity::ServiceAccess::make(
                               *service_, clock_, access_options(settings), std::move(limits)));
        return start_sender(settings);
    }

    identity::Service& service() override { return *service_; }
    MasterKeyKeeper& master_key() override { return master_key_; }
    std::vector<gateway::Route> routes() override {
        return identity::identity_routes({.service = *service_,
                                          .access = *access_,
                                          .change_master_key =
                                              [this](const std::string& actor) {
                                                  return master_key_.change(*service_, actor,
                                                                            clock_.now());
                                              },
                                          .outbox = sender_ ? "" : outbox_});
    }
    std::shared_ptr<gateway::Access> access() override { return access_; }
    gateway::Admission admit_signed(const identity::BinanceSigned& proof,
                                    const net::Request& request,
                                    const gateway::Route& route) override {
        const auto principal =
            service_->api_keys.authenticate_binance(proof, request.remote_address);
        if (!principal) return refuse_signed(proof, request, route, principal.error());
        const gateway::Caller caller{to_text(principal->user), "",
                                     to_text(proof.key),       principal->tier,
                                     principal->authenticated, false};
        auto out = access_->admit_caller(caller, request, route);
        out.caller = caller;
        return out;
    }
    Result<std::string> admin_link() override {
        const auto token = service_->accounts.make_admin_token();
        if (!token && token.error().code == "admin_exists") return std::string();
        if (!token) return Unexpected{token.error()};
        return url_ + "/admin-sign-up#" + *token;
    }
    Result<void> run_jobs() override {
        master_key_.forget_when_due(*service_, clock_.now());
        if (clock_.now() < next_jobs_) return {};
        next_jobs_ = clock_.now() + kDay;
        for (JobEntry* entry : {signing_, forgetting_})
            if (entry != nullptr) entry->set_next(next_jobs_);
        const auto is_signed = run_job(signing_, [this] { return sign_head(); });
        ASTRO_CHECK(run_job(forgetting_, [this] { return forget(); }));
        return is_signed;
    }

  private:
    Result<void> forget() {
        ASTRO_CHECK(service_->privacy.apply_retention(retention_));
        return {};
    }
    Result<void> sign_head() {
        const auto head = service_->audit.sign();
        if (!head && head.error().code != "audit_empty") return Unexpected{head.error()};
        if (head)
            gateway::log(gateway::LogLevel::info, "identity.audit_signed",
                         {{"head", to_text(*head)}});
        return {};
    }
    gateway::Admission refuse_signed(const identity::BinanceSigned& proof,
                                     const net::Request& request, gateway::Route route,
                                     const Error& why) {
        // As a stranger's attempt, of which an address has so many a minute.
        route.permission = std::string(gateway::kPublicPermission);
        route.limit_class = gateway::RouteClass::sign_in;
        auto out = access_->admit(request, route);
        if (out.refusal) return out;
        out.refusal = why;
        if (why.code == "key_unknown") return out;
        const identity::Act act{"api_key.refused", "anonymous", to_text(proof.key), {}, {}, {}};
        if (const auto told = service_->tell(act, why.code); !told) out.refusal = told.error();
        return out;
    }
    static Result<std::unique_ptr<identity::Limits>> make_limits(const Settings& settings) {
        constexpr std::size_t kBucketsMax = 200'000;
        const std::string& redis = settings.text("identity.redis");
        if (redis.empty()) return identity::make_memory_limits(kBucketsMax);
        return identity::make_redis_limits(
            {.url = redis, .password = settings.text("identity.redis_password")}, kBucketsMax);
    }
    Result<void> start_sender(const Settings& settings) {
        const std::string& server = settings.text("identity.smtp");
        if (server.empty()) return {};
        identity::SenderOptions options;
        options.folder = outbox_;
        options.server = {.url = server,
                          .user = settings.text("identity.smtp_user"),
                          .password = settings.text("identity.smtp_password"),
                          .ca_file = "",
                          .require_tls = settings.flag("identity.smtp_tls")};
        ASTRO_CHECK(net::check_smtp_server(options.server));
        options.from = settings.text("identity.mail_from");
        JobEntry* sending = jobs_ == nullptr
                                ? nullptr
                                : &jobs_->add("identity.mail", "Sends the mails of the outbox",
                                              "when there is one, and each 30 s while one waits");
        options.tell = [sending](std::string_view event, const std::string& why) {
            gateway::log(gateway::LogLevel::info, "identity." + std::string(event), {{"why", why}});
            if (sending == nullptr) return;
            sending->note(event == "mail_sent" ? Result<void>{}
                                               : unavailable(std::string(event), why));
        };
        sender_ = std::make_unique<identity::OutboxSender>(std::move(options), clock_);
        return {};
    }

    const std::string url_;
    Clock& clock_;
    JobBook* const jobs_;
    JobEntry* signing_ = nullptr;
    JobEntry* forgetting_ = nullptr;
    crypto::SystemRandom random_;
    BoundedHasher hasher_;
    MasterKeyKeeper master_key_;
    const std::string outbox_;
    std::unique_ptr<identity::OutboxSender> sender_;
    identity::OutboxMailer mailer_;
    identity::Retention retention_;
    std::unique_ptr<identity::Service> service_;
    std::shared_ptr<identity::ServiceAccess> access_;
    TimestampNs next_jobs_{};
};

}  // namespace

Result<std::unique_ptr<IdentityPart>> IdentityPart::make(
    const Settings& settings, const std::string& folder, const std::string& address,
    store::Store& store, Clock& clock, const crypto::SecretKey* also, JobBook* jobs) {
    const std::string& configured = settings.text("identity.url");
    const std::string url = configured.empty() ? address : configured;
    auto part = std::make_unique<Part>(settings, folder, url, clock, jobs);
    ASTRO_CHECK(part->open(settings, store, also));
    return std::unique_ptr<IdentityPart>(std::move(part));
}

}  // namespace astro::node
