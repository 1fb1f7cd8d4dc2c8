// SPDX-License-Identifier: Apache-2.0
// What the pages show, put to use: their templates are compiled with models of the pages, and what is quick is run. The
// blocks are in pages.hpp, which pages.py makes of them.
#include "pages.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

using Host = Kokkos::DefaultHostExecutionSpace;
using Recommender = docs_from_pytorch::Recommender<float, Host>;
using Pipeline = docs_writing_a_pipeline::TasteAndIntent<float, Host>;

namespace {

void expect(bool condition, const char* what) { ls::expects<ls::Error>(condition, "pages: ", what); }

/// The parameters under the names that PyTorch gives them.
struct AsPyTorch {
  Recommender& model;
  void visit(auto&& visitor) {
    auto& layer = model.taste.layers[0];
    visitor("items.weight", model.items.weights);
    visitor("taste.weight_ih_l0", layer.weights_input);
    visitor("taste.weight_hh_l0", layer.weights_hidden);
    visitor("taste.bias_ih_l0", layer.bias_input);
    visitor("taste.bias_hh_l0", layer.bias_hidden);
  }
};

void from_pytorch(const ls::Batch<Host>& batch, ls::Index items) {
  Recommender theirs(items, 4, ls::Random(1)), ours(items, 4, ls::Random(2));
  const auto scores = [&](const Recommender& model) {
    ls::Inference<Host> context;
    return ls::copy_to_host(model(context, batch).data);
  };
  expect(scores(theirs) != scores(ours), "two seeds gave one model");
  ls::save(AsPyTorch{theirs}, "from_pytorch.safetensors");
  docs_from_pytorch::exchange_with_pytorch(ours);
  expect(scores(theirs) == scores(ours), "a model loaded by PyTorch's names has other scores");
  AsPyTorch named{ours};
  ls::load(named, "to_pytorch.safetensors");  // refuses tensors of other names
  docs_from_pytorch::one_step(ours, batch);
  expect(scores(theirs) != scores(ours), "a step of training changed nothing");
}

/// One list of a file of PyTorch's, as an array of a batch.
template <class To, class From, class... Extents>
ls::View<const To, sizeof...(Extents), Host> array_of(const ls::SafetensorsReader& reader, const char* name,
                                                      ls::Batch<Host>& batch, Extents... extents) {
  const auto list = reader.read<From>(name);
  const auto view = batch.allocate<To>(extents...);
  expect(view.size() == list.size(), "an array of PyTorch's has another size");
  for (std::size_t k = 0; k < list.size(); ++k) view.data()[k] = static_cast<To>(list[k]);
  return view;
}

/// The page's model with PyTorch's weights, on PyTorch's batch: test_from_pytorch.py writes both into the folder that the
/// program runs in, and compares the scores and the weights after three steps that it leaves there.
void beside_pytorch() {
  const ls::SafetensorsReader reader("batch.safetensors");
  const auto sizes = reader.read<std::int64_t>("sizes");
  expect(sizes.size() == 5, "items, width, users, steps and candidates are expected");
  const auto size = [&](std::size_t k) { return static_cast<ls::Index>(sizes[k]); };
  const ls::Index users = size(2), steps = size(3), candidates = size(4);
  ls::Batch<Host> batch;
  const auto offsets = array_of<ls::Index, std::int64_t>(reader, "offsets", batch, users + 1);
  ls::Index longest = 0;
  for (ls::Index b = 0; b < users; ++b) longest = std::max(longest, offsets(b + 1) - offsets(b));
  batch.users = batch.allocate<ls::Id>(users);
  batch.history.items = array_of<ls::Id, std::int64_t>(reader, "items", batch, steps);
  batch.history.offsets = {offsets, longest};
  batch.long_term = ls::Windows<Host>(batch.history.offsets, steps);
  batch.candidates = array_of<ls::Id, std::int64_t>(reader, "candidates", batch, users, candidates);
  batch.labels = array_of<float, float>(reader, "labels", batch, users, candidates);

  Recommender model(size(0), size(1), ls::Random(0));
  docs_from_pytorch::exchange_with_pytorch(model);
  ls::Inference<Host> context;
  const auto scores = ls::copy_to_host(model(context, batch).data);
  ls::SafetensorsWriter writer("scores.safetensors",
                               {{.name = "scores", .dtype = ls::Dtype::f32, .shape = {users, candidates}}});
  writer.write<float>("scores", scores);
  writer.commit();
  for (int step = 0; step < 3; ++step) docs_from_pytorch::one_step(model, batch);
  ls::save(model, "trained.safetensors", {}, {.rename = ls::pytorch_name});
}

/// Blocks that the pages make of others: their backward is that of the parts.
void blocks_of_blocks() {
  const ls::Random random(3);
  const auto linear = [&](ls::Index in, ls::Index out, std::uint32_t number) {
    return ls::Linear<double, Host>({.in = in, .out = out}, random.stream(number));
  };
  const std::vector<double> numbers{0.5, -1, 2, 3, 0.25, -0.75}, cotangent{1, 2, -1, 0.5};
  ls::Tensor<double, 2, Host> x(2, 3);
  ls::copy_from_host(numbers, x.view());
  const ls::View<const double, 2, Host> reached(cotangent.data(), 2, 2);
  const auto trains = [&](const auto& block) {
    const ls::Matrix<double, Host> rows(x.view());
    ls::Training<Host> context(block);
    const auto y = block(context, rows);
    ls::Inference<Host> inference;
    const bool same = ls::copy_to_host(y.data) == ls::copy_to_host(block(inference, rows).data);
    context.backward(y, reached);
    const auto bias = context.gradient_of(block.second.bias).dense;  // the sum of the rows
    const auto first = ls::copy_to_host(context.gradient_of(block.first.weights).dense);
    const bool reaches = std::ranges::any_of(first, [](double number) { return number != 0; });
    return same && bias(0) == 1 - 1 && bias(1) == 2 + 0.5 && reaches;
  };
  const docs_writing_a_block::TwoLayers<double, Host> two{linear(3, 5, 1), linear(5, 2, 2)};
  const docs_concepts::Halved<double, Host> halved{linear(3, 4, 3), linear(4, 2, 4)};
  expect(trains(two), "TwoLayers gives other values in training, or no gradients");
  expect(trains(halved), "Halved gives other values in training, or no gradients");
}

void own_block() {
  docs_writing_a_block::Gain<double, Host> block(3);
  const std::vector<double> numbers{0.5, -1, 2, 3, 0.25, -0.75}, cotangent{1, 2, -1, 0.5, 3, -2};
  ls::Tensor<double, 2, Host> x(2, 3);
  ls::copy_from_host(numbers, x.view());
  const ls::View<const double, 2, Host> reached(cotangent.data(), 2, 3);
  expect(docs_writing_a_block::largest_difference(block, ls::Matrix<double, Host>(x.view()), reached) < 1e-8,
         "the backward of Gain is not its forward's");
  ls::Training<Host> context(block);
  context.backward(block(context, ls::Matrix<double, Host>(x.view())), reached);
  expect(context.gradient_of(block.gain).dense(0) == 0.5 * 1 + 3 * 0.5, "Gain: a gradient is not the sum over rows");
}

void serving(const Pipeline& model, const ls::LongShortViews& views) {
  const std::vector<ls::Id> candidates{3, 1, 4, 5};
  ls::Inference<Host, ls::Inline> context;
  ls::Batch<Host> request;
  const auto first = docs_serving::answer(model, context, views, request, 0, candidates);
  expect(first.size() == candidates.size(), "not one score a candidate");
  docs_serving::answer(model, context, views, request, 1, candidates);
  expect(docs_serving::answer(model, context, views, request, 0, candidates) == first, "a later answer is another one");
  docs_serving::serve(model, views, candidates);
  expect(docs_serving::best_ten({0, 3, 1, 2}, {1})[0] == 3, "the best item that was not seen is 3");
  ls::IdMap known("items");
  known.insert("a");
  const ls::EmbeddingTable<float, Host> table({.rows = 1, .features = 2, .unknown_row = true});
  expect(docs_serving::known_or_unknown(known, table, "a") == 0, "a known item is not found");
  expect(docs_serving::known_or_unknown(known, table, "b") == 1, "an unknown item has not the row for unknown ones");
  const auto copy = docs_serving::for_serving(model);
  expect(docs_serving::answer(copy, context, views, request, 0, candidates) == first, "a copy answers otherwise");
}

void evaluation(const Pipeline& model, const ls::LongShortViews& views, const ls::InteractionLog& log) {
  const ls::Split split = ls::leave_one_out(log);
  const ls::Histories& all = views.histories();
  const ls::Histories train = ls::histories(log, split.train);
  const ls::EvaluationRows test = ls::evaluation_rows(all, split.test);
  docs_evaluation::split_and_look(log);
  docs_evaluation::rank_and_print(model, views, test, train, log.item_count());
  const ls::Ranking ranking = ls::rank_model(model, views, test, log.item_count());
  docs_evaluation::compare(ranking, ranking);
  docs_evaluation::by_history(ranking, test);
  const ls::LongShortBatches batches(views, ls::examples_of(all, split.test), log.item_count(), train);
  docs_evaluation::of_rows(model, batches);
}

// Instantiated, not run: they train, or need a device or files.
[[maybe_unused]] const auto compiled = std::make_tuple(
    &docs_backends::train_there_and_keep_here<Pipeline>, &docs_reproducibility::go_on<Pipeline>,
    &docs_ragged_sequences::pool_both<ls::LastStep<float, Host>>, &docs_ragged_sequences::from_padded_arrays,
    &docs_contexts::forward_and_backward, &docs_quick_start::train_and_compare, &docs_writing_a_pipeline::train,
    &docs_writing_a_pipeline::use_saved, &README::run);

void run() {
  const ls::SyntheticLog made({.users = 20, .items = 300, .categories = 5, .events = 1000});
  const ls::InteractionLog& log = made.log();
  const ls::Histories all = ls::histories(log);
  const ls::LongShortViews views(all, {.long_term = {.last = 8}, .short_term = {.last = 3}});
  const ls::LongShortBatches batches(views, ls::examples_of(all, ls::leave_one_out(log).train), log.item_count(), all,
                                     {.size = 16});
  ls::Batch<Host> batch;
  batches(0, 0, batch);
  const Pipeline model(log.item_count(), 4, ls::Random(0));
  from_pytorch(batch, log.item_count());
  own_block();
  blocks_of_blocks();
  serving(model, views);
  evaluation(model, views, log);
  docs_ragged_sequences::embed_two_histories();
  docs_ragged_sequences::views_of(all);
  docs_reproducibility::draw();
  expect(docs_concepts::chosen(true).chosen_name() == "GateFuser", "the gate was asked for");
  docs_writing_a_pipeline::Rows rows;
  docs_writing_a_pipeline::RowSource{}(0, 0, rows);
  expect(rows.size() == 64, "a batch of rows has another size");
}

}  // namespace

int main(int count, char** arguments) try {
  Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());
  if (count == 2 && std::string_view(arguments[1]) == "beside_pytorch")
    beside_pytorch();
  else
    run();
} catch (const ls::Error& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
