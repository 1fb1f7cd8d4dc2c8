// SPDX-License-Identifier: Apache-2.0
// The only file that instantiates the model for training: that is what takes time to build.
#include <longshore/data/leave_one_out.hpp>
#include <longshore/data/long_short_batches.hpp>
#include <longshore/data/read_log.hpp>
#include <longshore/data/synthetic_log.hpp>
#include <longshore/io/csv_writer.hpp>
#include <longshore/io/save.hpp>
#include <longshore/losses/softmax_cross_entropy.hpp>
#include <longshore/optimizers/adam.hpp>
#include <longshore/training/fit.hpp>
#include <ostream>

#include "store.hpp"

void train(const std::filesystem::path& folder, const std::string& data, ls::Id users, std::ostream& out) {
  const ls::Index features = 32;
  const ls::InteractionLog log =
      data.empty() ? ls::SyntheticLog({.users = users, .events = std::int64_t{30} * users}).log() : ls::read_log(data);
  out << "There is no model in " << folder << ": training a small one on "
      << (data.empty() ? "the synthetic log" : data) << ", " << log.user_count() << " users, " << log.item_count()
      << " items.\n";
  const auto split = ls::leave_one_out(log);  // the last two events of each user are held back
  const auto all = ls::histories(log), seen = ls::histories(log, split.train);
  const ls::LongShortViews views(all, {.long_term = {.last = long_steps}, .short_term = {.last = short_steps}});
  const ls::LongShortBatches batches(views, ls::examples_of(all, split.train), log.item_count(), seen,
                                     {.size = 64, .negatives = {.count = 0}});
  Model model = make_model(log.item_count(), features, ls::Random(1));
  ls::fit(model, batches, ls::SoftmaxCrossEntropy{}, ls::Adam{.rate = 5e-3}, {.epochs = 4, .progress = {.out = &out}});

  std::filesystem::create_directories(folder);
  ls::CsvWriter items(folder / "items.csv", {"row", "key", "title"});
  for (ls::Id item = 0; item < log.item_count(); ++item) {
    const auto place = static_cast<std::size_t>(item);
    items.row(item, log.item_ids.key(item), place < log.item_names.size() ? log.item_names[place] : std::string());
  }
  ls::CsvWriter events(folder / "events.csv", {"user", "item", "timestamp"});
  for (std::size_t row = 0; row < log.size(); ++row)
    events.row(log.user_ids.key(log.users[row]), log.item_ids.key(log.items[row]), log.times[row]);
  ls::save(model, folder / "model.safetensors", {{"features", std::to_string(features)}});
  out << "Saved it: model.safetensors, items.csv, events.csv.\n\n" << std::flush;
}
