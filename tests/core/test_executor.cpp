// SPDX-License-Identifier: Apache-2.0
#include <longshore/core/executor.hpp>
// The header comes first, alone.
#include <doctest/doctest.h>

#include <longshore/core/for_each.hpp>
#include <longshore/core/inference.hpp>
#include <string>
#include <thread>
#include <vector>

namespace ls = longshore;

namespace {

struct NoteThread {
  static inline const std::string label = "longshore::test_note_thread";
  std::thread::id* threads;
  void operator()(std::int64_t i) const { threads[i] = std::this_thread::get_id(); }
};

template <class Executor, class Space>
constexpr bool fits = ls::ExecutorOf<Executor, Space>;

}  // namespace

TEST_CASE("an executor is an instance of the space, or Inline where host code reaches the memory") {
  using Serial = Kokkos::Serial;
  static_assert(fits<Serial, Serial>);
  static_assert(fits<ls::Inline, Serial>);
  static_assert(!fits<int, Serial>);
#if defined(KOKKOS_ENABLE_OPENMP)
  static_assert(fits<Kokkos::OpenMP, Kokkos::OpenMP>);
  static_assert(fits<ls::Inline, Kokkos::OpenMP>);
  static_assert(!fits<Serial, Kokkos::OpenMP>, "an instance of another space");
#endif
#if defined(KOKKOS_ENABLE_CUDA)
  static_assert(fits<Kokkos::Cuda, Kokkos::Cuda>);
  static_assert(!fits<ls::Inline, Kokkos::Cuda>, "host code does not reach the memory");
#endif
  CHECK(fits<Kokkos::DefaultExecutionSpace, Kokkos::DefaultExecutionSpace>);
}

TEST_CASE("Inline runs bodies on the calling thread, also of a space that has others") {
  using Space = Kokkos::DefaultHostExecutionSpace;
  ls::Inference<Space, ls::Inline> context;
  std::vector<std::thread::id> threads(1000);
  std::thread caller([&] { ls::for_each(context.executor(), 1000, NoteThread{threads.data()}); });
  const auto expected = caller.get_id();
  caller.join();
  CHECK(threads == std::vector<std::thread::id>(1000, expected));
}
