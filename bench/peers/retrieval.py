# SPDX-License-Identifier: Apache-2.0
import os

import faiss
import torch
from case import Case

ITEMS, FEATURES, BEST = 1_000_000, 64, 100


class TopK(Case):
    """The items of highest inner product for each query."""

    def __init__(self, queries, goals, case="top_k", name="top 100 by inner product"):
        super().__init__(name, case, f"{queries} of {ITEMS // 1_000_000}M x {FEATURES}", goals,
                         2 * queries * ITEMS * FEATURES)
        self.queries = queries
        self.bytes = ITEMS * (4 * FEATURES if case == "top_k" else FEATURES + 4)

    def build(self):
        self.items, self.rows = torch.randn(ITEMS, FEATURES), torch.randn(self.queries, FEATURES)

    def tensors(self):
        return {"items": self.items, "queries": self.rows, "k": torch.tensor([BEST])}

    def implementations(self):
        faiss.omp_set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
        index = faiss.IndexFlatIP(FEATURES)
        index.add(self.items.numpy())
        return {"torch": lambda: torch.topk(self.rows @ self.items.T, BEST),
                "faiss": lambda: index.search(self.rows.numpy(), BEST)}

    def reference(self):
        return {"scores": torch.cat([torch.topk(rows.double() @ self.items.T.double(), BEST)[0]
                                     for rows in self.rows.split(16)])}


def cases():
    yield TopK(1, (1.1, 1.1))
    yield TopK(16, (6, 6))
    yield TopK(256, (6, 7))
    for queries, goal in ((1, 3), (16, 8), (256, 10)):
        yield TopK(queries, (goal, goal), "quantized_top_k", "top 100, by bytes, exact")
