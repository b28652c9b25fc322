#include "chains/stellar/networks.hpp"

#include <gtest/gtest.h>

namespace astro::stellar {
namespace {

TEST(Networks, ANameOrAPassphraseIsTaken) {
    EXPECT_EQ(passphrase_of("mainnet").value(), "Public Global Stellar Network ; September 2015");
    EXPECT_EQ(passphrase_of("public").value(), passphrase_of("mainnet").value());
    EXPECT_EQ(passphrase_of("futurenet").value(), "Test SDF Future Network ; October 2022");
    EXPECT_EQ(passphrase_of("My own ; 2026").value(), "My own ; 2026");
}

TEST(Networks, ASlipOfThePenIsNoPassphrase) {
    for (const auto* text : {"mainet", "test", "", "publicnet"})
        EXPECT_EQ(passphrase_of(text).error().code, "bad_network") << text;
}

}  // namespace
}  // namespace astro::stellar
