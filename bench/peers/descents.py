# SPDX-License-Identifier: Apache-2.0
import os

import implicit.cpu.bpr
import numpy as np
import torch
from case import Case
from libmf_epochs import BPR, RATINGS, Libmf
from synthetic_interactions import INTERACTIONS, ITEMS, USERS, matrix, ratings, rows_of, size

FEATURES, EPOCHS = 64, 6
TRIPLES = 1_000_000


class Descent(Case):
    """A pass over all interactions in an order and with negatives that are drawn, of which each side has its own: what
    is compared is how good the models are, after some passes that begin alike."""
    memory = 10
    warm_ups = least = 1

    def __init__(self, name, ours, goals, operations):
        super().__init__(name, ours, f"{size()}, {FEATURES} features", goals, operations * FEATURES * INTERACTIONS)
        self.bytes = 8 * INTERACTIONS + 2 * 4 * FEATURES * (USERS + ITEMS)

    def tensors(self):
        csr = matrix()
        return {"offsets": torch.tensor(csr.indptr, dtype=torch.int64),
                "columns": torch.tensor(csr.indices, dtype=torch.int64), "values": torch.tensor(self.values()),
                "rate": torch.tensor([self.rate]), "regularisation": torch.tensor([self.regularisation]),
                "users": torch.tensor(self.start[0]), "items": torch.tensor(self.start[1])}


class BprEpoch(Descent):
    def __init__(self, name, goals):
        super().__init__(name, "bpr", goals, 15)

    def values(self):
        return matrix().data

    def build(self):
        """Entries, each beside an item that the user has not, all items alike or as they are popular."""
        random = np.random.default_rng(4)
        self.start = [random.standard_normal((rows, FEATURES), dtype=np.float32) * 0.1 for rows in (USERS, ITEMS)]
        csr = matrix()
        entry = random.integers(csr.nnz, size=TRIPLES)
        other = random.integers(csr.nnz if self.popular else ITEMS, size=TRIPLES)
        if self.popular:
            other = csr.indices[other]
        triples = np.stack((rows_of(csr)[entry], csr.indices[entry], other), axis=1)
        self.triples = triples[np.asarray(csr[triples[:, 0], triples[:, 2]]).ravel() == 0].astype(np.int64)

    def tensors(self):
        return super().tensors() | {"triples": torch.tensor(self.triples), "biased": torch.tensor([int(self.biased)]),
                                    "popular": torch.tensor([int(self.popular)])}

    def quality(self, users, items):
        user, liked, other = self.triples.T
        above = np.einsum("nd,nd->n", users[user].astype(np.float64), items[liked].astype(np.float64) - items[other])
        return {"auc": torch.tensor([np.mean(above > 0)]), "loss": torch.tensor([np.mean(np.log1p(np.exp(-above)))])}


class BprOfImplicit(BprEpoch):
    """With biases of items, and negatives that are drawn among the interactions. One pass draws as many comparisons as
    there are interactions, with repetitions there."""
    tolerance = 0.02
    rate, regularisation, biased, popular = 0.05, 0.01, True, True

    def __init__(self):
        super().__init__("BPR epoch, popular negatives", (30, 30))

    def model(self):
        threads = int(os.environ["OMP_NUM_THREADS"])
        csr = matrix()
        one, zero = np.ones((USERS, 1), np.float32), np.zeros((ITEMS, 1), np.float32)
        users, items = np.hstack((self.start[0], one)), np.hstack((self.start[1], zero))
        rows = rows_of(csr)
        random = implicit.cpu.bpr.RNGVector(threads, csr.nnz - 1, np.arange(1, threads + 1))

        def run():
            implicit.cpu.bpr.bpr_update(random, rows, csr.indices, csr.indptr, users, items, self.rate,
                                        self.regularisation, threads, True)

        return run, users, items

    def implementations(self):
        return {"implicit": self.model()[0]}

    def reference(self):
        run, users, items = self.model()
        run()
        return self.quality(users, items)


class BprOfLibmf(BprEpoch):
    """Without biases; all items are drawn alike. LIBMF adapts its rates, and draws its own start."""
    runs = EPOCHS
    tolerance = 0.1
    rate, regularisation, biased, popular = 0.05, 0.01, False, False

    def __init__(self):
        super().__init__("BPR epoch, uniform negatives", (3, 3))

    def model(self):
        return Libmf(BPR, rows_of(matrix()), matrix(), np.float32(1), FEATURES, 0.1, self.regularisation, EPOCHS)

    def implementations(self):
        return {"LIBMF": self.model().run}

    def reference(self):
        _, _, users, items = self.model().train()
        return self.quality(users, items)


class SgdEpoch(Descent):
    """Ratings without biases, rates that fall with the squares of the gradients. LIBMF draws its own start, alike."""
    runs = EPOCHS
    tolerance = 0.06
    rate, regularisation = 0.1, 0.05

    def __init__(self):
        super().__init__("SGD epoch, AdaGrad", "sgd", (2, 2), 12)

    def values(self):
        return ratings(matrix())

    def build(self):
        random = np.random.default_rng(5)
        self.start = [random.random((rows, FEATURES), dtype=np.float32) / np.float32(FEATURES ** 0.5)
                      for rows in (USERS, ITEMS)]

    def model(self):
        return Libmf(RATINGS, rows_of(matrix()), matrix(), self.values(), FEATURES, self.rate, self.regularisation, EPOCHS)

    def implementations(self):
        return {"LIBMF": self.model().run}

    def reference(self):
        """Of the last epoch, as it met the ratings; LIBMF prints it with four digits."""
        return {"rmse": torch.tensor([self.model().train()[1][-1]])}


def cases():
    yield BprOfImplicit()
    yield BprOfLibmf()
    yield SgdEpoch()
