// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

/// Values that PyTorch computed, from `tests/golden/generate.py`: one safetensors file a block, tensors named
/// `<case>/<tensor>`, numbers in float64, integers in int64. LONGSHORE_GOLDEN_DIR points at other draws.
class Golden {
 public:
  /// @param name  folder and block: "layers/linear"
  explicit Golden(const std::string& name) {
    const char* other = std::getenv("LONGSHORE_GOLDEN_DIR");
    const auto folder =
        other ? std::filesystem::path(other) : std::filesystem::path(__FILE__).parent_path().parent_path() / "golden";
    const auto path = folder / (name + ".safetensors");
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("no golden file " + path.string());
    std::uint64_t length = 0;
    file.read(reinterpret_cast<char*>(&length), sizeof(length));
    std::string header(length, ' ');
    file.read(header.data(), static_cast<std::streamsize>(length));
    const auto start = static_cast<std::streamoff>(sizeof(length) + length);
    const auto described = nlohmann::json::parse(header);
    for (const auto& [key, entry] : described.items()) {
      if (key == "__metadata__") continue;
      const auto begin = entry["data_offsets"][0].get<std::size_t>(), end = entry["data_offsets"][1].get<std::size_t>();
      Entry tensor{entry["shape"].get<std::vector<int>>(), entry["dtype"] == "I64", std::vector<char>(end - begin)};
      file.seekg(start + static_cast<std::streamoff>(begin));
      file.read(tensor.bytes.data(), static_cast<std::streamsize>(end - begin));
      if (!file) throw std::runtime_error("golden file " + path.string() + " is cut short");
      tensors_[key] = std::move(tensor);
      cases_.insert(key.substr(0, key.find('/')));
    }
  }

  const std::set<std::string>& cases() const { return cases_; }
  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  const std::vector<int>& shape(const std::string& name) const { return find(name).shape; }

  std::vector<double> numbers(const std::string& name) const { return as<double>(name, false); }
  std::vector<std::int64_t> integers(const std::string& name) const { return as<std::int64_t>(name, true); }
  /// A setting of a case: an int64 tensor with one element.
  std::int64_t integer(const std::string& name) const { return integers(name).at(0); }

 private:
  struct Entry {
    std::vector<int> shape;
    bool whole = false;
    std::vector<char> bytes;
  };
  const Entry& find(const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) throw std::runtime_error("no golden tensor " + name);
    return found->second;
  }
  template <class T>
  std::vector<T> as(const std::string& name, bool whole) const {
    const Entry& entry = find(name);
    if (entry.whole != whole) throw std::runtime_error("golden tensor " + name + " has the other type");
    std::vector<T> result(entry.bytes.size() / sizeof(T));
    if (!result.empty()) std::memcpy(result.data(), entry.bytes.data(), entry.bytes.size());
    return result;
  }

  std::map<std::string, Entry> tensors_;
  std::set<std::string> cases_;
};
