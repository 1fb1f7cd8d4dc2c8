# SPDX-License-Identifier: Apache-2.0
import recurrent
import torch


def cases(draw):
    return recurrent.cases(draw, torch.nn.LSTM, has_cell=True)
