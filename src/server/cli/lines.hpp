#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "foundation/base/result.hpp"
#include "server/cli/console.hpp"

namespace astro::cli {

/// Around an item of a line: no part of it, or what makes it wrong where texts are judged.
enum class Spaces { passed_over, kept };

/// One item a line in, one result a line out: hands each line of `source` (a path, "-" for standard
/// input) that is not blank to `convert` and prints what it gives. A line that is refused is told
/// as "SOURCE:LINE: where: why" on standard error and passed over: exit code 2.
[[nodiscard]] ExitCode convert_lines(
    const std::string& source,
    const std::function<Result<std::string>(std::string_view line)>& convert,
    Spaces spaces = Spaces::passed_over);

}  // namespace astro::cli
