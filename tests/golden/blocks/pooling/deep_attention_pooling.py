# SPDX-License-Identifier: Apache-2.0
import torch
from generate import example
from windows import draw_windows, pool, wide_windows, window_tensors


def cases(draw):
    found = {}
    for i in range(12):
        if i >= 9:  # wide: several vectors of features, and a remainder
            rows, begins, ends = wide_windows(draw)
            inputs, outputs = draw.size(60, 68), draw.size(8, 20)
        else:
            rows, begins, ends = draw_windows(draw, i)
            inputs, outputs = draw.size(1, 20), draw.size(1, 20)
        x, weights = draw.normal(rows, inputs), draw.weights(outputs, inputs)
        tensors = {"x": x, "block.output.weights": weights}
        bias = 0
        if i % 2 == 0:
            bias = tensors["block.output.bias"] = draw.normal(outputs)
        # Others, mean, last; dot, scaled dot, cosine. A plain dot product of many features would saturate the softmax.
        against, similarity = i % 3, i // 3 if i < 9 else 1

        def attend(steps, weights=weights, bias=bias, against=against, similarity=similarity):
            compared = torch.nn.functional.normalize(steps, dim=1) if similarity == 2 else steps
            alike = compared @ compared.T  # (T, T)
            if similarity == 1:
                alike = alike / steps.shape[1] ** 0.5
            count = len(steps)
            if against == 0:
                scores = (alike.sum(1) - alike.diagonal()) / (count - 1) if count > 1 else alike.sum(1) * 0
            else:
                scores = alike.mean(1) if against == 1 else alike[:, -1]
            return torch.softmax(scores, 0) @ steps @ weights.T + bias

        z = pool(x, begins, ends, attend, outputs)
        found[str(i)] = example(draw, {**tensors, **window_tensors(begins, ends)}, z,
                                {"against": against, "similarity": similarity})
    return found
