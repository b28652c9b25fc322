#include "capabilities/identity/engine/password_policy.hpp"

#include <gtest/gtest.h>

namespace astro::identity {
namespace {

std::string_view judge(std::string_view password, const std::vector<std::string>& words = {}) {
    const auto checked = check_password(PasswordPolicy{}, password, words);
    return checked ? "ok" : checked.error().code;
}

TEST(PasswordPolicy, WeakOnesAreRefused) {
    for (const char* weak : {"password123", "Passw0rd!Passw0rd!", "qwertyuiop",
                             "aaaaaaaaaaaaaaaaaa", "1234567890123", "letmein2024", "iloveyou12"})
        EXPECT_EQ(judge(weak), "password_weak") << weak;
}

TEST(PasswordPolicy, StrongOnesPass) {
    for (const char* strong : {"correct horse battery staple", "gR7$kq!2vLx9",
                               "пароль-ñ-密码-кошка", "turnip violin marshal eight"})
        EXPECT_EQ(judge(strong), "ok") << strong;
}

TEST(PasswordPolicy, WhatIsKnownOfTheUserCountsForNothing) {
    EXPECT_EQ(judge("Zorblaxian-Qwimble"), "ok");
    EXPECT_EQ(judge("Zorblaxian-Qwimble", {"zorblaxian.qwimble@example.org"}), "password_weak");
}

TEST(PasswordPolicy, LengthAndText) {
    EXPECT_EQ(judge("gR7$kq!2v"), "password_short");
    EXPECT_EQ(judge(""), "password_short");
    EXPECT_EQ(judge(std::string(257, 'x')), "password_long");
    EXPECT_EQ(judge(std::string("gR7$kq!2vLx9\0tail", 17)), "password_text");
    EXPECT_EQ(judge("gR7$kq!2vLx9\xFF"), "password_text");
    EXPECT_EQ(judge("gR7$kq!2vLx9\n"), "password_text");
}

TEST(PasswordPolicy, TheRefusalDoesNotRepeatThePassword) {
    const auto refused = check_password(PasswordPolicy{}, "password123", {});
    EXPECT_EQ(refused.error().text().find("password123"), std::string::npos);
}

}  // namespace
}  // namespace astro::identity
