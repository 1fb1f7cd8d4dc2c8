// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <longshore/io.hpp>
#include <longshore/longshore.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace ls = longshore;
using Space = Kokkos::DefaultExecutionSpace;
using Real = float;

/// Arrays and sizes of a case, from the safetensors file that the peer wrote.
class Inputs {
 public:
  explicit Inputs(const std::string& path) : path_(path), reader_(path) {}
  const std::string& path() const { return path_; }

  /// A size or setting: an int64 tensor of one element.
  ls::Index integer(const std::string& name) const {
    return static_cast<ls::Index>(reader_.read<std::int64_t>(name).at(0));
  }
  ls::Index extent(const std::string& name, std::size_t axis) const {
    const auto entry = reader_.find(name);
    if (!entry) throw std::runtime_error("the inputs have no " + name);
    return static_cast<ls::Index>(entry->shape.at(axis));
  }
  template <class T>
  std::vector<T> list(const std::string& name) const {
    return reader_.read<T>(name);
  }
  /// An array of numbers, as a parameter, so that its gradient is computed as the peer's.
  template <int Rank>
  ls::Parameter<Real, Rank, Space> parameter(const std::string& name) const {
    ls::Parameter<Real, Rank, Space> result = [&]<std::size_t... Axis>(std::index_sequence<Axis...>) {
      return ls::Parameter<Real, Rank, Space>(extent(name, Axis)...);
    }(std::make_index_sequence<Rank>());
    ls::copy_from_host(reader_.read<Real>(name), result.mutable_view());
    return result;
  }
  /// An array of T on the space; the file holds From.
  template <class T, int Rank, class From = T>
  ls::Tensor<T, Rank, Space> tensor(const std::string& name) const {
    ls::Tensor<T, Rank, Space> result = [&]<std::size_t... Axis>(std::index_sequence<Axis...>) {
      return ls::Tensor<T, Rank, Space>(extent(name, Axis)...);
    }(std::make_index_sequence<Rank>());
    const auto read = reader_.read<From>(name);
    ls::copy_from_host(std::vector<T>(read.begin(), read.end()), result.view());
    return result;
  }
  /// Weights of a block, named `<prefix>.<path>`.
  template <class Block>
  void fill(Block& block, const std::string& prefix) const {
    ls::visit_parameters(block, [&](const ls::Path& path, auto& parameter) {
      ls::copy_from_host(reader_.read<Real>(prefix + "." + path.text()), parameter.mutable_view());
    });
  }

 private:
  std::string path_;
  ls::SafetensorsReader reader_;
};

/// Sequences one after the other, and the windows over them: one each.
struct Ragged {
  ls::Tensor<ls::Index, 1, Space> rows;  // (B + 1)
  ls::Index steps = 0, longest = 0;

  Ragged() = default;
  /// From the int64 tensor `lengths`.
  explicit Ragged(const Inputs& inputs) {
    std::vector<ls::Index> offsets{0};
    for (const std::int64_t length : inputs.list<std::int64_t>("lengths")) {
      offsets.push_back(offsets.back() + static_cast<ls::Index>(length));
      longest = std::max(longest, static_cast<ls::Index>(length));
    }
    steps = offsets.back();
    rows = ls::Tensor<ls::Index, 1, Space>(static_cast<ls::Index>(offsets.size()));
    ls::copy_from_host(offsets, rows.view());
  }
  ls::Offsets<Space> offsets() const { return {rows.view(), longest}; }
  ls::Windows<Space> windows() const { return {offsets(), steps}; }
};
