// SPDX-License-Identifier: Apache-2.0

// The library's side of the comparison with pandas (P10, see the .py beside): for every file that the folder's "list"
// names, with its separator, it writes FILE.out with what `read_csv` made of it.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <longshore/data/read_csv.hpp>

namespace {

std::string hexadecimal(std::string_view text) {
  std::string digits;
  for (const char letter : text) {
    constexpr std::string_view all = "0123456789abcdef";
    digits += all[static_cast<unsigned char>(letter) >> 4];
    digits += all[static_cast<unsigned char>(letter) & 15];
  }
  return digits;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  namespace ls = longshore;
  try {
    const std::filesystem::path folder = arguments[1];
    std::ifstream list(folder / "list");
    for (std::string name, separator; list >> name >> separator;) {
      ls::ReadSettings settings;
      settings.time_unit = ls::TimeUnit::seconds;  // as pandas, which recognises no other
      settings.columns = {{.name = "price"}, {.name = "kind", .kind = ls::ReadSettings::ColumnKind::key}};
      if (separator == "tab") separator = "\t";
      if (separator != "found") settings.separator = separator;
      const ls::InteractionLog log = ls::read_csv(folder / name, settings);
      const auto& price = log.columns.get<float>("price");
      const auto& kind = log.columns.get<ls::Id>("kind");
      std::ofstream out(folder / (name + ".out"));
      out << std::hexfloat;
      for (std::size_t row = 0; row < log.size(); ++row)
        out << hexadecimal(log.user_ids.key(log.users(row))) << ';' << hexadecimal(log.item_ids.key(log.items(row)))
            << ';' << log.values(row) << ';' << log.times(row) << ';' << price(row) << ';'
            << hexadecimal(log.columns.keys("kind").key(kind(row))) << '\n';
      if (!out.flush()) throw std::runtime_error("cannot write the result of " + name);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
