#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "foundation/base/result.hpp"
#include "foundation/base/time.hpp"

/// Pages of text and lines as a PDF. Over libharu, which nobody else sees.
namespace astro::pdf {

inline constexpr double kWidth = 595, kHeight = 842;  ///< A4, upright; points

/// From the top left corner.
struct Point {
    double x = 0, y = 0;
};
enum class Weight : std::uint8_t { regular, bold };
enum class Align : std::uint8_t { left, centre, right };

struct Style {
    double size = 8;
    std::uint32_t colour = 0x141A24;  ///< 0xRRGGBB
    Weight weight = Weight::regular;
    Align align = Align::left;
};

/// A document that is written once, from its first page to its last. The same calls give the same
/// bytes: the only time in it is `created`. Not for several threads.
class Pages {
  public:
    Pages(std::string_view title, TimestampNs created);
    ~Pages();
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;

    /// A new one, on which is drawn from now on.
    void add();
    /// Goes on with an earlier one, counted from 0.
    void select(std::size_t page);
    [[nodiscard]] std::size_t count() const;

    /// `at` is where its base line begins, ends or has its middle.
    void text(Point at, std::string_view utf8, const Style& style);
    [[nodiscard]] double width_of(std::string_view utf8, const Style& style) const;
    /// One line through all points.
    void line(std::span<const Point> points, double width, std::uint32_t colour);
    void line(Point from, Point to, double width, std::uint32_t colour);
    void fill(std::span<const Point> outline, std::uint32_t colour);
    void fill(Point top_left, Point bottom_right, std::uint32_t colour);

    /// The document's bytes. "pdf_failed": there was not the memory for it.
    [[nodiscard]] Result<std::string> finish();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace astro::pdf
