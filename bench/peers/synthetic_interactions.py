# SPDX-License-Identifier: Apache-2.0
"""A matrix of users and items in the shape of MovieLens 20M: who has how much, and what is popular."""
import functools

import numpy as np
import scipy.sparse
from case import QUICK

# All of MovieLens 20M; quickly, a twentieth of its users and entries.
USERS, ITEMS, INTERACTIONS = (6_925, 6_686, 950_000) if QUICK else (138_493, 26_744, 19_000_000)


def interactions(users=USERS, items=ITEMS, entries=INTERACTIONS, seed=1):
    """A csr_matrix (users, items) of about so many entries, values 1 to 5.

    The numbers of items of a user are log-normal, those of an item fall with its rank as (rank + 1.5 % of the
    items)^-1.8: half of the entries are in some hundred items, as MovieLens has it. Items are numbered at random.
    """
    random = np.random.default_rng(seed)
    lengths = np.exp(random.normal(0, 1.1, users))
    # A fifth more than wanted: of an item that is drawn twice for a user, one entry stays.
    lengths = np.clip(lengths * 1.19 * entries / lengths.sum(), 25, items // 4).astype(np.int64)
    user = np.repeat(np.arange(users), lengths)
    item = np.floor(0.015 * items * ((1 - random.random(user.size)) ** -1.25 - 1))
    keep = item < items
    found = np.unique(user[keep] * items + random.permutation(items)[item[keep].astype(np.int64)])
    rows, columns = np.divmod(found, items)
    offsets = np.searchsorted(rows, np.arange(users + 1))
    values = random.integers(1, 6, found.size).astype(np.float32)
    return scipy.sparse.csr_matrix((values, columns.astype(np.int32), offsets.astype(np.int32)), shape=(users, items))


matrix = functools.lru_cache(maxsize=1)(interactions)  # some seconds: all cases have the same


def size(users=USERS, items=ITEMS, entries=INTERACTIONS):
    """As tables show it."""
    return f"{users / 1000:.0f}k x {items / 1000:.0f}k, {entries / 1e6:.3g}M"


def rows_of(csr):
    """The user of each entry."""
    return np.repeat(np.arange(csr.shape[0], dtype=np.int32), np.diff(csr.indptr))


def ratings(csr, features=8, seed=3):
    """Numbers of mean 3.5 and standard deviation 1 for the entries: half of their variance is taste, half is noise."""
    random = np.random.default_rng(seed)
    users, items = (random.standard_normal((rows, features), dtype=np.float32) for rows in csr.shape)
    taste = np.einsum("nd,nd->n", users[rows_of(csr)], items[csr.indices]) / np.float32(features ** 0.5)
    values = taste + random.standard_normal(taste.size, dtype=np.float32)
    return (3.5 + (values - values.mean()) / values.std()).astype(np.float32)
