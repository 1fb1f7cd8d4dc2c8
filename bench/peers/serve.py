# SPDX-License-Identifier: Apache-2.0
"""The peer's side of scripts/bench: reads one command a line, answers with one line each. Threads: OMP_NUM_THREADS.

serve.py [--quick]

list                          the cases, as JSON
prepare NUMBER INPUTS OUTPUTS makes a case, writes its inputs and its results in double; how to run it, as JSON
time WAY SECONDS RUNS         milliseconds of each run, for so long and at least so often
"""
import json
import os
import sys
import time

import als
import descents
import ease
import encoders
import faiss
import implicit
import libmf_epochs
import long_short
import losses
import models
import numpy
import onnxruntime
import poolings
import products
import retrieval
import tables
import torch
from case import Milliseconds
from safetensors.torch import save_file

CASES = [case for module in (encoders, poolings, tables, losses, products, models, retrieval, als, descents, ease, long_short)
         for case in module.cases()]


class Server:
    def list(self):
        return json.dumps([{"name": case.name, "size": case.size, "ours": case.ours, "missing": case.missing()}
                           for case in CASES])

    def versions(self):
        return (f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}; "
                f"ONNX Runtime {onnxruntime.__version__}; faiss {faiss.__version__}; "
                f"implicit {implicit.__version__}; libmf {libmf_epochs.version()}; "
                f"NumPy {numpy.__version__}")

    def prepare(self, number, inputs, outputs):
        self.ways = {}
        torch.manual_seed(int(number))
        case = CASES[int(number)]
        case.build()
        save_file({name: tensor.contiguous() for name, tensor in case.tensors().items()}, inputs)
        save_file({name: tensor.to(torch.float64).contiguous() for name, tensor in case.reference().items()}, outputs)
        self.ways = case.implementations()
        for way in self.ways.values():  # compiles, and fills caches
            for _ in range(case.warm_ups):
                way()
        return json.dumps({"ways": list(self.ways), "runs": case.runs, "tolerance": case.tolerance,
                           "tolerances": case.tolerances, "least": case.least, "rounds": case.rounds, "shares": case.shares,
                           "goals": case.goals, "flops": case.flops, "bytes": case.bytes, "memory": case.memory})

    def time(self, way, seconds, runs):
        run, taken, end = self.ways[way], [], time.perf_counter() + float(seconds)
        while len(taken) < int(runs) or time.perf_counter() < end:
            start = time.perf_counter()
            said = run()
            taken += said if isinstance(said, Milliseconds) else [(time.perf_counter() - start) * 1e3]
        return " ".join(f"{t:.6g}" for t in taken)


def main():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    server = Server()
    for line in sys.stdin:
        command, *arguments = line.split()
        try:
            answer = f"ok {getattr(server, command)(*arguments)}"
        except Exception as error:  # the driver decides what to do
            answer = f"error {type(error).__name__}: {error}".replace("\n", " ")
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    main()
