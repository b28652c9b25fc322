#include <cstdint>

#include "capabilities/mev/api.hpp"
#include "capabilities/mev/rows.hpp"
#include "foundation/base/assert.hpp"
#include "server/gateway/problem.hpp"
#include "server/gateway/router.hpp"

namespace {

using namespace astro;

/// The program's own routes over an empty store.
struct Api {
    Api() {
        store = store::open_sqlite({.path = ":memory:"}).value();
        ASTRO_ASSERT(store->migrate(mev::migrations()));
        router = std::make_unique<gateway::Router>(
            mev::make_routes(*store, [] { return std::string("{}"); }));
    }
    std::unique_ptr<store::Store> store;
    std::unique_ptr<gateway::Router> router;
};

}  // namespace

/// Whatever path and query are asked for: an answer or a refusal, never a failure of ours.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Api kApi;
    net::Request request;
    request.target.assign(reinterpret_cast<const char*>(data), size);
    if (!net::split_target(request)) return 0;
    auto destination = kApi.router->find(request);
    net::Response response = std::move(destination.refusal);
    if (destination.route != nullptr) {
        request.path_params = std::move(destination.path_params);
        response = destination.bad_parameter
                       ? gateway::problem_for(*destination.bad_parameter, request)
                       : gateway::call_route(*destination.route, request);
    }
    const auto type = response.headers.find("content-type").value_or("");
    ASTRO_ASSERT(response.status == 200 || response.status == 400 || response.status == 404);
    ASTRO_ASSERT(type ==
                 (response.status == 200 ? "application/json" : "application/problem+json"));
    return 0;
}
