// Opening a sealed wallet by its password, from the envelope's bytes to the key that signs: what a
// person waits for, nearly all of it the password's cost. By the default cost, by the least that is
// taken, by the compatible profile, and by a device's key, which has no such cost. Best of some
// runs by processor time.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "capabilities/wallets/engine/sealing.hpp"
#include "foundation/base/assert.hpp"

namespace {

using namespace astro;
using namespace astro::wallets;

constexpr std::string_view kPassword = "copper lantern sails north";

double seconds(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void measure(const char* what, const char* limit, const NewFactor& factor, const Proof& proof,
             int runs) {
    crypto::SystemRandom random;
    const crypto::SecretKey secret = random.secret_key();
    Subject subject;
    subject.address = signing_key(subject.chain, subject.secret, secret).public_key();
    const std::vector<LabelledFactor> factors{{"bench", factor}};
    const Bytes bytes = to_bytes(seal_wallet(subject, secret, factors, random).value());
    double wall = 1e9, cpu = 1e9;
    for (int i = 0; i < runs; ++i) {
        const double wall_before = seconds(CLOCK_MONOTONIC);
        const double cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID);
        const auto envelope = parse_envelope(bytes);
        ASTRO_ASSERT(envelope.has_value() && open_wallet(*envelope, proof).has_value());
        wall = std::min(wall, seconds(CLOCK_MONOTONIC) - wall_before);
        cpu = std::min(cpu, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before);
    }
    std::printf(R"({"bench":"wallets_unlock","by":"%s","cpu_ms":%.1f,"wall_ms":%.1f,"limit":"%s"})"
                "\n",
                what, cpu * 1e3, wall * 1e3, limit);
}

}  // namespace

int main() {
    const ByteView text = as_bytes(kPassword);
    const Password password{text};
    measure("argon2id 65536 KiB, 3 passes", "300 to 1000 ms of a phone, half of it here",
            NewPassword{text}, password, 10);
    measure("argon2id 19456 KiB, 2 passes", "", NewPassword{text, kArgon2Least}, password, 20);
    measure("pbkdf2-hmac-sha256 600000 rounds", "", NewCompatiblePassword{text}, password, 5);
    crypto::SystemRandom random;
    const auto device = crypto::X25519Key::generate(random);
    measure("device x25519", "", NewDevice{device.public_key()}, DeviceKey{device}, 50);
}
