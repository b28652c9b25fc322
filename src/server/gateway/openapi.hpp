#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/gateway/route.hpp"

/// What clients read to know the API, made from the declarations that serve it.
namespace astro::gateway {

/// OpenAPI 3.1 of the routes.
[[nodiscard]] std::string openapi_document(const std::vector<Route>& routes,
                                           std::string_view version);

/// AsyncAPI 3.0 of /ws/live and its channels.
[[nodiscard]] std::string asyncapi_document(const std::vector<Channel>& channels,
                                            std::string_view version);

/// Serves a document at `path`, as it is.
[[nodiscard]] Route document_route(std::string path, std::string summary, std::string document);

}  // namespace astro::gateway
