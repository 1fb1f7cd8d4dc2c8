// SPDX-License-Identifier: Apache-2.0

// How fast interaction logs are read, and with how much memory: one line a format, on files that it makes itself in the
// folder for temporary files and removes again.
//
//     bench_read_log [events]
//
// Goals: 100 MB/s or better on one core for files of integers, and at most 32 bytes of memory an event while reading
// them, also where users have five events each (the files called sparse, of a fifth of the events).
//
// What the memory is: 20 bytes an event; while the columns are handed over 8 more, since the times are there twice; up
// to one chunk of each column, 640 KiB together; and the id maps, which count where users are many: 12 bytes for each
// user and item whose key is an integer near 0, 19 to 29 for other integers, and for texts that, 4 bytes and their
// characters: with five events a user about 40 bytes an event.
#include <malloc.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <longshore/data/read_log.hpp>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace {

std::size_t live_bytes = 0, peak_bytes = 0;  // of one thread, which is all there is

}  // namespace

void* operator new(std::size_t size) {
  void* const place = std::malloc(size);
  if (place == nullptr) throw std::bad_alloc();
  live_bytes += malloc_usable_size(place);
  peak_bytes = std::max(peak_bytes, live_bytes);
  return place;
}
void operator delete(void* place) noexcept {
  if (place != nullptr) live_bytes -= malloc_usable_size(place);
  std::free(place);
}
void operator delete(void* place, std::size_t) noexcept { operator delete(place); }

namespace {

// What MovieLens looks like, in numbers: users in groups, items by a steep popularity, times in order within a user.
class Events {
 public:
  struct Event {
    std::uint64_t user, item, half_stars, time;
  };

  Events(std::uint64_t items, bool sparse) : items_(items), sparse_(sparse) {}

  Event next() {
    if (left_ == 0) {
      ++user_;
      left_ = sparse_ ? 1 + draw() % 9 : 20 + draw() % 260;
      time_ = 800'000'000 + draw() % 600'000'000;
    }
    --left_;
    time_ += draw() % 60;
    const std::uint64_t a = draw() % items_, b = draw() % items_;
    return {user_, 1 + a * b / items_, 1 + draw() % 10, time_};
  }

 private:
  std::uint64_t draw() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return state_ >> 33;
  }
  std::uint64_t items_;
  bool sparse_;
  std::uint64_t state_ = 7, user_ = 0, left_ = 0, time_ = 0;
};

std::string to_key(std::uint64_t number) {  // such as B000QSNYGI
  std::string key = "B00";
  number = number * 2654435761ULL % 78364164096ULL;
  for (int i = 0; i < 7; ++i, number /= 36) key += "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 36];
  return key;
}

void write(const std::filesystem::path& path, std::string_view format, bool sparse, std::size_t events) {
  std::ofstream file(path, std::ios::binary);
  Events source(60'000, sparse);
  std::string text;
  if (format == "ratings.csv") text = "userId,movieId,rating,timestamp\n";
  if (format == "keys.inter") text = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n";
  if (format == "quoted.csv") text = "\"user_id\",\"item_id\",\"rating\",\"timestamp\"\n";
  const auto number = [&text](std::uint64_t value) {
    std::array<char, 20> digits{};
    text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  };
  const auto rating = [&](std::uint64_t half_stars) {
    number(half_stars / 2);
    text += half_stars % 2 == 0 ? ".0" : ".5";
  };
  std::uint64_t line = 0;
  for (std::size_t i = 0; i < events; ++i) {
    const Events::Event event = source.next();
    if (format == "u.data" || format == "ratings.dat") {
      const std::string_view separator = format == "u.data" ? "\t" : "::";
      number(event.user), text += separator;
      number(event.item), text += separator;
      number((event.half_stars + 1) / 2), text += separator;
      number(event.time), text += '\n';
    } else if (format == "ratings.csv") {
      number(event.user), text += ',';
      number(event.item), text += ',';
      rating(event.half_stars), text += ',';
      number(event.time), text += '\n';
    } else if (format == "keys.inter") {
      text += 'A' + to_key(event.user) + '\t' + to_key(event.item) + '\t';
      rating(event.half_stars), text += '\t';
      number(event.time), text += '\n';
    } else if (format == "quoted.csv") {
      text += '"', number(event.user), text += "\",\"";
      number(event.item), text += "\",\"";
      rating(event.half_stars), text += "\",\"";
      number(event.time), text += "\"\n";
    } else {
      if (line != event.user) number(event.user);
      line = event.user;
      text += ' ', number(event.item);
      if (line != 0 && i % 100 == 99) text += '\n', line = 0;
    }
    if (text.size() > (std::size_t{1} << 20)) {
      file << text;
      text.clear();
    }
  }
  file << text;
}

void compress(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::ifstream file(from, std::ios::binary);
  const gzFile packed = gzopen(to.c_str(), "wb1");
  std::string chunk(std::size_t{1} << 20, '\0');
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() > 0)
    gzwrite(packed, chunk.data(), static_cast<unsigned>(file.gcount()));
  gzclose(packed);
}

void measure(const std::filesystem::path& path, std::uintmax_t text_bytes) {
  double best = 1e9, while_reading = 0, afterwards = 0;
  std::size_t events = 0;
  for (int round = 0; round < 3; ++round) {
    const std::size_t before = live_bytes;
    peak_bytes = before;
    const auto start = std::chrono::steady_clock::now();
    const longshore::InteractionLog log = longshore::read_log(path);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    events = log.size();
    while_reading = static_cast<double>(peak_bytes - before) / static_cast<double>(events);
    afterwards = static_cast<double>(live_bytes - before) / static_cast<double>(events);
  }
  std::printf("%-18s %9.1f MB %10zu events %8.1f MB/s %7.2f million events/s %6.1f %6.1f bytes/event\n",
              path.filename().c_str(), static_cast<double>(text_bytes) / 1e6, events,
              static_cast<double>(text_bytes) / 1e6 / best, static_cast<double>(events) / 1e6 / best, while_reading,
              afterwards);
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t events = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 5'000'000;
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("longshore_bench_read_log_" + std::to_string(getpid()));
  int status = 0;
  try {
    std::filesystem::create_directory(folder);
    std::printf("%-18s %12s %17s %13s %24s   while reading, afterwards\n", "file", "text", "", "best of 3", "");
    for (const std::string name : {"u.data", "ratings.dat", "ratings.csv", "quoted.csv", "keys.inter", "lines.txt",
                                   "sparse.ratings.csv", "sparse.keys.inter"}) {
      const bool sparse = name.starts_with("sparse.");
      const std::string format = name.substr(sparse ? 7 : 0);
      const std::filesystem::path path = folder / name;
      write(path, format, sparse, sparse ? events / 5 : events);
      const std::uintmax_t bytes = std::filesystem::file_size(path);
      measure(path, bytes);
      if (name == "ratings.csv") {
        compress(path, folder / "ratings.csv.gz");
        measure(folder / "ratings.csv.gz", bytes);
      }
      std::filesystem::remove(path);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    status = 1;
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return status;
}
