# SPDX-License-Identifier: Apache-2.0
"""PyTorch draws other numbers, so the mask is drawn here: Philox 4x32-10 written down a second time, from its paper."""
import torch
from generate import example

WORD = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & WORD, (first >> 32) ^ c[3] ^ k[1], first & WORD]
        k = [(k[0] + 0x9E3779B9) & WORD, (k[1] + 0xBB67AE85) & WORD]
    return c


def stream(number, parent=0):
    """The number of a stream of Random."""
    x = (number + 0x9E3779B9 * (parent + 1)) & WORD
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & WORD
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & WORD
    return x ^ (x >> 16)


def kept(count, rate):
    """Which elements the first dropout of step 0 keeps with seed 0."""
    mask = []
    for start in range(0, count, 64):
        words = [philox((start // 4 + lane, 0, 0, stream(0)), (0, 0)) for lane in range(16)]
        mask += [words[lane][w] >= round(rate * 2**32) for w in range(4) for lane in range(16)]
    return torch.tensor(mask[:count], dtype=torch.float64)


def cases(draw):
    found = {}
    for i, percent in enumerate([0, 10, 30, 50, 80, 97]):
        rate = percent / 100
        x = draw.normal(draw.size(1, 9), draw.size(1, 30))
        # What F.dropout computes, with a mask of ours; in inference it gives x, as here at rate 0.
        y = x * (kept(x.numel(), rate).reshape(x.shape) / (1 - rate))
        assert percent > 0 or torch.equal(y, torch.nn.functional.dropout(x, 0.5, training=False))
        found[str(i)] = example(draw, {"x": x}, y, {"percent": percent})
    return found
