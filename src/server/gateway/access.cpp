#include "server/gateway/access.hpp"

namespace astro::gateway {
namespace {

class OpenAccess final : public Access {
  public:
    std::optional<Admission> admit_at_once(const net::Request&, const Route& route) override {
        Admission out;
        if (route.permission != kPublicPermission)
            out.refusal = forbidden("no_accounts",
                                    "this server has no accounts, and this is not "
                                    "for everybody")
                              .error;
        return out;
    }
    Admission admit(const net::Request& request, const Route& route) override {
        return *admit_at_once(request, route);
    }
    Admission admit_caller(const Caller&, const net::Request& request,
                           const Route& route) override {
        return *admit_at_once(request, route);
    }
    bool may_follow(const Caller&, const Channel& channel) override {
        return channel.permission == kPublicPermission;
    }
    Connection connect(const net::Request&) override { return {}; }
};

}  // namespace

std::shared_ptr<Access> make_open_access() {
    return std::make_shared<OpenAccess>();
}

}  // namespace astro::gateway
