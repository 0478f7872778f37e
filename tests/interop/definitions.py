"""Well-known networks, written down in PyTorch as compactly as possible; their weights are random, by a seed.

Stages and widths are those of the papers; the classifiers have ten classes, and the pictures are small.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn


def conv(c, out, k=1, stride=1, groups=1, dilation=1, act=nn.ReLU):
    """Convolution, batch norm, activation."""
    padding = dilation * (k // 2)
    layers = [nn.Conv2d(c, out, k, stride, padding, dilation, groups, bias=False), nn.BatchNorm2d(out)]
    return nn.Sequential(*layers, act()) if act else nn.Sequential(*layers)


class Residual(nn.Module):
    def __init__(self, body, shortcut=None, act=None):
        super().__init__()
        self.body, self.shortcut, self.act = body, shortcut or nn.Identity(), act or nn.Identity()

    def forward(self, x):
        return self.act(self.body(x) + self.shortcut(x))


class Branches(nn.Module):
    """Several ways for one map, whose results are joined along the channels."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class Squeeze(nn.Module):
    """Squeeze and excitation, by convolutions or by linear layers."""

    def __init__(self, c, inner, act=nn.ReLU, gate=nn.Sigmoid, linear=False):
        super().__init__()
        made = nn.Linear if linear else lambda c, out: nn.Conv2d(c, out, 1)
        self.gates = nn.Sequential(made(c, inner), act(), made(inner, c), gate())
        self.linear = linear

    def forward(self, x):
        if self.linear:
            return x * self.gates(x.mean((2, 3))).view(x.shape[0], -1, 1, 1)
        return x * self.gates(F.adaptive_avg_pool2d(x, 1))


def head(c, hidden=0, act=nn.ReLU):
    last = [nn.Linear(c, hidden), act(), nn.Linear(hidden, 10)] if hidden else [nn.Linear(c, 10)]
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), *last, nn.Softmax(1)]


# -- classifiers ------------------------------------------------------------------------------------------


def resnet(blocks, bottleneck):
    layers, c = [conv(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate(blocks):
        for i in range(count):
            width, stride = 64 << stage, 2 if stage and not i else 1
            out = 4 * width if bottleneck else width
            inner = [conv(c, width), conv(width, width, 3, stride), conv(width, out, act=None)]
            if not bottleneck:
                inner = [conv(c, width, 3, stride), conv(width, width, 3, act=None)]
            shortcut = conv(c, out, 1, stride, act=None) if stride > 1 or c != out else None
            layers.append(Residual(nn.Sequential(*inner), shortcut, nn.ReLU()))
            c = out
    return nn.Sequential(*layers, *head(c))


def inverted(c, inner, out, k, stride, act, squeeze=None):
    body = [conv(c, inner, act=act)] if inner != c else []
    body.append(conv(inner, inner, k, stride, groups=inner, act=act))
    body += [squeeze(inner)] if squeeze else []
    body = nn.Sequential(*body, conv(inner, out, act=None))
    return Residual(body) if stride == 1 and c == out else body


def mobilenet_v2():
    layers, c = [conv(3, 32, 3, 2, act=nn.ReLU6)], 32
    for t, out, count, stride in [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]:  # fmt: skip
        for i in range(count):
            layers.append(inverted(c, c * t, out, 3, 1 if i else stride, nn.ReLU6))
            c = out
    return nn.Sequential(*layers, conv(c, 1280, act=nn.ReLU6), *head(1280))


def mobilenet_v3():
    layers, c = [conv(3, 16, 3, 2, act=nn.Hardswish)], 16
    for k, inner, out, se, hard, stride in [
        (3, 16, 16, 0, 0, 1), (3, 64, 24, 0, 0, 2), (3, 72, 24, 0, 0, 1), (5, 72, 40, 1, 0, 2), (5, 120, 40, 1, 0, 1),
        (5, 120, 40, 1, 0, 1), (3, 240, 80, 0, 1, 2), (3, 200, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1),
        (3, 184, 80, 0, 1, 1), (3, 480, 112, 1, 1, 1), (3, 672, 112, 1, 1, 1), (5, 672, 160, 1, 1, 2),
        (5, 960, 160, 1, 1, 1), (5, 960, 160, 1, 1, 1),
    ]:  # fmt: skip
        squeeze = (lambda n: Squeeze(n, n // 4, gate=nn.Hardsigmoid)) if se else None
        layers.append(inverted(c, inner, out, k, stride, nn.Hardswish if hard else nn.ReLU, squeeze))
        c = out
    return nn.Sequential(*layers, conv(c, 960, act=nn.Hardswish), *head(960, 1280, nn.Hardswish))


def efficientnet_b0(linear=False):
    layers, c = [conv(3, 32, 3, 2, act=nn.SiLU)], 32
    for t, k, out, count, stride in [
        (1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2), (6, 5, 112, 3, 1), (6, 5, 192, 4, 2),
        (6, 3, 320, 1, 1),
    ]:  # fmt: skip
        for i in range(count):
            layers.append(
                inverted(
                    c, c * t, out, k, 1 if i else stride, nn.SiLU,
                    lambda n, c=c: Squeeze(n, c // 4, nn.SiLU, linear=linear),
                )
            )  # fmt: skip
            c = out
    return nn.Sequential(*layers, conv(c, 1280, act=nn.SiLU), *head(1280))


def before(c, out, k=1):
    """Batch norm and activation before the convolution."""
    return nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), nn.Conv2d(c, out, k, padding=k // 2, bias=False))


def densenet121(growth=32):
    layers, c = [conv(3, 64, 7, 2), nn.MaxPool2d(3, 2, 1)], 64
    for stage, count in enumerate((6, 12, 24, 16)):
        if stage:
            layers += [before(c, c // 2), nn.AvgPool2d(2)]
            c //= 2
        for _ in range(count):
            grown = nn.Sequential(before(c, 4 * growth), before(4 * growth, growth, 3))
            layers.append(Branches(nn.Identity(), grown))
            c += growth
    return nn.Sequential(*layers, nn.BatchNorm2d(c), nn.ReLU(), *head(c))


class Shuffle(nn.Module):
    """The unit of ShuffleNet v2: half of the channels pass, or both halves come from a map twice as large."""

    def __init__(self, c, out, stride):
        super().__init__()
        half, given = out // 2, c if stride > 1 else c // 2
        self.left = None
        if stride > 1:
            self.left = nn.Sequential(conv(c, c, 3, 2, groups=c, act=None), conv(c, half))
        depthwise = conv(half, half, 3, stride, groups=half, act=None)
        self.right = nn.Sequential(conv(given, half), depthwise, conv(half, half))

    def forward(self, x):
        left, right = (self.left(x), x) if self.left else x.chunk(2, 1)
        y = torch.cat([left, self.right(right)], 1)
        n, c, h, w = y.shape
        return y.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


def shufflenet():
    layers, c = [conv(3, 24, 3, 2), nn.MaxPool2d(3, 2, 1)], 24
    for out, count in ((116, 4), (232, 8), (464, 4)):
        for i in range(count):
            layers.append(Shuffle(c, out, 1 if i else 2))
            c = out
    return nn.Sequential(*layers, conv(c, 1024), *head(1024))


class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of NCHW, by way of NHWC."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ConvNeXtBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.spatial = nn.Conv2d(c, c, 7, padding=3, groups=c)
        self.mix = nn.Sequential(nn.LayerNorm(c, 1e-6), nn.Linear(c, 4 * c), nn.GELU(), nn.Linear(4 * c, c))
        self.gamma = nn.Parameter(torch.rand(c) + 0.5)

    def forward(self, x):
        y = self.gamma * self.mix(self.spatial(x).permute(0, 2, 3, 1))
        return x + y.permute(0, 3, 1, 2)


def convnext():
    layers, c = [nn.Conv2d(3, 32, 4, 4), ChannelNorm(32, 1e-6)], 32
    for out, count in ((32, 2), (64, 2), (128, 3)):
        if out != c:
            layers += [ChannelNorm(c, 1e-6), nn.Conv2d(c, out, 2, 2)]
        layers += [ConvNeXtBlock(out) for _ in range(count)]
        c = out
    pooled = [nn.AdaptiveAvgPool2d(1), ChannelNorm(c, 1e-6), nn.Flatten(), nn.Linear(c, 10)]
    return nn.Sequential(*layers, *pooled)


# -- pictures from pictures -------------------------------------------------------------------------------


class UNet(nn.Module):
    """Skips of five sizes; the way up by transposed convolutions, or by enlarging to the size of the skip."""

    def __init__(self, widths=(16, 32, 64, 128), transposed=True):
        super().__init__()
        pairs = list(zip((3, *widths), widths, strict=False))
        self.down = nn.ModuleList(nn.Sequential(conv(c, n, 3), conv(n, n, 3)) for c, n in pairs)
        self.up, self.join = nn.ModuleList(), nn.ModuleList()
        for c, n in zip(widths[:0:-1], widths[-2::-1], strict=True):
            self.up.append(nn.ConvTranspose2d(c, n, 2, 2) if transposed else conv(c, n, 3))
            self.join.append(nn.Sequential(conv(2 * n, n, 3), conv(n, n, 3)))
        self.last, self.transposed = nn.Conv2d(widths[0], 2, 1), transposed

    def forward(self, x):
        skips = []
        for i, down in enumerate(self.down):
            x = down(F.max_pool2d(x, 2) if i else x)
            skips.append(x)
        for up, join, skip in zip(self.up, self.join, skips[-2::-1], strict=True):
            if not self.transposed:
                x = F.interpolate(x, size=skip.shape[2:], mode="bilinear", align_corners=False)
            x = join(torch.cat([skip, up(x)], 1))
        return torch.sigmoid(self.last(x))


class GlobalBranch(nn.Module):
    def __init__(self, c, out):
        super().__init__()
        self.body = nn.Sequential(nn.AdaptiveAvgPool2d(1), conv(c, out))

    def forward(self, x):
        return F.interpolate(self.body(x), size=x.shape[2:], mode="bilinear", align_corners=False)


class Enlarged(nn.Module):
    """A network whose result is brought to the size of its input."""

    def __init__(self, *layers):
        super().__init__()
        self.body = nn.Sequential(*layers)

    def forward(self, x):
        return F.interpolate(self.body(x), size=x.shape[2:], mode="bilinear", align_corners=True)


def deeplab():
    """Dilated convolutions side by side, with one branch that averages the whole map."""
    backbone = [conv(3, 32, 3, 2), conv(32, 64, 3, 2), conv(64, 96, 3, 2), conv(96, 96, 3, dilation=2)]
    rates = [conv(96, 32, 3, dilation=d) for d in (2, 4, 6)]
    pyramid = Branches(conv(96, 32), *rates, GlobalBranch(96, 32))
    return Enlarged(*backbone, pyramid, conv(160, 32), nn.Conv2d(32, 5, 1))


def super_resolution():
    body = Residual(nn.Sequential(conv(32, 32, 3, act=nn.PReLU), conv(32, 32, 3, act=None)))
    up = [nn.Conv2d(32, 128, 3, padding=1), nn.PixelShuffle(2), nn.PReLU(32)]
    first = [nn.Conv2d(3, 32, 9, padding=4), nn.PReLU()]
    return nn.Sequential(*first, body, *up, nn.ReflectionPad2d(1), nn.Conv2d(32, 3, 3))


def autoencoder():
    layers, c = [], 3
    for n in (24, 48, 96):
        layers += [nn.Conv2d(c, n, 4, 2, 1), nn.LeakyReLU(0.2)]
        c = n
    for n in (48, 24):
        layers += [
            nn.ConvTranspose2d(c, n, 3, 2, 1, 1, bias=False),
            nn.InstanceNorm2d(n, affine=True),
            nn.ELU(),
        ]
        c = n
    return nn.Sequential(*layers, nn.ConvTranspose2d(c, 3, 4, 2, 1), nn.Tanh())


def denoiser():
    """Residual blocks with group norms."""

    def block(c):
        norms = [nn.GroupNorm(4, c), nn.SiLU(), nn.Conv2d(c, c, 3, padding=1)]
        more = [nn.GroupNorm(4, c), nn.Mish(), nn.Conv2d(c, c, 3, padding=1)]
        return Residual(nn.Sequential(*norms, *more))

    up = nn.Upsample(scale_factor=2, mode="nearest")
    down = nn.Conv2d(32, 32, 3, 2, 1)
    inner = Residual(nn.Sequential(down, block(32), block(32), up, nn.Conv2d(32, 32, 3, padding=1)))
    return nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), block(32), inner, nn.GroupNorm(1, 32), nn.Conv2d(32, 3, 1)
    )


# -- a detector's backbone --------------------------------------------------------------------------------


class Focus(nn.Module):
    """Every second pixel, from each of four places, as channels."""

    def forward(self, x):
        corners = [x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]]
        return torch.cat(corners, 1)


class Partial(nn.Module):
    """Cross-stage partial blocks: residuals beside a shortcut."""

    def __init__(self, c, out, count, shortcut=True):
        super().__init__()
        half = out // 2
        pairs = [nn.Sequential(silu(half, half), silu(half, half, 3)) for _ in range(count)]
        deep = [Residual(pair) if shortcut else pair for pair in pairs]
        self.ways = Branches(nn.Sequential(silu(c, half), *deep), silu(c, half))
        self.last = silu(out, out)

    def forward(self, x):
        return self.last(self.ways(x))


class Split(nn.Module):
    """The later form: every residual of one half goes on to the end."""

    def __init__(self, c, out, count):
        super().__init__()
        half = out // 2
        self.first, self.last = silu(c, out), silu((2 + count) * half, out)
        pair = [nn.Sequential(silu(half, half, 3), silu(half, half, 3)) for _ in range(count)]
        self.deep = nn.ModuleList(Residual(each) for each in pair)

    def forward(self, x):
        parts = list(self.first(x).chunk(2, 1))
        for deep in self.deep:
            parts.append(deep(parts[-1]))
        return self.last(torch.cat(parts, 1))


def silu(c, out, k=1, stride=1):
    return conv(c, out, k, stride, act=nn.SiLU)


def pyramid_pooling(c):
    pools = [nn.MaxPool2d(k, 1, k // 2) for k in (5, 9, 13)]
    return nn.Sequential(silu(c, c // 2), Branches(nn.Identity(), *pools), silu(2 * c, c))


class Detector(nn.Module):
    """Three maps of different sizes, fed top-down and bottom-up; the decoding of boxes is not part of it."""

    def __init__(self, w=16):
        super().__init__()
        self.stem = nn.Sequential(Focus(), silu(12, w, 3))
        self.small = nn.Sequential(
            silu(w, 2 * w, 3, 2), Partial(2 * w, 2 * w, 1), silu(2 * w, 4 * w, 3, 2), Partial(4 * w, 4 * w, 2)
        )
        self.middle = nn.Sequential(silu(4 * w, 8 * w, 3, 2), Split(8 * w, 8 * w, 2))
        self.large = nn.Sequential(silu(8 * w, 8 * w, 3, 2), pyramid_pooling(8 * w), silu(8 * w, 4 * w))
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.join = Partial(12 * w, 4 * w, 1, shortcut=False)
        self.down = silu(4 * w, 4 * w, 3, 2)
        self.heads = nn.ModuleList(nn.Conv2d(n * w, 3 * 8, 1) for n in (4, 4, 8))

    def forward(self, x):
        small = self.small(self.stem(x))
        middle = self.middle(small)
        large = self.large(middle)
        joined = self.join(torch.cat([self.up(large), middle], 1))
        maps = small, joined, torch.cat([self.down(joined), large], 1)
        return tuple(head(each) for head, each in zip(self.heads, maps, strict=True))


# -- all of them ------------------------------------------------------------------------------------------

# What makes it, and the height and width of a small picture that it takes.
NETWORKS = {
    "resnet18": (lambda: resnet((2, 2, 2, 2), False), (64, 80)),
    "resnet50": (lambda: resnet((3, 4, 6, 3), True), (64, 80)),
    "mobilenet_v2": (mobilenet_v2, (64, 96)),
    "mobilenet_v3": (mobilenet_v3, (64, 96)),
    "efficientnet_b0": (efficientnet_b0, (64, 96)),
    "efficientnet_b0_linear": (lambda: efficientnet_b0(linear=True), (64, 64)),
    "densenet121": (densenet121, (64, 80)),
    "shufflenet": (shufflenet, (64, 96)),
    "convnext": (convnext, (64, 80)),
    "unet": (UNet, (48, 64)),
    "unet_resized": (lambda: UNet(transposed=False), (50, 70)),
    "deeplab": (deeplab, (65, 81)),
    "super_resolution": (super_resolution, (24, 32)),
    "autoencoder": (autoencoder, (32, 48)),
    "denoiser": (denoiser, (32, 48)),
    "detector": (Detector, (64, 96)),
}


def all_networks():
    """Those of this module and those of `branched_definitions`, which is made of its parts."""
    from tests.interop import branched_definitions

    return NETWORKS | branched_definitions.NETWORKS


def network(name, seed=0):
    """A network with random weights, and a picture for it, (1, 3, H, W).

    The batch norms hold the statistics of other pictures, so that no map explodes or dies on the way. These have
    shapes and colours: of noise, deep maps are nearly the same for every picture, and what remains is rounding.
    """
    torch.manual_seed(seed)
    made, size = all_networks()[name]
    net = made()
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm, nn.InstanceNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    for module in net.modules():
        if isinstance(module, Residual):
            weaken(module.body)
    with torch.no_grad():
        net.train()(pictures(8, size))
    return net.eval(), pictures(1, size)


def weaken(body):
    """Let a residual add little to its shortcut, as in trained networks: else rounding grows from block to block."""
    norms = [module for module in body.modules() if isinstance(module, nn.BatchNorm2d)]
    if norms:
        norms[-1].weight.data *= 0.25


def pictures(count, size):
    coarse = F.interpolate(torch.rand(count, 3, 3, 4), size=size, mode="bicubic")
    fine = F.interpolate(torch.rand(count, 3, 9, 12), size=size)
    return (coarse + 0.3 * fine + 0.1 * torch.rand(count, 3, *size)) * torch.rand(count, 3, 1, 1)
