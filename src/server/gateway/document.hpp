#pragma once

#include <boost/json/object.hpp>

#include "server/gateway/route.hpp"

/// Parts that the OpenAPI and the AsyncAPI documents share.
namespace astro::gateway {

[[nodiscard]] boost::json::object parameter_schema(const Parameter& parameter);
/// Its example as a value of that schema; it has one.
[[nodiscard]] boost::json::value parameter_example(const Parameter& parameter);
[[nodiscard]] boost::json::object schema_components(const SchemaBook& book);

}  // namespace astro::gateway
