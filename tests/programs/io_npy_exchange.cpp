// SPDX-License-Identifier: Apache-2.0
// The C++ side of the agreement with NumPy; the .py beside it drives it:
//
//   write FOLDER  writes arrays of every type
//   read FILE     prints type, shape and elements of an array, or the reason why it is refused
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <string>

#include <longshore/io/npy.hpp>

namespace {

template <class T>
void write(const std::filesystem::path& folder, const std::string& name) {
  xt::xarray<T> array = xt::reshape_view(xt::arange<T>(0, 24), {2, 3, 4});
  array(0, 0, 0) = std::numeric_limits<T>::lowest();
  longshore::write_npy(folder / (name + ".npy"), array);
  longshore::write_npy(folder / (name + "_scalar.npy"), xt::xarray<T>(T{7}));
  longshore::write_npy(folder / (name + "_vector.npy"), xt::xarray<T>{1, 2, 3});
  longshore::write_npy(folder / (name + "_empty.npy"), xt::xarray<T>::from_shape({0, 3}));
}

template <class T>
bool print(const longshore::ByteSource& source, const longshore::NpyHeader& header) {
  if (header.dtype != longshore::dtype_of<T>()) return false;
  const xt::xarray<T> array = longshore::read_npy<T>(source);
  std::cout.precision(17);
  std::cout << longshore::facts_of(header.dtype).name << " [";
  for (const std::int64_t extent : header.shape) std::cout << extent << ' ';
  std::cout << ']';
  for (const T element : array) std::cout << ' ' << +element;
  std::cout << '\n';
  return true;
}

void read(const std::string& path) {
  try {
    const auto source = longshore::ByteSource::file("read_npy", path);
    const auto header = longshore::NpyHeader::read(source);
    print<float>(source, header) || print<double>(source, header) || print<std::int32_t>(source, header) ||
        print<std::int64_t>(source, header) || print<std::uint8_t>(source, header);
  } catch (const longshore::FileError& error) {
    std::cout << "refused: " << error.what() << '\n';
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const std::string verb = count == 3 ? arguments[1] : "";
    if (verb == "write") {
      write<float>(arguments[2], "f4");
      write<double>(arguments[2], "f8");
      write<std::int32_t>(arguments[2], "i4");
      write<std::int64_t>(arguments[2], "i8");
      write<std::uint8_t>(arguments[2], "u1");
      return 0;
    }
    if (verb == "read") return read(arguments[2]), 0;
    std::cerr << "usage: write FOLDER or read FILE\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 2;
}
