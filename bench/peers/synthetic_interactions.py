# SPDX-License-Identifier: Apache-2.0
"""A matrix of users and items in the shape of MovieLens 20M: who has how much, and what is popular."""
import numpy as np
import scipy.sparse

USERS, ITEMS, INTERACTIONS = 138_493, 26_744, 19_000_000


def interactions(users=USERS, items=ITEMS, entries=INTERACTIONS, seed=1):
    """A csr_matrix (users, items) of about so many entries, values 1 to 5.

    The numbers of items of a user are log-normal and at least 20, those of an item fall with its rank as
    (rank + 1.5 % of the items)^-1.8: half of the entries are in the 2 % most popular items, as MovieLens has it, and every
    item has some. Items are numbered at random.
    """
    random = np.random.default_rng(seed)
    lengths = np.exp(random.normal(0, 1.1, users))
    lengths = np.clip(lengths * entries / lengths.sum(), 20, items // 4).astype(np.int64)
    found, want = np.empty(0, np.int64), lengths
    start = 0.015 * items
    for _ in range(12):  # draws again what a user has already
        user = np.repeat(np.arange(users), want)
        item = np.floor(start * ((1 - random.random(user.size)) ** -1.25 - 1))
        keep = item < items
        found = np.union1d(found, user[keep] * items + item[keep].astype(np.int64))
        want = lengths - np.bincount(found // items, minlength=users)
        if want.sum() * 200 < entries:
            break
    rows, columns = np.divmod(found, items)
    columns = random.permutation(items)[columns].astype(np.int32)
    values = random.integers(1, 6, columns.size).astype(np.float32)
    matrix = scipy.sparse.csr_matrix((values, (rows, columns)), shape=(users, items))
    matrix.sort_indices()
    return matrix
