// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <longshore/core/tensor.hpp>
#include <longshore/linalg/gemm.hpp>
#include <vector>

#include "../support/check_block.hpp"
#include "../support/sanitized.hpp"

namespace ls = longshore;

namespace {

enum class Form { nn, nt, tn };

struct Sizes {
  int rows, columns, inner;
};

constexpr int wide = sanitized ? 13 : 513;

/// One size beside and on the edges of tiles and chunks, the others small; and all of them large together.
const std::vector<Sizes> every_size{
    {1, 1, 1},    {3, 5, 7},    {0, 4, 3},      {4, 0, 3},     {4, 3, 0},        {95, 9, 11},  {96, 9, 11},
    {97, 9, 11},  {193, 3, 5},  {7, 511, 9},    {7, 512, 9},   {7, 513, 9},      {2, 1030, 3}, {5, 6, 1023},
    {5, 6, 1024}, {5, 6, 1025}, {17, 33, 2049}, {1, 40, 3000}, {97, wide, 1025},
};

template <class Real>
std::vector<Real> numbers(std::size_t count, const char* name) {
  std::vector<Real> drawn(count);
  for (std::size_t i = 0; i < count; ++i) drawn[i] = Real(2) * ls::Random(8).stream(name).uniform<Real>(i) - Real(1);
  return drawn;
}

/// C (+)= A B + bias of one form; every matrix but the C of `tn` has two numbers between its rows.
template <class Real, class Space>
std::vector<Real> product(Form form, const Sizes& size, ls::Update update, bool biased) {
  const int gap = 2;
  const int a_rows = form == Form::tn ? size.inner : size.rows, a_columns = form == Form::tn ? size.rows : size.inner;
  const int b_rows = form == Form::nt ? size.columns : size.inner,
            b_columns = form == Form::nt ? size.inner : size.columns;
  const int c_stride = size.columns + (form == Form::tn ? 0 : gap);
  const auto tensor = [&](int count, const char* name) {
    ls::Tensor<Real, 1, Space> result(count);
    ls::copy_from_host(numbers<Real>(result.size(), name), result.view());
    return result;
  };
  const auto a = tensor(a_rows * (a_columns + gap), "a"), b = tensor(b_rows * (b_columns + gap), "b"),
             bias = tensor(size.columns, "bias");
  auto c = tensor(size.rows * c_stride, "c");
  const ls::Strided<const Real> left{a.data(), a_columns + gap}, right{b.data(), b_columns + gap};
  const ls::Strided<Real> to{c.data(), c_stride};
  const Real* added = biased ? bias.data() : nullptr;
  const std::size_t needed = form == Form::nt   ? ls::gemm_nt_workspace(size.columns, size.inner)
                             : form == Form::tn ? ls::gemm_tn_workspace(size.rows, size.columns, size.inner)
                                                : 0;
  ls::Tensor<Real, 1, Space> workspace(needed);
  const Space executor;
  if (form == Form::nn)
    ls::gemm_nn<Real, Space>(executor, size.rows, size.columns, size.inner, left, right, to, update, added);
  if (form == Form::nt)
    ls::gemm_nt<Real, Space>(executor, size.rows, size.columns, size.inner, left, right, to, update, added,
                             workspace.data());
  if (form == Form::tn)
    ls::gemm_tn<Real, Space>(executor, size.rows, size.columns, size.inner, left, right, c.data(), update,
                             workspace.data());
  Kokkos::fence();
  return ls::copy_to_host(c.view());
}

std::vector<double> by_definition(Form form, const Sizes& size, ls::Update update, bool biased, auto real) {
  using Real = decltype(real);
  const int gap = 2;
  const int a_stride = (form == Form::tn ? size.rows : size.inner) + gap,
            b_stride = (form == Form::nt ? size.inner : size.columns) + gap;
  const int c_stride = size.columns + (form == Form::tn ? 0 : gap);
  const auto count = [](int x) { return static_cast<std::size_t>(x); };
  const auto a = numbers<Real>(count((form == Form::tn ? size.inner : size.rows) * a_stride), "a");
  const auto b = numbers<Real>(count((form == Form::nt ? size.columns : size.inner) * b_stride), "b");
  const auto bias = numbers<Real>(count(size.columns), "bias");
  const auto old = numbers<Real>(count(size.rows * c_stride), "c");
  std::vector<double> c(old.begin(), old.end());  // what lies between the rows stays
  for (int i = 0; i < size.rows; ++i)
    for (int j = 0; j < size.columns; ++j) {
      double sum = biased ? static_cast<double>(bias[count(j)]) : 0;
      for (int k = 0; k < size.inner; ++k)
        sum += static_cast<double>(a[count(form == Form::tn ? k * a_stride + i : i * a_stride + k)]) *
               static_cast<double>(b[count(form == Form::nt ? j * b_stride + k : k * b_stride + j)]);
      double& to = c[count(i * c_stride + j)];
      to = update == ls::Update::add ? to + sum : sum;
    }
  return c;
}

}  // namespace

TEST_CASE_TEMPLATE(
    "gemm: all forms equal their definition around the edges of tiles and chunks, with the same bits everywhere", Where,
    LONGSHORE_EVERYWHERE) {
  using Real = typename Where::Real;
  using Space = typename Where::Space;
  for (const Form form : {Form::nn, Form::nt, Form::tn})
    for (const Sizes& size : every_size)
      for (const auto update : {ls::Update::write, ls::Update::add})
        for (const bool biased : {false, true}) {
          if (form == Form::tn && biased) continue;
          CAPTURE(static_cast<int>(form));
          CAPTURE(size.rows);
          CAPTURE(size.columns);
          CAPTURE(size.inner);
          CAPTURE(biased);
          const auto actual = product<Real, Space>(form, size, update, biased);
          check::close(actual, by_definition(form, size, update, biased, Real()), tolerance<Real>, 1);
          if (ls::is_host_space<Space>) CHECK((actual == product<Real, Kokkos::Serial>(form, size, update, biased)));
        }
}

TEST_CASE("gemm: workspaces are none where none is needed") {
  CHECK(ls::gemm_tn_workspace(5, 6, 1024) == 0);
  CHECK(ls::gemm_tn_workspace(5, 6, 1025) == 60);
  CHECK(ls::gemm_nt_workspace(70'000, 70'000) == std::size_t{70'000} * 70'000);
}
