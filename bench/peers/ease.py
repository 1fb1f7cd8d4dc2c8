# SPDX-License-Identifier: Apache-2.0
import numpy as np
import scipy.linalg
import torch
from case import QUICK, Case
from synthetic_interactions import USERS, matrix

ITEMS = 2_000 if QUICK else 20_000  # the most popular ones
REGULARIZATION, SHOWN = 500.0, 32


class EaseFit(Case):
    """Weights between items in closed form (Steck 2019), in float on both sides: as its author wrote it with NumPy, and
    by LAPACK's inverse of a positive definite matrix, which needs half of the operations."""
    tolerance = 1e-3
    warm_ups = least = 1

    def __init__(self):
        super().__init__("EASE", "ease", f"{USERS / 1000:.0f}k users, {ITEMS / 1000:.0f}k items", (1.2, 1.2), ITEMS ** 3)
        self.bytes = 2 * 4 * ITEMS ** 2

    def build(self):
        popular = np.argsort(-matrix().getnnz(axis=0), kind="stable")[:ITEMS]
        self.train = matrix()[:, np.sort(popular)].tocsr()
        self.train.data[:] = 1

    def tensors(self):
        csr = self.train
        return {"offsets": torch.tensor(csr.indptr, dtype=torch.int64),
                "columns": torch.tensor(csr.indices, dtype=torch.int64), "values": torch.tensor(csr.data),
                "items": torch.tensor([ITEMS]), "columns_shown": torch.tensor([SHOWN]),
                "regularisation": torch.tensor([REGULARIZATION], dtype=torch.float32)}

    def system(self, kind):
        gram = (self.train.T @ self.train).toarray().astype(kind, copy=False)
        gram[np.diag_indices(ITEMS)] += kind(REGULARIZATION)
        return gram

    @staticmethod
    def weights(inverse):
        inverse /= -np.diag(inverse)
        inverse[np.diag_indices(ITEMS)] = 0
        return inverse

    def by_numpy(self):
        return self.weights(np.linalg.inv(self.system(np.float32)))

    def by_lapack(self):
        factor, failed = scipy.linalg.lapack.spotrf(self.system(np.float32).T, lower=0, overwrite_a=1)
        inverse, failed_too = scipy.linalg.lapack.spotri(factor, lower=0, overwrite_c=1)
        if failed or failed_too:
            raise RuntimeError("the system is singular")
        inverse = np.triu(inverse)
        return self.weights(inverse + np.triu(inverse, 1).T)

    def implementations(self):
        return {"NumPy": self.by_numpy, "LAPACK": self.by_lapack}

    def reference(self):
        """The first columns of the weights, by so many systems of equations."""
        ones = np.eye(ITEMS, SHOWN)
        columns = scipy.linalg.cho_solve(scipy.linalg.cho_factor(self.system(np.float64), overwrite_a=True), ones)
        columns /= -np.diag(columns)
        columns[np.diag_indices(SHOWN)] = 0
        return {"weights": torch.tensor(columns)}


def cases():
    yield EaseFit()
