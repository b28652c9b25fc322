#include "foundation/pdf/pages.hpp"

#include <hpdf.h>

#include <array>
#include <vector>

#include "foundation/base/assert.hpp"
#include "foundation/pdf/winansi.hpp"

namespace astro::pdf {
namespace {

HPDF_REAL real(double value) {
    return static_cast<HPDF_REAL>(value);
}

/// libharu's pages begin at the bottom.
HPDF_REAL from_bottom(double y) {
    return real(kHeight - y);
}

struct Rgb {
    HPDF_REAL red, green, blue;
};
Rgb rgb(std::uint32_t colour) {
    const auto part = [&](int shift) { return real((colour >> shift & 0xFF) / 255.0); };
    return {part(16), part(8), part(0)};
}

HPDF_Date date_of(TimestampNs time) {
    const std::string text = to_iso8601(time);  // 2026-11-29T12:00:00.000Z
    const auto number = [&](std::size_t at, std::size_t digits) {
        return std::stoi(text.substr(at, digits));
    };
    return {number(0, 4),
            number(5, 2),
            number(8, 2),
            number(11, 2),
            number(14, 2),
            number(17, 2),
            'Z',
            0,
            0};
}

}  // namespace

struct Pages::Parts {
    // Without a handler of errors its functions do nothing after one, and finish() finds it.
    HPDF_Doc document = HPDF_New(nullptr, nullptr);
    std::array<HPDF_Font, 2> fonts{};
    std::vector<HPDF_Page> pages;
    HPDF_Page page = nullptr;

    [[nodiscard]] HPDF_Font font(const Style& style) const {
        return fonts[static_cast<std::size_t>(style.weight)];
    }
};

Pages::Pages(std::string_view title, TimestampNs created) : parts_(std::make_unique<Parts>()) {
    if (parts_->document == nullptr) return;
    HPDF_SetCompressionMode(parts_->document, HPDF_COMP_ALL);
    parts_->fonts = {HPDF_GetFont(parts_->document, "Helvetica", "WinAnsiEncoding"),
                     HPDF_GetFont(parts_->document, "Helvetica-Bold", "WinAnsiEncoding")};
    HPDF_SetInfoAttr(parts_->document, HPDF_INFO_TITLE, to_winansi(title).c_str());
    HPDF_SetInfoAttr(parts_->document, HPDF_INFO_CREATOR, "Astrolabe");
    HPDF_SetInfoDateAttr(parts_->document, HPDF_INFO_CREATION_DATE, date_of(created));
    HPDF_SetInfoDateAttr(parts_->document, HPDF_INFO_MOD_DATE, date_of(created));
}

Pages::~Pages() {
    if (parts_->document != nullptr) HPDF_Free(parts_->document);
}

void Pages::add() {
    if (parts_->document == nullptr) return;
    parts_->page = HPDF_AddPage(parts_->document);
    parts_->pages.push_back(parts_->page);
    HPDF_Page_SetWidth(parts_->page, real(kWidth));
    HPDF_Page_SetHeight(parts_->page, real(kHeight));
}

void Pages::select(std::size_t page) {
    ASTRO_ASSERT(page < parts_->pages.size());
    parts_->page = parts_->pages[page];
}

std::size_t Pages::count() const {
    return parts_->pages.size();
}

double Pages::width_of(std::string_view utf8, const Style& style) const {
    if (parts_->page == nullptr) return 0;
    HPDF_Page_SetFontAndSize(parts_->page, parts_->font(style), real(style.size));
    return static_cast<double>(HPDF_Page_TextWidth(parts_->page, to_winansi(utf8).c_str()));
}

void Pages::text(Point at, std::string_view utf8, const Style& style) {
    if (parts_->page == nullptr) return;
    const double width = width_of(utf8, style);
    const double x = style.align == Align::left     ? at.x
                     : style.align == Align::centre ? at.x - width / 2
                                                    : at.x - width;
    const Rgb colour = rgb(style.colour);
    HPDF_Page_BeginText(parts_->page);
    HPDF_Page_SetRGBFill(parts_->page, colour.red, colour.green, colour.blue);
    HPDF_Page_TextOut(parts_->page, real(x), from_bottom(at.y), to_winansi(utf8).c_str());
    HPDF_Page_EndText(parts_->page);
}

void Pages::line(std::span<const Point> points, double width, std::uint32_t colour) {
    if (parts_->page == nullptr || points.size() < 2) return;
    const Rgb stroke = rgb(colour);
    HPDF_Page_SetLineWidth(parts_->page, real(width));
    HPDF_Page_SetLineJoin(parts_->page, HPDF_ROUND_JOIN);
    HPDF_Page_SetRGBStroke(parts_->page, stroke.red, stroke.green, stroke.blue);
    HPDF_Page_MoveTo(parts_->page, real(points[0].x), from_bottom(points[0].y));
    for (const Point& point : points.subspan(1))
        HPDF_Page_LineTo(parts_->page, real(point.x), from_bottom(point.y));
    HPDF_Page_Stroke(parts_->page);
}

void Pages::line(Point from, Point to, double width, std::uint32_t colour) {
    line(std::array{from, to}, width, colour);
}

void Pages::fill(std::span<const Point> outline, std::uint32_t colour) {
    if (parts_->page == nullptr || outline.size() < 3) return;
    const Rgb inside = rgb(colour);
    HPDF_Page_SetRGBFill(parts_->page, inside.red, inside.green, inside.blue);
    HPDF_Page_MoveTo(parts_->page, real(outline[0].x), from_bottom(outline[0].y));
    for (const Point& point : outline.subspan(1))
        HPDF_Page_LineTo(parts_->page, real(point.x), from_bottom(point.y));
    HPDF_Page_ClosePath(parts_->page);
    HPDF_Page_Fill(parts_->page);
}

void Pages::fill(Point top_left, Point bottom_right, std::uint32_t colour) {
    fill(std::array{top_left, Point{bottom_right.x, top_left.y}, bottom_right,
                    Point{top_left.x, bottom_right.y}},
         colour);
}

Result<std::string> Pages::finish() {
    const auto failed = [] {
        return unavailable("pdf_failed", "there was not the memory to write the document");
    };
    if (parts_->document == nullptr || HPDF_GetError(parts_->document) != HPDF_OK ||
        HPDF_SaveToStream(parts_->document) != HPDF_OK)
        return failed();
    HPDF_UINT32 size = HPDF_GetStreamSize(parts_->document);
    std::string out(size, '\0');
    HPDF_ResetStream(parts_->document);
    HPDF_ReadFromStream(parts_->document, reinterpret_cast<HPDF_BYTE*>(out.data()), &size);
    out.resize(size);
    return out;
}

}  // namespace astro::pdf
