#include "chains/stellar/networks.hpp"

#include <array>

namespace astro::stellar {
namespace {

struct Network {
    std::string_view name, passphrase;
};
constexpr std::array<Network, 5> kNetworks{{
    {"mainnet", kPublicNetwork},
    {"public", kPublicNetwork},
    {"testnet", kTestNetwork},
    {"futurenet", "Test SDF Future Network ; October 2022"},
    {"standalone", "Standalone Network ; February 2017"},
}};

}  // namespace

Result<std::string> passphrase_of(std::string_view network) {
    for (const auto& known : kNetworks)
        if (known.name == network) return std::string(known.passphrase);
    if (network.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos)
        return refusal("bad_network",
                       "a network is mainnet, testnet, futurenet, standalone or its passphrase",
                       "network");
    return std::string(network);
}

}  // namespace astro::stellar
