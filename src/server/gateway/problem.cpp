#include "server/gateway/problem.hpp"

namespace astro::gateway {
namespace {

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::refusal:
            return 400;
        case ErrorKind::not_found:
            return 404;
        case ErrorKind::unauthenticated:
            return 401;
        case ErrorKind::forbidden:
            return 403;
        case ErrorKind::conflict:
            return 409;
        case ErrorKind::limited:
            return 429;
        case ErrorKind::unavailable:
            return 503;
        case ErrorKind::unknown:
            break;
    }
    return 500;
}

}  // namespace

net::Response problem_for(const Error& error, const net::Request& request) {
    const int status = status_of(error.kind);
    // What went wrong inside (paths, statements) is for the log, not for strangers.
    const bool ours = status >= 500;
    auto response = net::problem_response(
        status, error.code, ours ? "this can't be answered now; try again later" : error.message,
        ours ? "" : error.where, request.request_id);
    if (status == 401) response.headers.set("www-authenticate", "Bearer");
    if (status == 503) response.headers.set("retry-after", "1");
    return response;
}

net::Response refusal_of(const Route& route, const Error& error, const net::Request& request) {
    return route.dialect ? route.dialect->refuse(error, request) : problem_for(error, request);
}

}  // namespace astro::gateway
