# SPDX-License-Identifier: Apache-2.0
"""TensorBoard's own reader finds every point of our event files.

usage: io_tensorboard_exchange.py PROGRAM
"""
import math
import struct
import subprocess
import sys
import tempfile

try:
    import tensorboard
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError as error:
    print(f"skipped: the Python package {error.name} is missing")
    sys.exit(77)

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], folder], check=True)
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    assert accumulator.Tags()["scalars"] == ["loss/train", "ndcg@10 é"], accumulator.Tags()
    loss = accumulator.Scalars("loss/train")
    assert len(loss) == 3001, len(loss)
    for step, point in enumerate(loss[:3000]):
        assert point.step == step and point.wall_time == 1e9 + step, point
        assert point.value == struct.unpack("f", struct.pack("f", 1 / (step + 1)))[0], point
    assert math.isinf(loss[3000].value)
    ndcg = accumulator.Scalars("ndcg@10 é")
    assert [(point.step, point.value) for point in ndcg] == [(step << 33, step / 8) for step in range(0, 3000, 100)]
    resumed = EventAccumulator(folder + "/resumed")
    resumed.Reload()
    assert [(point.step, point.value) for point in resumed.Scalars("loss")] == [(1, 11), (2, 22), (3, 23)]
    print(f"TensorBoard {tensorboard.__version__} read {len(loss) + len(ndcg)} points")
