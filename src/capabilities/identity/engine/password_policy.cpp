#include "capabilities/identity/engine/password_policy.hpp"

#include <zxcvbn.h>

#include <algorithm>

#include "foundation/base/encoding.hpp"

namespace astro::identity {
namespace {

constexpr std::size_t kWordMin = 3;  // shorter ones would match by chance

/// "ada.lovelace@example.org" is known to the attacker as a whole and by its parts.
void add_words(std::string_view word, std::vector<std::string>& out) {
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    if (lower.size() >= kWordMin) out.push_back(lower);
    std::size_t start = 0;
    while (start < lower.size()) {
        const auto end = std::min(lower.find_first_of("@.-_+ ", start), lower.size());
        if (end - start >= kWordMin) out.push_back(lower.substr(start, end - start));
        start = end + 1;
    }
}

}  // namespace

int estimate_bits(std::string_view password, const std::vector<std::string>& words) {
    std::vector<std::string> known;
    for (const auto& word : words) add_words(word, known);
    std::vector<const char*> pointers;
    for (const auto& word : known) pointers.push_back(word.c_str());
    pointers.push_back(nullptr);
    const std::string terminated(password);
    return static_cast<int>(ZxcvbnMatch(terminated.c_str(), pointers.data(), nullptr));
}

Result<void> check_password(const PasswordPolicy& policy, std::string_view password,
                            const std::vector<std::string>& words) {
    if (password.size() < policy.length_min)
        return refusal(
            "password_short",
            "a password has at least " + std::to_string(policy.length_min) + " characters",
            "password");
    if (password.size() > policy.length_max)
        return refusal("password_long",
                       "a password has at most " + std::to_string(policy.length_max) + " bytes",
                       "password");
    const bool control = std::any_of(password.begin(), password.end(),
                                     [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    if (control || !is_utf8(password))
        return refusal("password_text", "a password is UTF-8 text without control characters",
                       "password");
    if (estimate_bits(password, words) < policy.bits_min)
        return refusal("password_weak",
                       "this password would be guessed soon; use several unrelated words, or a "
                       "password manager's",
                       "password");
    return {};
}

}  // namespace astro::identity
