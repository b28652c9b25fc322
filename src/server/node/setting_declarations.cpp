#include "server/node/settings.hpp"

namespace astro::node {

const std::vector<SettingDeclaration>& setting_declarations() {
    using List = std::vector<std::string>;
    using namespace std::string_literals;
    static const std::vector<SettingDeclaration> kDeclarations = {
        {"server.listen", "127.0.0.1:8080"s,
         "Address and port to listen on; port 0 takes any free one."},
        {"server.workers", std::int64_t{1}, "Event loops that serve connections.", 1, 64},
        {"server.offload_threads", std::int64_t{2},
         "Threads for requests that read much from the store.", 1, 64},
        {"server.tls_certificate", ""s,
         "PEM file of the certificate chain; empty serves plain HTTP."},
        {"server.tls_key", ""s, "PEM file of its private key."},
        {"server.connections_max", std::int64_t{10'000},
         "Connections open at once; more are closed at once.", 16, 1'000'000},
        {"server.body_bytes_max", std::int64_t{1 << 20}, "Largest request body, bytes.", 1024,
         1LL << 30},
        {"server.terminal", ""s,
         "Folder of the built terminal; empty looks beside the program and in web/dist."},
        {"data.directory", "data"s,
         "Where the store and its cursor live; made with mode 0700 when missing."},
        {"data.retention_hours", std::int64_t{24 * 7},
         "How long findings and swaps are kept, hours.", 1, 24 * 3650},
        {"data.synchronous",
         "normal"s,
         "`full` survives a power cut without fetching blocks again; `normal` may fetch the last "
         "ones again.",
         0,
         0,
         {"normal", "full"}},
        {"feed.mode",
         "demo"s,
         "`live` follows a node, `replay` plays a folder of block files, `demo` plays the built-in "
         "real blocks and then synthetic ones.",
         0,
         0,
         {"demo", "replay", "live"}},
        {"feed.directory", ""s, "Folder of block files for `replay`."},
        {"feed.rpc", List{}, "JSON-RPC addresses of nodes for `live`, in order of preference."},
        {"feed.websocket", ""s, "WebSocket address; empty derives it from the first of feed.rpc."},
        {"feed.genesis", ""s, "Expected genesis hash; empty accepts any chain."},
        {"feed.commitment",
         "confirmed"s,
         "Commitment asked of the node.",
         0,
         0,
         {"confirmed", "finalized"}},
        {"feed.backfill_slots_max", std::int64_t{10'000},
         "Largest gap that is filled after a pause, slots; an older one is reported lost.", 0,
         10'000'000},
        {"feed.slot_ms", std::int64_t{400},
         "Pace of replay and demo, milliseconds a block; 0 = as fast as they are taken.", 0,
         60'000},
        {"feed.loop", false, "Replay begins again with renumbered copies, labelled synthetic."},
        {"feed.seed", std::int64_t{1}, "Seed of the synthetic blocks and of retry jitter.", 0,
         INT64_MAX},
        {"mev.sandwich_slots_max", std::int64_t{10},
         "How far apart the front and the back of a sandwich may stand, slots; 5 is a leader's "
         "group and one on each side.",
         0, 10},
        {"mev.price_gaps", true, "Look for price gaps between pools after each block."},
        {"log.level",
         "info"s,
         "Least level that is logged.",
         0,
         0,
         {"trace", "debug", "info", "warn", "error"}},
        {"log.format", "json"s, "One JSON object a line, or plain text.", 0, 0, {"json", "text"}},
    };
    return kDeclarations;
}

}  // namespace astro::node
