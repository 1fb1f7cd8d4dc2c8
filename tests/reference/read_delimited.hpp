// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Delimited records read the slow way, one character at a time, from the whole text: what `DelimitedReader` must give.
struct DelimitedRecords {
  std::vector<std::vector<std::string>> records;  // those before the first error
  bool failed = false;
};

/// Whether a text is UTF-8, found by decoding it.
inline bool is_utf8_by_decoding(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = static_cast<unsigned char>(text[i]);
    int more = 0;
    unsigned long point = lead;
    if (lead >= 0x80) {
      if (lead >> 5 == 6)
        more = 1, point = lead & 0x1f;
      else if (lead >> 4 == 14)
        more = 2, point = lead & 0x0f;
      else if (lead >> 3 == 30)
        more = 3, point = lead & 0x07;
      else
        return false;
    }
    ++i;
    for (int k = 0; k < more; ++k, ++i) {
      if (i >= text.size()) return false;
      const unsigned next = static_cast<unsigned char>(text[i]);
      if (next >> 6 != 2) return false;
      point = point << 6 | (next & 0x3f);
    }
    const unsigned long least[] = {0, 0x80, 0x800, 0x10000};
    if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
  }
  return true;
}

inline DelimitedRecords read_delimited(std::string_view text, std::string_view separator, bool quotes, bool ragged) {
  DelimitedRecords result;
  const auto starts = [&](std::size_t at, std::string_view part) { return text.substr(at).starts_with(part); };
  const auto line_end = [&](std::size_t at) -> std::size_t {  // the length of the line end here, 0 if there is none
    return starts(at, "\n") ? 1 : starts(at, "\r\n") ? 2 : 0;
  };
  const auto fail = [&] {
    result.failed = true;
    return result;
  };
  if (starts(0, "\xff\xfe") || starts(0, "\xfe\xff")) return fail();
  if (starts(0, "\xef\xbb\xbf")) text.remove_prefix(3);
  for (std::size_t at = 0; at < text.size();) {
    if (line_end(at) > 0) {
      at += line_end(at);
      continue;
    }
    const std::size_t begin = at;
    std::vector<std::string> fields(1);
    while (true) {
      if (quotes && starts(at, "\"")) {
        ++at;
        while (true) {
          if (at == text.size()) return fail();
          if (starts(at, "\"\"")) {
            fields.back() += '"';
            at += 2;
          } else if (text[at] == '"') {
            ++at;
            break;
          } else {
            fields.back() += text[at++];
          }
        }
        if (at < text.size() && line_end(at) == 0 && !starts(at, separator)) return fail();
      } else {
        while (at < text.size() && line_end(at) == 0 && !starts(at, separator)) {
          if (text[at] == '\r') return fail();
          fields.back() += text[at++];
        }
      }
      if (at == text.size() || line_end(at) > 0) break;
      at += separator.size();
      fields.emplace_back();
    }
    const std::string_view raw = text.substr(begin, at - begin);
    if (raw.find('\0') != std::string_view::npos || !is_utf8_by_decoding(raw)) return fail();
    if (!ragged && !result.records.empty() && fields.size() != result.records.front().size()) return fail();
    result.records.push_back(fields);
    at += at < text.size() ? line_end(at) : 0;
  }
  return result;
}
