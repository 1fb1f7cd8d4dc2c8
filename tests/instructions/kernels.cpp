// SPDX-License-Identifier: Apache-2.0
// Five hot kernels, forward and backward, on drawn arrays on Kokkos::Serial; counts.py has their instructions counted.
//
//   instruction_counts                the compiler, then the names of the kernels, one a line
//   instruction_counts NAME [twice]   runs a kernel inside `counted`; with `twice` its forward pass twice, for counts.py to see
#define DOCTEST_CONFIG_DISABLE  // of the arrays that tests share only the arrays are wanted

#include <cstdio>
#include <exception>
#include <functional>
#include <longshore/core/fill.hpp>
#include <longshore/kernels/linear.hpp>
#include <longshore/kernels/lstm.hpp>
#include <longshore/kernels/softmax_cross_entropy_backward.hpp>
#include <longshore/kernels/target_attention_scores_backward.hpp>
#include <longshore/kernels/transformer_layer_backward.hpp>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/recurrent_arrays.hpp"
#include "../support/softmax_arrays.hpp"
#include "../support/target_attention_arrays.hpp"
#include "../support/transformer_arrays.hpp"

namespace ls = longshore;

namespace {

using Real = float;
using Space = Kokkos::Serial;
template <int Rank>
using Array = ls::Tensor<Real, Rank, Space>;
constexpr ls::Index features = 64;

/// A kernel with all that it reads and writes: what is counted allocates nothing.
class Counted {
 public:
  virtual ~Counted() = default;
  virtual void forward() = 0;
  virtual void backward() = 0;
};

/// Lengths of 12 sequences, 1 to 30, of which some fill a tile and some do not.
std::vector<ls::Index> lengths() {
  std::vector<ls::Index> result;
  for (ls::Index b = 0; b < 12; ++b) result.push_back(1 + 7 * b % 30);
  return result;
}

Array<1> workspace(std::size_t numbers) { return Array<1>(static_cast<ls::Index>(numbers)); }

/// Where the gradient by an array goes.
template <int Rank>
class Gradient {
 public:
  explicit Gradient(const Array<Rank>& of) : array_(of) {}
  ls::Target<Real, Rank, Space> target() { return {array_.view(), ls::Update::write}; }

 private:
  Array<Rank> array_;
};

class Lstm final : public Counted {
 public:
  void forward() override {
    ls::lstm_forward<Real, Space>(Space(), std::as_const(at_.x).view(), at_.groups(), at_.weights(), {}, at_.columns(),
                                  {}, {at_.memory.view(), at_.cells.view()}, forward_workspace_.view());
  }
  void backward() override {
    ls::lstm_backward<Real, Space>(Space(), {at_.dy.data(), at_.hidden}, {}, std::as_const(at_.x).view(), at_.groups(),
                                   at_.weights(), {}, {at_.columns().data, at_.columns().row_stride},
                                   {std::as_const(at_.memory).view(), std::as_const(at_.cells).view()}, dx_.target(),
                                   {dinput_.target(), dhidden_.target(), dbias_input_.target(), dbias_hidden_.target()},
                                   {}, {}, backward_workspace_.view());
  }

 private:
  struct Kernel {
    static constexpr ls::Index gates = 4;
  };
  RecurrentArrays<Real, Space, Kernel> at_{lengths(), features, features};
  Gradient<2> dx_{at_.x}, dinput_{at_.weights_input}, dhidden_{at_.weights_hidden};
  Gradient<1> dbias_input_{at_.bias_input}, dbias_hidden_{at_.bias_hidden};
  Array<1> forward_workspace_ = workspace(ls::lstm_forward_workspace<Real, Space>(at_.batch, features, features));
  Array<1> backward_workspace_ =
      workspace(ls::lstm_backward_workspace<Real, Space>(at_.steps, at_.batch, features, features));
};

class TransformerLayer final : public Counted {
 public:
  void forward() override {
    ls::transformer_layer_forward<Real, Space>(Space(), at_.attention.x.view(), at_.weights(), at_.arrays(), y_.view(),
                                               forward_workspace_.view());
  }
  void backward() override {
    ls::transformer_layer_backward<Real, Space>(
        Space(), std::as_const(dy_).view(), at_.attention.x.view(), at_.weights(), at_.arrays(), dx_.target(),
        {din_.target(), dout_.target(), dlinear1_.target(), dlinear2_.target(), din_bias_.target(), dout_bias_.target(),
         dlinear1_bias_.target(), dlinear2_bias_.target(), dnorm1_.target(), dnorm1_bias_.target(), dnorm2_.target(),
         dnorm2_bias_.target()},
        backward_workspace_.view());
  }

 private:
  TransformerArraysOf<Real, Space> at_{lengths(), 2, features / 2, features, true, true, false};
  Array<2> y_ = at_.attention.x;
  Array<2> dy_ = random_tensor<Real, 2, Space>(ls::Random(5), at_.attention.ragged.steps(), features);
  Gradient<2> dx_{at_.attention.x}, din_{at_.attention.in_weights}, dout_{at_.attention.out_weights},
      dlinear1_{at_.linear1}, dlinear2_{at_.linear2};
  Gradient<1> din_bias_{at_.attention.in_bias}, dout_bias_{at_.attention.out_bias}, dlinear1_bias_{at_.linear1_bias},
      dlinear2_bias_{at_.linear2_bias}, dnorm1_{at_.norm1_weights}, dnorm1_bias_{at_.norm1_bias},
      dnorm2_{at_.norm2_weights}, dnorm2_bias_{at_.norm2_bias};
  Array<1> forward_workspace_ = workspace(ls::transformer_layer_forward_workspace(at_.arrays()));
  Array<1> backward_workspace_ = workspace(ls::transformer_layer_backward_workspace(at_.arrays()));
};

class TargetAttention final : public Counted {
 public:
  TargetAttention() {
    for (std::size_t l = 0; l < at_.weights.size(); ++l) {
      dweights_.emplace_back(at_.weights[l]);
      dbias_.emplace_back(at_.bias[l]);
      dlayers_.weights[l] = dweights_[l].target();
      dlayers_.bias[l] = dbias_[l].target();
    }
  }
  void forward() override {
    ls::target_attention_scores_forward<Real, Space>(
        Space(), at_.shape, ls::ActivationKind::sigmoid, Real(1), at_.k.view(), at_.placed.windows(), at_.q.view(),
        at_.layers(), at_.scores.view(), at_.packed.view(), at_.hidden.view(), forward_workspace_.view());
  }
  void backward() override {
    ls::target_attention_scores_backward<Real, Space>(
        Space(), at_.shape, ls::ActivationKind::sigmoid, Real(1), dscores_.view(), at_.k.view(), at_.placed.windows(),
        at_.q.view(), at_.layers(), at_.packed.view(), at_.hidden.view(), dpairs_.view(), dq_.target(), dlayers_,
        backward_workspace_.view());
  }

 private:
  static WindowList windows() {  // the sequences
    WindowList list;
    for (const ls::Index length : lengths()) {
      list.begin.push_back(list.steps);
      list.end.push_back(list.steps += length);
    }
    return list;
  }
  TargetAttentionArrays<Real, Space> at_{windows(), 1, features, {80, 40}};
  Array<1> dscores_ = random_tensor<Real, 1, Space>(ls::Random(6), at_.scores.extent(0));
  Array<2> dpairs_{at_.scores.extent(0), features};
  Gradient<3> dq_{at_.q};
  std::vector<Gradient<2>> dweights_;
  std::vector<Gradient<1>> dbias_;
  ls::TargetAttentionLayerGradients<Real, Space> dlayers_;
  Array<1> forward_workspace_ =
      workspace(ls::target_attention_scores_workspace<Real>(at_.shape, at_.placed.windows(), 1, true));
  Array<1> backward_workspace_ =
      workspace(ls::target_attention_scores_backward_workspace<Real>(at_.shape, at_.placed.windows(), 1));
};

class SoftmaxCrossEntropy final : public Counted {
 public:
  void forward() override {
    ls::softmax_cross_entropy_forward<Real, Space>(Space(), at_.tiles(), at_.targets.view(), at_.weights.view(),
                                                   at_.scale, at_.log_sum.view(), at_.loss.view(), sums_.view(),
                                                   terms_.view());
  }
  void backward() override {
    ls::softmax_cross_entropy_backward<Real, Space>(Space(), at_.tiles(), at_.targets.view(), at_.weights.view(),
                                                    at_.scale, at_.log_sum.view(), std::as_const(dloss_).view(),
                                                    dinterests_.target(), dtable_.target(), dbias_.target(),
                                                    backward_workspace_.view());
  }

 private:
  SoftmaxArrays<Real, Space> at_{64, 1000, features};
  Array<1> dloss_ = filled_tensor<Real, 1, Space>({1}, 1);
  Gradient<2> dinterests_{at_.interests}, dtable_{at_.table};
  Gradient<1> dbias_{at_.bias};
  ls::Tensor<ls::ExponentialSum<Real>, 2, Space> sums_{ls::softmax_blocks<Space>(at_.items) + 1, at_.rows};
  ls::Tensor<double, 1, Space> terms_{static_cast<ls::Index>(ls::sum_terms_workspace(at_.rows))};
  Array<1> backward_workspace_ =
      workspace(ls::softmax_cross_entropy_backward_workspace<Space>(at_.rows, at_.items, at_.features));
};

/// The products of matrices.
class Linear final : public Counted {
 public:
  void forward() override {
    ls::linear_forward<Real, Space>(Space(), std::as_const(x_).view(), std::as_const(weights_).view(),
                                    std::as_const(bias_).view(), y_.view(), workspace_.view());
  }
  void backward() override {
    ls::linear_backward<Real, Space>(Space(), std::as_const(dy_).view(), std::as_const(x_).view(),
                                     std::as_const(weights_).view(), dx_.target(), dweights_.target(), dbias_.target(),
                                     backward_workspace_.view());
  }

 private:
  static constexpr ls::Index rows = 250, out = 100;  // tiles at the edges are not whole
  static Array<2> draw(unsigned seed, ls::Index some, ls::Index width) {
    return random_tensor<Real, 2, Space>(ls::Random(seed), some, width);
  }
  Array<2> x_ = draw(1, rows, features), weights_ = draw(2, out, features), dy_ = draw(3, rows, out), y_ = dy_;
  Array<1> bias_ = random_tensor<Real, 1, Space>(ls::Random(4), out);
  Gradient<2> dx_{x_}, dweights_{weights_};
  Gradient<1> dbias_{bias_};
  Array<1> workspace_ = workspace(ls::linear_forward_workspace(features, out));
  Array<1> backward_workspace_ = workspace(ls::linear_backward_workspace(rows, features, out));
};

template <class Kernel>
std::unique_ptr<Counted> make() {
  return std::make_unique<Kernel>();
}

const std::map<std::string, std::function<std::unique_ptr<Counted>()>> kernels{
    {"linear", make<Linear>},
    {"lstm", make<Lstm>},
    {"softmax_cross_entropy", make<SoftmaxCrossEntropy>},
    {"target_attention_scores", make<TargetAttention>},
    {"transformer_layer", make<TransformerLayer>}};

}  // namespace

/// What callgrind collects: its --toggle-collect finds it by this name.
extern "C" [[gnu::noipa]] void counted(Counted& kernel, int forward_passes) {
  for (int pass = 0; pass < forward_passes; ++pass) kernel.forward();
  kernel.backward();
}

int main(int count, char** arguments) try {
  if (count == 1) {
    std::printf("g++ %d\n", __GNUC__);
    for (const auto& [name, its_kernel] : kernels) std::printf("%s\n", name.c_str());
    return 0;
  }
  const Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());
  const auto kernel = kernels.at(arguments[1])();
  kernel->forward();  // what happens once only, such as finding functions of shared libraries, is not counted
  kernel->backward();
  counted(*kernel, count > 2 && std::string_view(arguments[2]) == "twice" ? 2 : 1);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
