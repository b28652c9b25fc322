#include "foundation/net/tls.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace astro::net {
namespace {

/// At most one TLS record is kept, so that a slow peer costs no more than this.
constexpr std::size_t kRecordBytes = 16U << 10;
constexpr std::array<unsigned char, 9> kAlpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

std::string take_openssl_error() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return "unknown TLS error";
    const char* reason = ERR_reason_error_string(code);
    return reason ? reason : "TLS error " + std::to_string(code);
}

// OpenSSL's socket BIO writes with write(2), which raises SIGPIPE when the peer is gone. This one
// sends with MSG_NOSIGNAL and leaves the process's signals alone.

int socket_of(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_write(BIO* bio, const char* data, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t n = ::send(socket_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_retry_write(bio);
    return static_cast<int>(n);
}

int bio_read(BIO* bio, char* data, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t n = ::recv(socket_of(bio), data, static_cast<std::size_t>(size), 0);
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_retry_read(bio);
    return static_cast<int>(n);
}

long bio_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int bio_create(BIO* bio) {
    BIO_set_init(bio, 1);
    return 1;
}

BIO_METHOD* bio_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
        BIO_meth_set_write(m, bio_write);
        BIO_meth_set_read(m, bio_read);
        BIO_meth_set_ctrl(m, bio_control);
        BIO_meth_set_create(m, bio_create);
        return m;
    }();
    return method;
}

struct SslDeleter {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPointer = std::unique_ptr<SSL, SslDeleter>;

class TlsStream final : public ByteStream {
  public:
    TlsStream(SslPointer ssl, int socket) : ssl_(std::move(ssl)), socket_(socket) {
        BIO* bio = BIO_new(bio_method());
        BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
        SSL_set_bio(ssl_.get(), bio, bio);
    }

    IoResult handshake() override {
        ERR_clear_error();
        const int n = SSL_do_handshake(ssl_.get());
        return n == 1 ? IoResult{} : stopped(n);
    }

    IoResult read(char* out, std::size_t size) override {
        ERR_clear_error();
        const int n =
            SSL_read(ssl_.get(), out, static_cast<int>(std::min<std::size_t>(size, 1U << 30)));
        return n > 0 ? IoResult{IoStatus::done, static_cast<std::size_t>(n)} : stopped(n);
    }

    IoResult write(std::span<const iovec> parts) override {
        if (const IoResult sent = flush(); sent.status != IoStatus::done) return sent;
        for (const iovec& part : parts) {
            if (pending_.size() >= kRecordBytes) break;
            pending_.append(static_cast<const char*>(part.iov_base),
                            std::min(part.iov_len, kRecordBytes - pending_.size()));
        }
        const std::size_t taken = pending_.size();
        const IoResult sent = flush();
        if (sent.status == IoStatus::failed || sent.status == IoStatus::closed) return sent;
        // Taken, even when it waits: flushed() is false then.
        return {IoStatus::done, taken};
    }

    [[nodiscard]] bool flushed() const override { return pending_.empty(); }
    [[nodiscard]] bool has_buffered() const override { return SSL_pending(ssl_.get()) > 0; }

    void end_writing() override {
        ERR_clear_error();
        if (SSL_is_init_finished(ssl_.get())) SSL_shutdown(ssl_.get());
        ERR_clear_error();
        ::shutdown(socket_, SHUT_WR);
    }

    [[nodiscard]] const std::string& failure() const override { return failure_; }

  private:
    IoResult flush() {
        if (pending_.empty()) return {};
        ERR_clear_error();
        const int n = SSL_write(ssl_.get(), pending_.data(), static_cast<int>(pending_.size()));
        if (n <= 0) return stopped(n);
        pending_.clear();
        return {};
    }

    IoResult stopped(int result) {
        const int saved = errno;
        switch (SSL_get_error(ssl_.get(), result)) {
            case SSL_ERROR_WANT_READ:
                return {IoStatus::want_read};
            case SSL_ERROR_WANT_WRITE:
                return {IoStatus::want_write};
            case SSL_ERROR_ZERO_RETURN:
                return {IoStatus::closed};
            case SSL_ERROR_SYSCALL:
                failure_ = result == 0 || saved == 0 ? "the peer closed without ending TLS"
                                                     : std::string("connection lost");
                return {IoStatus::failed};
            default:
                failure_ = describe_failure();
                return {IoStatus::failed};
        }
    }

    std::string describe_failure() {
        const long verdict = SSL_get_verify_result(ssl_.get());
        const std::string reason = take_openssl_error();
        if (verdict == X509_V_OK) return reason;
        return std::string("certificate refused: ") + X509_verify_cert_error_string(verdict);
    }

    SslPointer ssl_;
    int socket_;
    std::string pending_;
    std::string failure_;
};

int select_alpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                unsigned in_size, void*) {
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, kAlpn.data(), kAlpn.size(), in, in_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

class OpenSslContext final : public TlsContext {
  public:
    OpenSslContext(const SSL_METHOD* method, bool verify)
        : context_(SSL_CTX_new(method)), verify_(verify) {
        SSL_CTX_set_mode(context_.get(),
                         SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_options(context_.get(), SSL_OP_NO_RENEGOTIATION);
        // A key under a passphrase is refused; by default OpenSSL would ask on the terminal.
        SSL_CTX_set_default_passwd_cb(context_.get(), [](char*, int, int, void*) { return 0; });
    }

    Result<void> load_server(const std::string& certificate_file, const std::string& key_file,
                             bool tls12) {
        ERR_clear_error();
        SSL_CTX_set_min_proto_version(context_.get(), tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
        SSL_CTX_set_cipher_list(context_.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");  // of 1.2
        SSL_CTX_set_alpn_select_cb(context_.get(), select_alpn, nullptr);
        // No stateful resumption: tickets are enough and cost the server no memory.
        SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
        if (SSL_CTX_use_certificate_chain_file(context_.get(), certificate_file.c_str()) != 1)
            return unavailable("tls_certificate",
                               "cannot use the TLS certificate: " + take_openssl_error(),
                               certificate_file);
        if (SSL_CTX_use_PrivateKey_file(context_.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
            SSL_CTX_check_private_key(context_.get()) != 1)
            return unavailable("tls_key", "cannot use the TLS key: " + take_openssl_error(),
                               key_file);
        return {};
    }

    Result<void> load_client(const std::string& ca_file) {
        ERR_clear_error();
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
        SSL_CTX_set_alpn_protos(context_.get(), kAlpn.data(), kAlpn.size());
        if (!verify_) return {};
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        const int loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context_.get())
                                           : SSL_CTX_load_verify_locations(
                                                 context_.get(), ca_file.c_str(), nullptr);
        if (loaded != 1)
            return unavailable("tls_certificate",
                               "cannot use the certificate authorities: " + take_openssl_error(),
                               ca_file);
        return {};
    }

    std::unique_ptr<ByteStream> accept_stream(int socket) override {
        SslPointer ssl(SSL_new(context_.get()));
        SSL_set_accept_state(ssl.get());
        return std::make_unique<TlsStream>(std::move(ssl), socket);
    }

    std::unique_ptr<ByteStream> connect_stream(int socket, const std::string& host) override {
        SslPointer ssl(SSL_new(context_.get()));
        SSL_set_connect_state(ssl.get());
        in6_addr address{};
        const bool numeric = inet_pton(AF_INET, host.c_str(), &address) == 1 ||
                             inet_pton(AF_INET6, host.c_str(), &address) == 1;
        // SNI carries names only (RFC 6066 §3).
        if (!numeric) SSL_set_tlsext_host_name(ssl.get(), host.c_str());
        if (verify_ && numeric)
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str());
        else if (verify_)
            SSL_set1_host(ssl.get(), host.c_str());
        return std::make_unique<TlsStream>(std::move(ssl), socket);
    }

  private:
    std::unique_ptr<SSL_CTX, SslDeleter> context_;
    bool verify_;
};

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::make_server(const std::string& certificate_file,
                                                            const std::string& key_file,
                                                            bool tls12) {
    auto context = std::make_shared<OpenSslContext>(TLS_server_method(), false);
    ASTRO_CHECK(context->load_server(certificate_file, key_file, tls12));
    return std::shared_ptr<TlsContext>(std::move(context));
}

Result<std::shared_ptr<TlsContext>> TlsContext::make_client(bool verify,
                                                            const std::string& ca_file) {
    auto context = std::make_shared<OpenSslContext>(TLS_client_method(), verify);
    ASTRO_CHECK(context->load_client(ca_file));
    return std::shared_ptr<TlsContext>(std::move(context));
}

}  // namespace astro::net
