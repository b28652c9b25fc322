#include "capabilities/exchange/venue_copy.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "capabilities/exchange/forked.hpp"

namespace astro::exchange {
namespace {

Unexpected failed(const std::string& what, int error) {
    return unavailable("copy_failed",
                       "cannot copy the venue: " + what +
                           (error == 0 ? "" : ": " + std::generic_category().message(error)));
}

/// A file that is memory and has no name.
class MemoryFile {
  public:
    MemoryFile() : file_(::memfd_create("venue", MFD_CLOEXEC)) {}
    ~MemoryFile() {
        if (file_ >= 0) ::close(file_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    [[nodiscard]] int number() const { return file_; }

    [[nodiscard]] bool append(ByteView bytes) const {
        while (!bytes.empty()) {
            const auto written = ::write(file_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return false;
            bytes = bytes.subspan(static_cast<std::size_t>(written));
        }
        return true;
    }
    [[nodiscard]] Result<Bytes> read_all() const {
        struct stat facts{};
        if (::fstat(file_, &facts) != 0) return failed("its size", errno);
        Bytes out(static_cast<std::size_t>(facts.st_size));
        std::size_t at = 0;
        while (at < out.size()) {
            const auto got =
                ::pread(file_, out.data() + at, out.size() - at, static_cast<off_t>(at));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return failed("its bytes", errno);
            at += static_cast<std::size_t>(got);
        }
        return out;
    }

  private:
    int file_;
};

}  // namespace

Result<std::shared_ptr<const CopiedVenue>> VenueCopies::get(DurationNs age_max) {
    const std::lock_guard hold(mutex_);
    if (last_ && clock_.monotonic() - made_ <= age_max) return last_;
    const TimestampNs begun = clock_.monotonic();
    ASTRO_TRY(last_, make());
    made_ = begun;
    return last_;
}

Result<std::shared_ptr<const CopiedVenue>> VenueCopies::make() {
    const MemoryFile file;
    if (file.number() < 0) return failed("memory for it", errno);
    auto out = std::make_shared<CopiedVenue>();
    std::optional<Result<Forked<bool>>> child;
    service_.read([&](const Venue& venue) {
        out->sequence = service_.applied();
        child.emplace(Forked<bool>::start(std::array{file.number()}, [&] {
            bool good = true;
            venue.save([&](ByteView piece) { good = good && file.append(piece); });
            return good;
        }));
    });
    if (!*child) return Unexpected{child->error()};
    const auto good = (*child)->finish();
    if (!good || !*good) return failed("its process was ended", 0);
    ASTRO_TRY(out->state, file.read_all());
    ASTRO_TRY(out->venue, Venue::load(out->state));
    return std::shared_ptr<const CopiedVenue>(std::move(out));
}

}  // namespace astro::exchange
