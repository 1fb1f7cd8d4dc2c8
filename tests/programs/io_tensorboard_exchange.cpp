// SPDX-License-Identifier: Apache-2.0
// Writes two curves into the folder of its argument, and a resumed one into another; the .py beside it reads them with
// TensorBoard.
#include <cstdint>
#include <exception>
#include <iostream>
#include <limits>
#include <string>

#include <longshore/io/tensorboard_writer.hpp>

int main(int count, char** arguments) {
  try {
    if (count == 2) {
      longshore::TensorboardWriter board(arguments[1]);
      for (int step = 0; step < 3000; ++step) {
        board.scalar("loss/train", 1.0 / (step + 1), step, 1e9 + step);
        if (step % 100 == 0) board.scalar("ndcg@10 \xc3\xa9", step / 8.0, std::int64_t{step} << 33);
      }
      board.scalar("loss/train", std::numeric_limits<double>::infinity(), 3000, 1e9 + 3000);
      board.flush();
      // Runs of the folder "resumed": the second goes on at step 2, in a file whose name comes behind the first's.
      for (int run = 1; run <= 2; ++run) {
        longshore::TensorboardWriter part(std::string(arguments[1]) + "/resumed", run);
        for (int step = run; step <= 3; ++step) part.scalar("loss", 10.0 * run + step, step);
      }
      return 0;
    }
    std::cerr << "usage: FOLDER\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 2;
}
