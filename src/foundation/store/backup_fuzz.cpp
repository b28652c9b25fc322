// A backup of any bytes behind a good beginning: read or refused, never trusted.
#include <sys/mman.h>
#include <unistd.h>

#include "foundation/base/assert.hpp"
#include "foundation/store/backup.hpp"

using namespace astro;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int file = ::memfd_create("backup", MFD_CLOEXEC);
    ASTRO_ASSERT(file >= 0);
    ASTRO_ASSERT(::write(file, data, size) == static_cast<ssize_t>(size));
    const auto files =
        store::check_backup("/proc/self/fd/" + std::to_string(file), crypto::SecretKey{});
    ::close(file);
    if (files) return 0;
    const auto code = files.error().code;
    ASTRO_ASSERT(code == "not_a_backup" || code == "backup_key" || code == "backup_damaged");
    return 0;
}
