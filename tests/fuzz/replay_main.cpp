// Drives a fuzz entry point without libFuzzer: every file of the corpus folder, then seeded
// mutations of them, so that the ordinary test run exercises each parser with broken input.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::uint64_t kSeed = 20261120;
constexpr int kMutationsPerFile = 200;
constexpr std::size_t kMutatedBytesMax = 64U << 10;  // larger files run as they are

void run(const std::string& bytes) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string mutate(std::string bytes, std::mt19937_64& random) {
    for (std::uint64_t n = random() % 4 + 1; n > 0 && !bytes.empty(); --n) {
        const std::size_t at = random() % bytes.size();
        switch (random() % 5) {
            case 0:
                bytes[at] = static_cast<char>(random());
                break;
            case 1:
                bytes.resize(at);
                break;
            case 2:
                bytes.erase(at, random() % 16 + 1);
                break;
            case 3:
                bytes.insert(at, bytes.substr(at, random() % 32));
                break;
            default:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        }
    }
    return bytes;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS_DIR\n", argv[0]);
        return 2;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1]))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    if (files.empty()) {
        std::fprintf(stderr, "the corpus is empty: %s\n", argv[1]);
        return 1;
    }
    std::mt19937_64 random(kSeed);
    std::size_t runs = 0;
    run({});
    for (const auto& path : files) {
        std::ifstream in(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        run(bytes);
        ++runs;
        if (bytes.size() > kMutatedBytesMax) continue;
        for (int i = 0; i < kMutationsPerFile; ++i, ++runs) run(mutate(bytes, random));
    }
    std::printf("%zu inputs, seed %llu\n", runs, static_cast<unsigned long long>(kSeed));
    return 0;
}
