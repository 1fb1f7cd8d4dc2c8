// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Reading and writing of safetensors files.
///
/// A file is a length (8 bytes, little-endian), a header of that many bytes of JSON, and the data:
///
///     {"__metadata__": {key: text, ...}, name: {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
///
/// Any program that knows the format reads the files; checksums are ordinary metadata (SafetensorsKeys). A file written by the library
/// cannot lose or change a single bit without the reader noticing: the header's checksum covers the length, the header and the tensors'
/// checksums. Source of the format: Hugging Face, safetensors.

#include <longshore/io/dtype.hpp>
#include <longshore/io/safetensors_limits.hpp>
#include <longshore/io/safetensors_metadata.hpp>
#include <longshore/io/safetensors_reader.hpp>
#include <longshore/io/safetensors_reader_settings.hpp>
#include <longshore/io/safetensors_writer.hpp>
#include <longshore/io/tensor_entry.hpp>
