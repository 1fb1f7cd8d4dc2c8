# SPDX-License-Identifier: Apache-2.0
"""What the optimiser adds to the rules: clipping by the norm of all gradients, and parameter groups."""
import torch

STEPS = 5


def cases(draw):
    """Five steps of plain SGD over three parameters, the third a table, which is row-sparse in C++."""
    found = {}
    for i, limit in enumerate([0.1, 1.0, 2.5, 4.0, 1e6, 0.0]):
        shapes = {"matrix": (draw.size(2, 6), 4), "vector": (draw.size(2, 9),), "table": (5, 2)}
        parameters = {name: torch.nn.Parameter(draw.normal(*shape).detach()) for name, shape in shapes.items()}
        tensors = {f"start/{name}": p.detach().clone() for name, p in parameters.items()}
        gradients = {name: draw.normal(STEPS, *shape).detach() for name, shape in shapes.items() if name != "table"}
        ids, values = draw.ids(4, STEPS, 6), draw.normal(STEPS, 6, 2).detach()
        # The matrix has a rate of its own, the vector a decay.
        optimizer = torch.optim.SGD([{"params": [parameters["matrix"]], "lr": 0.3},
                                     {"params": [parameters["vector"]], "weight_decay": 0.1},
                                     {"params": [parameters["table"]]}], lr=0.1)
        norms = []
        for step in range(STEPS):
            for name, gradient in gradients.items():
                parameters[name].grad = gradient[step].clone()
            parameters["table"].grad = torch.zeros(5, 2, dtype=torch.float64).index_add(0, ids[step], values[step])
            norms.append(torch.nn.utils.clip_grad_norm_(list(parameters.values()), limit if limit else 1e300))
            optimizer.step()
        tensors |= {f"gradients/{name}": gradient for name, gradient in gradients.items()}
        tensors |= {f"after_{STEPS}/{name}": p.detach().clone() for name, p in parameters.items()}
        tensors |= {"ids": ids, "rows": values, "norms": torch.stack(norms),
                    "limit": torch.tensor([limit], dtype=torch.float64)}
        found[str(i)] = tensors
    return found
