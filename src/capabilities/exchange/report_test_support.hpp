#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace astro::exchange {

/// What pdftotext (poppler-utils) reads in a document, without the commas between thousands.
inline std::string read_pdf(const std::string& bytes) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("astrolabe-report-" + std::to_string(getpid()) + ".pdf");
    std::ofstream(path, std::ios::binary) << bytes;
    std::string out;
    FILE* reader = popen(("pdftotext -layout " + path.string() + " -").c_str(), "r");
    if (reader == nullptr) return out;
    for (int c = 0; (c = std::fgetc(reader)) != EOF;)
        if (c != ',') out += static_cast<char>(c);
    EXPECT_EQ(pclose(reader), 0) << "poppler-utils is installed, and reads it";
    std::filesystem::remove(path);
    return out;
}

/// As a report writes an amount: two decimals at least.
inline std::string as_written(std::string number) {
    if (number.find('.') == number.npos) number += ".00";
    if (number[number.size() - 2] == '.') number += '0';
    return number;
}

}  // namespace astro::exchange
