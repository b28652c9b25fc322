#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>

namespace astro::net::test {

/// A self-signed certificate for `name` ("IP:127.0.0.1" or "DNS:…") and its key, in files.
class Certificate {
  public:
    explicit Certificate(const std::string& name) {
        static std::atomic<int> count{0};
        directory_ = std::filesystem::temp_directory_path() /
                     ("astro_tls_" + std::to_string(::getpid()) + "_" + std::to_string(++count));
        std::filesystem::create_directories(directory_);
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* x = X509_new();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        X509_gmtime_adj(X509_getm_notBefore(x), -3600);
        X509_gmtime_adj(X509_getm_notAfter(x), 3600);
        X509_set_pubkey(x, key);
        X509_NAME* subject = X509_get_subject_name(x);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
        X509_set_issuer_name(x, subject);
        X509_EXTENSION* names =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str());
        X509_add_ext(x, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(x, key, EVP_sha256());
        write(certificate_file(), [&](FILE* f) { PEM_write_X509(f, x); });
        write(key_file(), [&](FILE* f) {
            PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
        });
        X509_free(x);
        EVP_PKEY_free(key);
    }
    ~Certificate() { std::filesystem::remove_all(directory_); }
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    [[nodiscard]] std::string certificate_file() const { return directory_ / "cert.pem"; }
    [[nodiscard]] std::string key_file() const { return directory_ / "key.pem"; }

  private:
    static void write(const std::string& path, const std::function<void(FILE*)>& content) {
        FILE* file = std::fopen(path.c_str(), "w");
        content(file);
        std::fclose(file);
    }
    std::filesystem::path directory_;
};

}  // namespace astro::net::test
