// Opening a sealed wallet by its password, from the envelope's bytes to the key that signs: what a
// person waits for, nearly all of it the password's cost. By the least cost that is chosen, by the
// one that is calibrated on this machine, by the compatible profile, and by a device's key. Best of
// some runs by processor time.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
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

/// The shortest, milliseconds.
double measure(const char* what, const char* limit, const NewFactor& factor, const Proof& proof,
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
    return wall * 1e3;
}

}  // namespace

int main() {
    const ByteView text = as_bytes(kPassword);
    const Password password{text};
    const NewPassword least{text};
    const double ms = measure("argon2id 65536 KiB, 3 passes (the least)", "", least, password, 10);
    const NewPassword calibrated{text,
                                 calibrated_cost(DurationNs{static_cast<std::int64_t>(ms * 1e6)})};
    const std::string name = "argon2id 65536 KiB, " + std::to_string(calibrated.cost.passes) +
                             " passes (as calibrated here)";
    measure(name.c_str(), "300 to 1000 ms", calibrated, password, 5);
    measure("pbkdf2-hmac-sha256 600000 rounds", "", NewCompatiblePassword{text}, password, 5);
    crypto::SystemRandom random;
    const auto device = crypto::X25519Key::generate(random);
    measure("device x25519", "", NewDevice{device.public_key()}, DeviceKey{device}, 50);
}
