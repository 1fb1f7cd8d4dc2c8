// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <iostream>

#include <longshore/io.hpp>
#include <longshore/longshore.hpp>

namespace ls = longshore;

// Long-term taste: a GRU over the whole history. Short-term intent: self-attention over the steps of the last session.
// A gate decides, per user, how much each counts; an item's score is its dot product with the blend of both.
template <class Real = float, class Space = Kokkos::DefaultExecutionSpace>
struct MyPipeline {
  ls::EmbeddingTable<Real, Space> items;
  ls::Dropout<Real, Space> drop;
  ls::Gru<Real, Space> taste;
  ls::SelfAttention<Real, Space> intent;
  ls::LastStep<Real, Space> last;
  ls::GateFuser<Real, Space> fuse;
  ls::DotProductScorer<Real, Space> score;

  MyPipeline() = default;
  MyPipeline(ls::Id count, ls::Index width, const ls::Random& random)
      : items({.rows = count, .features = width}, random.stream("items")),
        drop({.rate = 0.2}),
        taste({.in = width, .hidden = width}, random.stream("taste")),
        intent({.features = width}, random.stream("intent")),
        fuse({.features = width, .hidden = {width}}, random.stream("fuse")) {}

  auto interest(auto& context, const auto& batch) const {
    const auto history = drop(context, items(context, batch.history));  // sequences (N, D)
    const auto session = ls::cut_windows<Real, Space>(context, {history, batch.short_term});
    const auto long_term = last(context, {taste(context, history), batch.long_term});  // (B, D)
    const auto short_term = last(context, intent(context, session));                   // (B, D)
    return fuse(context, {}, {long_term, short_term});                                 // (B, 1, D)
  }
  // Scores of the batch's candidates, (B, C), and of all items, (B, I), which the softmax over the catalogue is of.
  auto operator()(auto& context, const auto& batch) const {
    return score(context, interest(context, batch), items(context, batch.candidates));
  }
  auto catalogue(auto& context, const auto& batch) const {
    return score.catalogue(context, interest(context, batch), items.whole(context));
  }
  static bool sees_candidates() { return false; }  // one interest serves all items: no part above looks at them

  void visit(auto&& visitor) {  // names the parts once: optimisers, checkpoints and printing use it
    visitor("items", items);
    visitor("drop", drop);
    visitor("taste", taste);
    visitor("intent", intent);
    visitor("last", last);
    visitor("fuse", fuse);
    visitor("score", score);
  }
};

void run(const char* file) {
  // MovieLens, .inter, CSV or TSV; without a file a log whose users have known tastes and intents.
  const ls::InteractionLog log = file ? ls::read_log(file) : ls::SyntheticLog().log();
  const auto split = ls::leave_one_out(log);  // each user's last item is for the test, the one before for validation
  const auto all = ls::histories(log), train = ls::histories(log, split.train);
  ls::LongShortSettings windows{.long_term = {}, .short_term = {.last = 10}};
  if (log.has_times) windows.short_term.session_gap = std::chrono::minutes(30);
  const ls::LongShortViews views(all, windows);
  windows.positions = ls::Positions::one_pass;  // training: one walk over a history serves all its positions
  const ls::LongShortBatches batches({all, windows}, ls::examples_of(all, split.train), log.item_count(), train,
                                     {.size = 32, .negatives = {.count = 0}});
  const auto validation = ls::evaluation_rows(all, split.validation), test = ls::evaluation_rows(all, split.test);
  if (batches.size() == 0 || validation.targets.empty() || test.targets.empty())
    throw ls::DataError("no user has four events: two to learn, one to validate, one to test");
  const auto rank = [&](const auto& model, const auto& rows) {
    return ls::rank_model(model, views, rows, log.item_count());
  };

  MyPipeline<> model(log.item_count(), 64, ls::Random(0));
  std::cout << log.size() << " events, " << log.user_count() << " users, " << log.item_count() << " items\n\n"
            << ls::summary(model) << '\n';
  const auto trained =
      ls::fit(model, batches, ls::SoftmaxCrossEntropy{}, ls::Adam{.rate = 2e-3},
              {.epochs = 20, .stop_early = {.patience = 3}, .progress = {.out = &std::cout, .metric = "NDCG@10"}},
              [&](const auto& some) { return ls::ndcg(10)(rank(some, validation)).value; });
  ls::draw_curves("curves.svg", trained, "NDCG@10");

  ls::Report report({{"HR@10"}, {"NDCG@10"}, {"MRR"}});
  const auto add = [&](std::string_view name, const ls::Ranking& ranking) {
    report.add(std::string(name),
               {ls::hit_rate(10)(ranking).value, ls::ndcg(10)(ranking).value, ls::mrr()(ranking).value});
  };
  const auto ranking = rank(model, test);
  add("long + short", ranking);
  ls::Floors(train, log.item_count()).for_each([&](const auto& floor) {
    add(floor.name(), ls::rank_baseline(floor, test.rows(), test.seen, test.seen_offsets));
  });
  report.note("Weights of epoch " + std::to_string(trained.best_epoch) + " of " +
              std::to_string(trained.epochs.size()) + ", the best on validation. Leave one out, seen items removed; " +
              ranking.description() + ".");
  std::cout << '\n' << report;

  ls::save(model, "model.safetensors");  // Python's safetensors reads it
  ls::CsvWriter rows("items.csv", {"row", "item"});
  for (ls::Id item = 0; item < log.item_count(); ++item) rows.row(item, log.item_ids.key(item));
}

int main(int count, char** arguments) try {
  if (count > 2) throw ls::Error("give one file, a log of users, items and times, or none");
  Kokkos::ScopeGuard kokkos(ls::quiet_kokkos());
  run(count == 2 ? arguments[1] : nullptr);
} catch (const std::exception& error) {  // ShapeError, DataError, FileError: what was expected and what came
  std::cerr << error.what() << '\n';
  return 1;
}
