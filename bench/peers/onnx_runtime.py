# SPDX-License-Identifier: Apache-2.0
import io
import os

import onnxruntime
import torch


def exported(module, inputs):
    """A module in ONNX Runtime: a function without arguments that computes it on these inputs."""
    names = [f"input_{place}" for place in range(len(inputs))]
    file = io.BytesIO()
    with torch.inference_mode():
        torch.onnx.export(module, tuple(inputs), file, input_names=names, output_names=["output"], dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ["OMP_NUM_THREADS"])
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
    given = {name: tensor.detach().numpy() for name, tensor in zip(names, inputs)}
    return lambda: session.run(None, given)
