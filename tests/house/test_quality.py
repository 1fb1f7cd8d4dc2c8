# SPDX-License-Identifier: Apache-2.0
"""What scripts/quality reads from the example's lines, and that its comparison of two sides can fail."""
import contextlib
import io
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts/lib"))
import quality

LINES = """100000 events, 943 users, 1682 items, 1997-09-20 to 1998-04-22; 97171 training positions, 943 test users
test after epoch 1: HR@10 0.0615058 NDCG@10 0.0310414
long + short  epoch  1/10  loss 0.4092  NDCG@10 0.0380 *    8.3 s   11675 ex/s
long only     epoch  1/10  loss 0.5000  NDCG@10 0.0380 *    8.3 s   11675 ex/s
test after epoch 10: HR@10 0.18982 NDCG@10 0.0936616
long + short  epoch 10/10  loss 0.2650  NDCG@10 0.0994 *    7.9 s   12233 ex/s""".split("\n")


class Quality(unittest.TestCase):
    def test_the_figures_of_a_run_are_loss_and_test_after_each_epoch(self):
        self.assertEqual(quality.figures_after(LINES, (1, 10)), [.4092, .0615058, .0310414, .2650, .18982, .0936616])
        for lines in (LINES[:3], [line for line in LINES if "10/10" not in line], [line for line in LINES if "epoch 10:" not in line]):
            with self.assertRaises(SystemExit) as stop:
                quality.figures_after(lines, (1, 10))
            self.assertEqual(str(stop.exception), "quality.py: the example printed no loss or no test after epoch 10")

    def test_the_twins_figures_are_those_of_the_file_in_the_same_order(self):
        seeds = quality.twin_seeds()
        self.assertEqual([len(seed) for seed in seeds], [len(quality.TWIN_EPOCHS) * len(quality.FIGURES)] * 9)
        self.assertEqual(seeds[0], [.3165, .139, .072, .2768, .156, .081, .2638, .188, .098])

    def test_sides_that_differ_are_told_apart_and_equal_ones_are_not(self):
        theirs = quality.twin_seeds()
        self.assertGreater(quality.share_of_splits(theirs[:3], theirs[3:])[0], quality.CHANCE)
        for figure in range(len(theirs[0])):  # each alone: one that is left out of the comparison would not be seen
            moved = [[*seed[:figure], 1.4 * seed[figure], *seed[figure + 1:]] for seed in theirs[:3]]
            self.assertLess(quality.share_of_splits(moved, theirs[3:])[0], quality.CHANCE, figure)

    def test_the_table_has_a_line_for_every_figure_and_counts_those_outside(self):
        theirs = quality.twin_seeds()
        moved = [[1.2 * seed[0], *seed[1:]] for seed in theirs]
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            quality.print_table(moved, theirs)
        lines = printed.getvalue().strip().split("\n")
        self.assertEqual([line.split()[1] for line in lines[2:-1]], list(quality.FIGURES) * len(quality.TWIN_EPOCHS))
        self.assertEqual([line.endswith("<- outside") for line in lines[2:-1]], [True] + [False] * 8)
        self.assertEqual(lines[-1], "1 of 9 outside")


if __name__ == "__main__":
    unittest.main(verbosity=1)
