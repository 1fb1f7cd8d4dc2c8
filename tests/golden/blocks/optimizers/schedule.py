# SPDX-License-Identifier: Apache-2.0
"""Factors of learning rates, step by step."""
import torch
from torch.optim import lr_scheduler

STEPS = 40
KINDS = ("constant", "linear", "cosine", "step", "exponential")


def factors(make, warm_up):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    if warm_up:
        rise = lr_scheduler.LinearLR(optimizer, start_factor=1 / warm_up, total_iters=warm_up - 1)
        scheduler = lr_scheduler.SequentialLR(optimizer, [rise, make(optimizer)], milestones=[warm_up])
    else:
        scheduler = make(optimizer)
    found = []
    for _ in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return torch.tensor(found, dtype=torch.float64)


def cases(draw):
    def case(kind, make, warm_up=0, **settings):
        tensors = {"factors": factors(make, warm_up), "kind": torch.tensor([KINDS.index(kind)]),
                   "warm_up_steps": torch.tensor([warm_up])}
        for name in ("total_steps", "step_every"):
            tensors[name] = torch.tensor([settings.get(name, 0)])
        for name, default in (("final_factor", 0.0), ("decay", 1.0)):
            tensors[name] = torch.tensor([settings.get(name, default)], dtype=torch.float64)
        return tensors

    found = {}
    for name, warm_up in (("", 0), ("_warm", draw.size(2, 9))):
        length, last = draw.size(20, 30), draw.size(1, 5) / 10
        found |= {
            f"constant{name}": case("constant", lambda o: lr_scheduler.ConstantLR(o, factor=1), warm_up),
            f"linear{name}": case("linear", lambda o: lr_scheduler.LinearLR(o, 1, last, length), warm_up,
                                  total_steps=warm_up + length, final_factor=last),
            # PyTorch's cosine rises again after its end.
            f"cosine{name}": case("cosine", lambda o: lr_scheduler.CosineAnnealingLR(o, STEPS, last), warm_up,
                                  total_steps=warm_up + STEPS, final_factor=last),
            f"step{name}": case("step", lambda o: lr_scheduler.StepLR(o, 7, 0.5), warm_up, step_every=7, decay=0.5),
            f"exponential{name}": case("exponential", lambda o: lr_scheduler.ExponentialLR(o, 0.93), warm_up,
                                       decay=0.93),
        }
    return found
