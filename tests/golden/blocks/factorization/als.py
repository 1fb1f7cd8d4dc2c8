# SPDX-License-Identifier: Apache-2.0
"""One pass of alternating least squares by `implicit` (PyPI's implicit, its version in `version`), from a given start."""
import implicit
import numpy
import scipy.sparse
import torch
from implicit.cpu.als import AlternatingLeastSquares


def cases(draw):
    found = {}
    for i in range(6):
        users, items = draw.size(5, 60), draw.size(5, 40)
        factors = (4, 7, 16, 21, 32, 33)[i]
        matrix = scipy.sparse.random(users, items, 0.2, format="csr", random_state=draw.random, dtype=numpy.float32)
        matrix.data = numpy.ceil(matrix.data * 5).astype(numpy.float32)
        matrix.sort_indices()
        alpha, regularization = (1.0, 3.0)[i % 2], (0.1, 2.0)[i // 3]
        model = AlternatingLeastSquares(factors=factors, regularization=regularization, alpha=alpha, iterations=1,
                                        use_cg=i % 3 != 2, dtype=numpy.float64, num_threads=1)
        start = {"users": draw.random.standard_normal((users, factors)) * 0.3,
                 "items": draw.random.standard_normal((items, factors)) * 0.3}
        model.user_factors, model.item_factors = start["users"].copy(), start["items"].copy()
        model.fit(matrix, show_progress=False)
        found[str(i)] = {
            "offsets": torch.tensor(matrix.indptr, dtype=torch.int64),
            "columns": torch.tensor(matrix.indices, dtype=torch.int64),
            "values": torch.tensor(matrix.data, dtype=torch.float64),
            **{name: torch.tensor(numbers) for name, numbers in start.items()},
            "alpha": torch.tensor([alpha], dtype=torch.float64),
            "regularization": torch.tensor([regularization], dtype=torch.float64),
            "use_cg": torch.tensor([int(model.use_cg)]),
            "user_factors": torch.tensor(model.user_factors),
            "item_factors": torch.tensor(model.item_factors),
            "version": torch.tensor([int(part) for part in implicit.__version__.split(".")]),
        }
    return found
