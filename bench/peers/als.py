# SPDX-License-Identifier: Apache-2.0
import functools
import os

import implicit.cpu.als
import numpy as np
import torch
from case import Case
from synthetic_interactions import INTERACTIONS, ITEMS, USERS, matrix, size

REGULARIZATION, STEPS = 0.01, 3


class AlsEpoch(Case):
    """Users for items, then items for users, implicit feedback."""
    tolerance = 1e-3
    memory = 10
    warm_ups = least = 1

    def __init__(self, features, exact, goals):
        operations = 4 * INTERACTIONS * (features ** 2 / 2 if exact else (2 * STEPS + 1) * features)
        operations += (USERS + ITEMS) * (features ** 3 / 3 if exact else 2 * (STEPS + 1) * features ** 2)
        super().__init__("ALS epoch, " + ("Cholesky" if exact else f"CG({STEPS})"), "als",
                         f"{size()}, {features} features", goals, int(operations))
        self.features, self.exact = features, exact
        self.bytes = 2 * 8 * INTERACTIONS + 2 * 4 * features * (USERS + ITEMS)

    def build(self):
        random = np.random.default_rng(2)
        self.start = [random.standard_normal((rows, self.features), dtype=np.float32) * 0.1 for rows in (USERS, ITEMS)]

    def tensors(self):
        csr = matrix()
        return {"offsets": torch.tensor(csr.indptr, dtype=torch.int64),
                "columns": torch.tensor(csr.indices, dtype=torch.int64), "values": torch.tensor(csr.data),
                "users": torch.tensor(self.start[0]), "items": torch.tensor(self.start[1]),
                "exact": torch.tensor([int(self.exact)])}

    def model(self, kind):
        """A pass, each time from where the last one ended; and the factors."""
        threads = int(os.environ["OMP_NUM_THREADS"])
        by_user = matrix().astype(np.float32)
        by_item = by_user.T.tocsr()
        users, items = (factors.astype(kind) for factors in self.start)
        solver = implicit.cpu.als._als.least_squares if self.exact else functools.partial(
            implicit.cpu.als._als.least_squares_cg, cg_steps=STEPS)

        def run():
            solver(by_user, users, items, REGULARIZATION, num_threads=threads)
            solver(by_item, items, users, REGULARIZATION, num_threads=threads)

        return run, users, items

    def implementations(self):
        return {"implicit": self.model(np.float32)[0]}

    def reference(self):
        run, users, items = self.model(np.float64)
        run()
        return {"users": torch.tensor(users), "items": torch.tensor(items)}


def cases():
    yield AlsEpoch(64, False, (8, 8))
    yield AlsEpoch(128, False, (8, 8))
    yield AlsEpoch(64, True, (6, 6))
