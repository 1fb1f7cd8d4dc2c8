// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <longshore/core/abi.hpp>
#include <longshore/io/dtype.hpp>
#include <longshore/io/in_quotes.hpp>
#include <longshore/io/safetensors_index.hpp>
#include <longshore/io/safetensors_limits.hpp>

namespace longshore::inline LONGSHORE_ABI {

/// Receives the events of nlohmann's parser and accepts the grammar of a safetensors header, nothing else:
///
///   { "__metadata__": { key: text, ... }, name: { "dtype": text, "shape": [extents], "data_offsets": [begin, end] },
///   ... }
///
/// It fills a SafetensorsIndex and throws a FileError with the byte at the first thing that does not belong.
///
/// Cost: O(header), no memory beside the index.
class SafetensorsParser {
 public:
  /// Parses `index.text`.
  static void parse(SafetensorsIndex& index, const SafetensorsLimits& limits) {
    SafetensorsParser parser(index, limits);
    const char* const begin = index.text.data();
    parser.next_ = begin;
    nlohmann::json::sax_parse(Cursor{begin, &parser.next_}, Cursor{begin + index.text.size(), nullptr}, &parser);
  }

  bool null() { unexpected("null"); }
  bool boolean(bool) { unexpected("true or false"); }
  bool number_integer(std::int64_t) { unexpected("a negative number"); }
  bool number_float(double, const std::string&) { unexpected("a number that is not an integer below 2^64"); }
  bool binary(std::vector<std::uint8_t>&) { unexpected("binary data"); }

  bool number_unsigned(std::uint64_t value) {
    if (state_ == State::shape) {
      if (tensor_.rank >= limits_.rank) refuse("more than ", limits_.rank, " extents in a shape");
      if (value > INT64_MAX) refuse("an extent of ", value);
      ++tensor_.rank;
    } else if (state_ == State::offsets && offsets_ < 2) {
      (offsets_++ == 0 ? tensor_.begin : tensor_.end) = value;
    } else {
      unexpected("a number");
    }
    return true;
  }

  bool string(const std::string& value) {
    const std::size_t at = place(value);
    if (state_ == State::metadata_value) {
      pair_.value = static_cast<std::uint32_t>(at);
      pair_.value_bytes = static_cast<std::uint32_t>(value.size());
      index_.metadata.push_back(pair_);
      state_ = State::metadata;
    } else if (state_ == State::dtype) {
      const auto dtype = dtype_named(value);
      if (!dtype) refuse("the element type ", in_quotes(value), " is unknown");
      tensor_.dtype = *dtype;
      state_ = State::tensor;
    } else {
      unexpected("a text");
    }
    return true;
  }

  bool start_object(std::size_t) {
    switch (state_) {
      case State::begin: state_ = State::file; return true;
      case State::before_metadata: state_ = State::metadata; return true;
      case State::before_tensor: state_ = State::tensor; return true;
      default: unexpected("{");
    }
  }

  bool key(const std::string& key) {
    const std::size_t at = place(key);
    if (state_ == State::metadata) {
      if (index_.metadata.size() >= limits_.metadata_pairs)
        refuse("more than ", limits_.metadata_pairs, " metadata pairs");
      pair_ = {.key = static_cast<std::uint32_t>(at), .key_bytes = static_cast<std::uint32_t>(key.size())};
      state_ = State::metadata_value;
    } else if (state_ == State::tensor) {
      if (key == "dtype")
        begin_field(has_dtype_, key, State::dtype);
      else if (key == "shape")
        begin_field(has_shape_, key, State::before_shape);
      else if (key == "data_offsets")
        begin_field(has_offsets_, key, State::before_offsets);
      else
        refuse("a tensor has no field ", in_quotes(key));
    } else if (key == "__metadata__") {
      begin_field(has_metadata_, key, State::before_metadata);
    } else {
      begin_tensor(at, key.size());
    }
    return true;
  }

  bool end_object() {
    if (state_ == State::tensor) {
      if (!has_dtype_) refuse_tensor("dtype");
      if (!has_shape_) refuse_tensor("shape");
      if (!has_offsets_) refuse_tensor("data_offsets");
      index_.tensors.push_back(tensor_);
      state_ = State::file;
    } else {
      state_ = state_ == State::metadata ? State::file : State::end;
    }
    return true;
  }

  bool start_array(std::size_t) {
    if (state_ == State::before_shape) {
      tensor_.shape = static_cast<std::uint32_t>(position());
      state_ = State::shape;
    } else if (state_ == State::before_offsets) {
      state_ = State::offsets;
    } else {
      unexpected("[");
    }
    return true;
  }

  bool end_array() {
    if (state_ == State::offsets && offsets_ != 2) refuse("data_offsets holds fewer than two numbers");
    state_ = State::tensor;
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) {
    refuse("the header is not valid JSON");
  }

 private:
  enum class State {
    begin,
    file,
    before_metadata,
    metadata,
    metadata_value,
    before_tensor,
    tensor,
    dtype,
    before_shape,
    shape,
    before_offsets,
    offsets,
    end
  };

  /// Reads the text and tells the parser where nlohmann's scanner is.
  struct Cursor {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    const char* at;
    const char** next;

    char operator*() const { return *at; }
    Cursor& operator++() {
      *next = ++at;
      return *this;
    }
    Cursor operator++(int) {
      const Cursor before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Cursor& other) const { return at == other.at; }
  };

  SafetensorsParser(SafetensorsIndex& index, const SafetensorsLimits& limits) : index_(index), limits_(limits) {}

  /// The place of the character that was scanned last.
  std::size_t position() const {
    const auto scanned = static_cast<std::size_t>(next_ - index_.text.data());
    return scanned > 0 ? scanned - 1 : 0;
  }

  /// Writes what a text means over what stood for it, which is never shorter: it ends before the closing quotation
  /// mark.
  std::size_t place(const std::string& meaning) {
    const std::size_t begin = position() - meaning.size();
    if (!meaning.empty()) std::memcpy(index_.text.data() + begin, meaning.data(), meaning.size());
    return begin;
  }

  void begin_tensor(std::size_t at, std::size_t bytes) {
    if (index_.tensors.size() >= limits_.tensors) refuse("more than ", limits_.tensors, " tensors");
    if (bytes > limits_.name_bytes) refuse("a tensor's name of ", bytes, " bytes, at most ", limits_.name_bytes);
    tensor_ = {.name = static_cast<std::uint32_t>(at), .name_bytes = static_cast<std::uint16_t>(bytes)};
    has_dtype_ = has_shape_ = has_offsets_ = false;
    offsets_ = 0;
    state_ = State::before_tensor;
  }

  void begin_field(bool& seen, const std::string& key, State next) {
    if (seen) refuse(in_quotes(key), " comes twice");
    seen = true;
    state_ = next;
  }

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    index_.refuse(position(), parts...);
  }

  [[noreturn]] void refuse_tensor(std::string_view missing) const {
    index_.refuse_tensor(tensor_, "has no field \"", missing, "\"");
  }

  [[noreturn]] void unexpected(std::string_view what) const {
    refuse("the header holds ", what, " where none belongs");
  }

  SafetensorsIndex& index_;
  const SafetensorsLimits& limits_;
  const char* next_ = nullptr;
  State state_ = State::begin;
  SafetensorsIndex::Tensor tensor_;
  SafetensorsIndex::Pair pair_;
  int offsets_ = 0;
  bool has_metadata_ = false;
  bool has_dtype_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

}  // namespace longshore::inline LONGSHORE_ABI
