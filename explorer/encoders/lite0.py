"""EfficientNet-Lite0 by torch, or OpenVINO, alone: what the network makes of pictures, in a process that starts soon.

To import timm, which has it too, takes 4 s of the processor (torchvision, and torch's compiler).  Every batch norm is
folded into the convolution before it: the same function in half the time.
Source: Tan and Le 2019, "EfficientNet", arXiv:1905.11946; the Lite variants have no squeeze-and-excite, and ReLU6.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.encoders import hardware
from explorer.encoders.compiled import Compiled, compiled
from explorer.types import FloatArray

STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
"""Of the depthwise convolution in each block."""
EPSILON = 1e-3
"""Added to a variance in TensorFlow's batch norm, which these weights were trained with."""
SIDE = 224
FEATURES, CLASSES = 1280, 1000

Pixels: TypeAlias = NDArray[np.uint8]


class Lite0:
    """The network on a *device*, from the file of its weights (names as in the package that brings them)."""

    by_torch = True

    def __init__(self, file: Path, device: str) -> None:
        import torch

        stored = torch.load(file, map_location="cpu", weights_only=True)
        named = {"_conv_stem": "_bn0", "_conv_head": "_bn1"}
        for at in range(len(STRIDES)):
            parts = {"_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2"}
            named |= {f"_blocks.{at}.{part}": f"_blocks.{at}.{norm}" for part, norm in parts.items()}
        self._device = device
        self._convolutions = {
            name: tuple(one.to(device) for one in _folded(stored, name, norm))
            for name, norm in named.items()
            if f"{name}.weight" in stored
        }
        self._classes = (stored["_fc.weight"].to(device), stored["_fc.bias"].to(device))

    def look(self, pictures: Pixels) -> tuple[FloatArray, FloatArray]:
        """Return features (m, 1280) and classes (m, 1000) of pictures (m, 224, 224, 3)."""
        import torch

        # Half precision keeps a cosine of 0.9999 to fp32 here; bf16 on a CPU does not, see conse.CPU_BATCH.
        precision = hardware.fast_precision(self._device) if self._device == "cuda" else nullcontext()
        with torch.inference_mode(), precision:
            features, classes = self.seen(torch.from_numpy(pictures).to(self._device))
            return features.float().cpu().numpy(), classes.float().cpu().numpy()

    def seen(self, pictures: Any) -> tuple[Any, Any]:
        """Return the same of tensors, pictures (m, 224, 224, 3) of bytes."""
        import torch

        between = pictures.permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.channels_last) / 127.5 - 1
        features = self.features(between)
        return features, self.logits(features)

    def features(self, pictures: Any) -> Any:
        """Return (m, 1280) of pictures (m, 3, 224, 224), their channels last in memory, between -1 and 1."""
        hidden = self._convolved(pictures, "_conv_stem", stride=2)
        for at, stride in enumerate(STRIDES):
            name, before = f"_blocks.{at}", hidden
            if f"{name}._expand_conv" in self._convolutions:
                hidden = self._convolved(hidden, f"{name}._expand_conv")
            hidden = self._convolved(hidden, f"{name}._depthwise_conv", stride=stride, groups=hidden.shape[1])
            hidden = self._convolved(hidden, f"{name}._project_conv", bent=False)
            if hidden.shape == before.shape:
                hidden = hidden + before
        return self._convolved(hidden, "_conv_head").mean((2, 3))

    def logits(self, features: Any) -> Any:
        """Return (m, 1000): how much each class of ImageNet is seen, from the features (m, 1280)."""
        from torch.nn import functional

        return functional.linear(features, *self._classes)

    def _convolved(self, hidden: Any, name: str, *, stride: int = 1, groups: int = 1, bent: bool = True) -> Any:
        from torch.nn import functional

        weight, bias = self._convolutions[name]
        margin = weight.shape[-1] - stride  # as TensorFlow pads what is even: the odd one on the right and below
        before, after = margin // 2, margin - margin // 2
        if before != after:
            hidden, before = functional.pad(hidden, (before, after, before, after)), 0
        found = functional.conv2d(hidden, weight, bias, stride=stride, padding=before, groups=groups)
        return functional.relu6(found, inplace=True) if bent else found


class CompiledLite0:
    """The same network, computed by OpenVINO."""

    by_torch = False

    def __init__(self, network: Compiled) -> None:
        self._network = network

    def look(self, pictures: Pixels) -> tuple[FloatArray, FloatArray]:
        """Return features (m, 1280) and classes (m, 1000) of pictures (m, 224, 224, 3)."""
        features, classes = self._network(pictures)
        return features, classes


Network: TypeAlias = Lite0 | CompiledLite0


def of_this_machine(file: Path, identity: str, device: str) -> Network:
    """Return the network in a file on a device, by what is fastest there; *identity* tells its weights."""
    if device == "cpu":
        check = np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)
        network = compiled("lite0", (identity,), lambda: Lite0(file, "cpu").seen, (check[:1],), (check,), precise=True)
        if network is not None:
            return CompiledLite0(network)
    return Lite0(file, device)


def _folded(stored: Mapping[str, Any], name: str, norm: str) -> tuple[Any, Any]:
    """Return the weight and the bias of a convolution that the batch norm after it is part of."""
    import torch
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    mean, variance, scale, shift = (
        stored[f"{norm}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
    )
    weight, bias = fuse_conv_bn_weights(stored[f"{name}.weight"], None, mean, variance, EPSILON, scale, shift)
    return weight.detach().contiguous(memory_format=torch.channels_last), bias.detach()
