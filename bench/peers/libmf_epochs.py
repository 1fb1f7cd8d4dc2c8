# SPDX-License-Identifier: Apache-2.0
"""LIBMF (Chin et al. 2015) by its C interface, epoch by epoch."""
import ctypes
import importlib.metadata
import os
import pathlib
import re
import sysconfig
import threading
import time

import numpy as np
from case import Milliseconds

RATINGS, BPR = 0, 10  # P_L2_MFR; P_ROW_BPR_MFOC: items for each user
NODE = np.dtype([("u", np.int32), ("v", np.int32), ("r", np.float32)])


class Problem(ctypes.Structure):
    _fields_ = [("m", ctypes.c_int), ("n", ctypes.c_int), ("nnz", ctypes.c_longlong), ("R", ctypes.c_void_p)]


class Parameter(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("fun", "k", "nr_threads", "nr_bins", "nr_iters")]
    _fields_ += [(name, ctypes.c_float) for name in ("lambda_p1", "lambda_p2", "lambda_q1", "lambda_q2", "eta")]
    _fields_ += [(name, ctypes.c_bool) for name in ("do_nmf", "quiet", "copy_data")]


class Model(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("fun", "m", "n", "k")]
    _fields_ += [("b", ctypes.c_float), ("P", ctypes.POINTER(ctypes.c_float)), ("Q", ctypes.POINTER(ctypes.c_float))]


def version():
    try:
        return importlib.metadata.version("libmf")
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def library():
    paths = list(pathlib.Path(sysconfig.get_path("platlib")).glob("libmf*.so"))
    if not paths:
        raise RuntimeError("LIBMF is not installed: remove the peers' folder and say --peers, or see scripts/bench")
    found = ctypes.CDLL(str(paths[0]))
    found.mf_get_default_param.restype = Parameter
    found.mf_train.argtypes, found.mf_train.restype = [ctypes.POINTER(Problem), Parameter], ctypes.POINTER(Model)
    found.mf_destroy_model.argtypes, found.mf_destroy_model.restype = [ctypes.POINTER(ctypes.POINTER(Model))], None
    return found


class Libmf:
    """Trains from the start, some epochs, and sees when each ended by the line that LIBMF prints of it.

    An epoch's time includes that of the line's sums over the model, under one percent. The first epoch is not counted:
    without L1 regularisation it learns eight features only.
    """

    def __init__(self, kind, rows, csr, values, features, rate, regularisation, epochs):
        self.entries = np.empty(csr.nnz, NODE)
        self.entries["u"], self.entries["v"], self.entries["r"] = rows, csr.indices, values
        self.problem = Problem(*csr.shape, csr.nnz, self.entries.ctypes.data)
        self.library, self.parameter = library(), None
        self.parameter = self.library.mf_get_default_param()
        for name, value in {"fun": kind, "k": features, "nr_iters": epochs, "eta": rate, "lambda_p2": regularisation,
                            "lambda_q2": regularisation, "nr_threads": int(os.environ["OMP_NUM_THREADS"])}.items():
            setattr(self.parameter, name, value)

    def train(self):
        """Milliseconds of each epoch but the first, what was printed for each, and the factors of users and items."""
        read, write = os.pipe()
        lines = []

        def listen():
            with open(read, encoding="utf-8") as stream:
                for line in stream:
                    lines.append((time.perf_counter(), line))

        listener = threading.Thread(target=listen)
        listener.start()
        printed = os.dup(1)
        os.dup2(write, 1)
        os.close(write)
        try:
            model = self.library.mf_train(ctypes.byref(self.problem), self.parameter)
        finally:
            os.dup2(printed, 1)
            os.close(printed)
            listener.join()
        users, items = (np.ctypeslib.as_array(pointer, (rows, model[0].k)).copy() for pointer, rows in
                        ((model[0].P, model[0].m), (model[0].Q, model[0].n)))
        self.library.mf_destroy_model(ctypes.byref(model))
        epochs = [(when, line.split()) for when, line in lines if re.match(r"\s*\d+\s", line)]
        ends = [when for when, _ in epochs]
        return (Milliseconds(1e3 * (end - before) for before, end in zip(ends, ends[1:])),
                [float(words[1]) for _, words in epochs], users, items)

    def run(self):
        return self.train()[0]
