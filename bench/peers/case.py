# SPDX-License-Identifier: Apache-2.0
"""What a case of scripts/bench consists of, seen from the peer."""
import copy
import sys

import onnx_runtime
import torch

QUICK = "--quick" in sys.argv  # of serve.py: what takes many minutes at its full size has a smaller one


class Milliseconds(list):
    """What a way of running returns if it says itself how long its runs took, some at once."""


class Case:
    """One thing to time, at one size.

    name, size   what the table shows
    ours         the case of bench/cases
    goals        peer's time over ours that is wanted, with one thread and with two
    flops, bytes what the result needs at least: operations, and bytes from and to memory
    runs         how often each side runs before results are compared: more than one where a run changes its state
    tolerance    of each array, relative to its largest element
    memory       percent of what a run works on that it may take beside it; None: not measured
    tolerances   of single arrays, where it is another one
    warm_ups     how often each way of the peer runs before it is timed
    least        how often a side runs in a turn at least
    rounds       how many turns a side has at most
    shares       of what the name says, how much a run of ours and one of the peer's does: times are divided by it
    """
    runs = 1
    tolerance = 1e-5
    tolerances = {}
    warm_ups = 3
    least = 3
    rounds = 5
    shares = (1, 1)
    bytes = 0
    memory = None

    def __init__(self, name, ours, size, goals, flops):
        self.name, self.ours, self.size, self.goals, self.flops = name, ours, size, goals, flops

    def missing(self):
        """Why it cannot be measured here, in a sentence."""
        return None

    def build(self):
        """Draws inputs and weights; called once, before anything else but `missing`."""
        raise NotImplementedError

    def tensors(self):
        """Arrays of the inputs by the names that bench/cases reads."""
        raise NotImplementedError

    def implementations(self):
        """Ways to compute it, by name; the fastest counts. A way may return `Milliseconds`."""
        raise NotImplementedError

    def reference(self):
        """The results in double, by the names that bench/cases writes."""
        raise NotImplementedError


class BlockCase(Case):
    """A module on inputs: forward without gradients, or forward and backward for every input and weight.

    After `build`: `module`, called as module(*inputs.values()); `inputs` by our names; `names`, ours of each weight of
    the module; `settings`, integers; `compiled` and `exported`, whether torch.compile and ONNX Runtime are tried, too.
    """
    compiled = exported = False
    packed = None  # another module on the same inputs

    def __init__(self, name, ours, size, goals, flops, backward):
        super().__init__(name, f"{ours}.{'backward' if backward else 'forward'}", size, goals, flops)
        self.backward = backward
        self.settings = {}

    def rows(self, output):
        """An output of the module, or a gradient by an input, as ours lies in memory."""
        return output

    def tensors(self):
        found = {name: self.rows(tensor.detach()) for name, tensor in self.inputs.items()}
        found |= {ours: dict(self.module.named_parameters())[theirs].detach() for theirs, ours in self.names.items()}
        found |= {name: torch.tensor([value]) for name, value in self.settings.items()}
        found |= self.further()
        if self.backward and self.cotangent is not None:
            found["cotangent"] = self.rows(self.cotangent).flatten()
        return found

    def further(self):
        """Arrays that are neither inputs nor weights."""
        return {}

    def run(self, module, inputs, cotangent):
        if not self.backward:
            with torch.inference_mode():
                return module(*inputs)
        for tensor in [*inputs, *module.parameters()]:
            tensor.grad = None
        output = module(*inputs)
        output.backward(cotangent)
        return output

    def implementations(self):
        inputs = [tensor.requires_grad_(self.backward) for tensor in self.inputs.values()]
        ways = {"eager": self.module}
        if self.packed is not None:
            ways["packed"] = self.packed
        if self.compiled:
            ways["compiled"] = torch.compile(self.module)
        found = {way: lambda module=module: self.run(module, inputs, self.cotangent) for way, module in ways.items()}
        if self.exported:
            found["onnxruntime"] = onnx_runtime.exported(self.module, inputs)
        return found

    def reference(self):
        module = copy.deepcopy(self.module).double()
        inputs = [tensor.detach().double().requires_grad_(self.backward) for tensor in self.inputs.values()]
        cotangent = self.cotangent if self.cotangent is None else self.cotangent.double()
        found = {"output": self.rows(self.run(module, inputs, cotangent).detach())}
        if self.backward:
            found |= {f"grad/{name}": self.rows(tensor.grad) for name, tensor in zip(self.inputs, inputs)}
            found |= {f"grad/{ours}": dict(module.named_parameters())[theirs].grad for theirs, ours in self.names.items()}
        return found
