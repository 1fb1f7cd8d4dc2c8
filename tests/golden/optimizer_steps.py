# SPDX-License-Identifier: Apache-2.0
"""Twenty steps of a PyTorch optimiser from given gradients: what the golden files of the rules are made of."""
import torch

torch.sparse.check_sparse_tensor_invariants.enable()

STEPS = 20
KEPT = (1, 7, STEPS)  # after so many steps the parameters are written down


def gradients_of(draw, *shape):
    """Gradients of order one that keep away from zero: a rule without a memory of squares divides by the last of them."""
    numbers = draw.normal(*shape).detach()
    return numbers + 0.5 * torch.sign(numbers)


def dense(draw, make):
    """`start/*` parameters, `gradients/*` (20, ...), and the parameters `after_1/*`, `after_7/*`, `after_20/*`."""
    shapes = {"matrix": (draw.size(1, 3), draw.size(1, 9)), "vector": (draw.size(1, 18),)}
    start = {name: draw.normal(*shape).detach() for name, shape in shapes.items()}
    gradients = {name: gradients_of(draw, STEPS, *shape) for name, shape in shapes.items()}
    parameters = {name: torch.nn.Parameter(tensor.clone()) for name, tensor in start.items()}
    optimizer = make(list(parameters.values()))
    tensors = {f"start/{name}": tensor for name, tensor in start.items()}
    tensors |= {f"gradients/{name}": tensor for name, tensor in gradients.items()}
    for step in range(1, STEPS + 1):
        for name, parameter in parameters.items():
            parameter.grad = gradients[name][step - 1].clone()
        optimizer.step()
        if step in KEPT:
            tensors |= {f"after_{step}/{name}": p.detach().clone() for name, p in parameters.items()}
    return tensors


def row_sparse(draw, make_table):
    """The same for a table: gradient `rows` (20, n, D) of the `ids` (20, n), which repeat; some rows are never touched.

    `make_table(start)` gives an object with `update(ids, rows)` and `numbers()`.
    """
    rows, features, count = draw.size(4, 7), draw.size(1, 5), 4
    start = draw.normal(rows, features).detach()
    ids = draw.ids(rows - 1, STEPS, count)  # the last row is never touched
    ids[:, 1] = ids[:, 0]                   # and one is touched twice in every step
    # Of one sign at each number of a table's row in a step, so that no sum of the rows of one id is small.
    signs = torch.sign(draw.normal(STEPS, rows, features).detach())
    values = gradients_of(draw, STEPS, count, features).abs() * signs[torch.arange(STEPS)[:, None], ids]
    table = make_table(start.clone())
    tensors = {"start/table": start, "ids": ids, "rows": values}
    for step in range(1, STEPS + 1):
        table.update(ids[step - 1], values[step - 1])
        if step in KEPT:
            tensors[f"after_{step}/table"] = table.numbers().detach().clone()
    return tensors


class SparseGradients:
    """A table that an optimiser of PyTorch updates from sparse gradients.

    `before(table, touched, gradient)` may change the table's touched rows and gives their gradient: the decay, which
    PyTorch's sparse optimisers do not have.
    """

    def __init__(self, start, make, before=None):
        self.table = torch.nn.Parameter(start)
        self.optimizer = make([self.table])
        self.before = before

    def update(self, ids, values):
        gradient = torch.sparse_coo_tensor(ids[None], values, self.table.shape).coalesce()
        if self.before:
            touched = gradient.indices()[0]
            with torch.no_grad():
                changed = self.before(self.table, touched, gradient.values())
            gradient = torch.sparse_coo_tensor(touched[None], changed, self.table.shape, is_coalesced=True)
        self.table.grad = gradient
        self.optimizer.step()

    def numbers(self):
        return self.table


class RowsAlone:
    """A table whose rows are parameters of their own; one that a step does not touch has no gradient in it."""

    def __init__(self, start, make):
        self.rows = [torch.nn.Parameter(row.clone()) for row in start]
        self.optimizer = make(self.rows)

    def update(self, ids, values):
        for r, row in enumerate(self.rows):
            row.grad = values[ids == r].sum(0) if (ids == r).any() else None
        self.optimizer.step()

    def numbers(self):
        return torch.stack([row.detach() for row in self.rows])


def case(draw, settings, make, make_table):
    """One case; `settings` are the numbers that the C++ rule is made from."""
    numbers = {name: torch.tensor([float(value)], dtype=torch.float64) for name, value in settings.items()}
    return dense(draw, make) | row_sparse(draw, make_table) | numbers
