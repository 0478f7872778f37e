"""More networks in PyTorch: branches, groups, gates and norms of other families than those of `definitions`."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from tests.interop.definitions import Branches, Enlarged, GlobalBranch, Residual, Squeeze, conv, head


def inception():
    """Windows of several shapes side by side; one branch averages without the border, one enlarges its windows."""

    def block(c):
        wide = [
            nn.Conv2d(24, 24, (1, 7), padding=(0, 3)),
            nn.Conv2d(24, 24, (7, 1), padding=(3, 0)),
            nn.ReLU(),
        ]
        averaged = nn.AvgPool2d(3, 1, 1, count_include_pad=False)
        return Branches(
            conv(c, 16),
            nn.Sequential(conv(c, 16), conv(16, 24, 5)),
            nn.Sequential(conv(c, 24), *wide),
            nn.Sequential(averaged, conv(c, 16)),
        )

    stem = [conv(3, 24, 3, 2), conv(24, 32, 3), nn.MaxPool2d(3, 2, ceil_mode=True)]
    down = Branches(
        conv(80, 40, 3, 2), nn.Sequential(conv(80, 24), conv(24, 40, 3, 2)), nn.MaxPool2d(3, 2, 1)
    )
    return nn.Sequential(*stem, block(32), block(80), down, block(160), *head(80))


def resnext():
    def block(c, out, stride):
        body = [
            conv(c, out // 2),
            conv(out // 2, out // 2, 3, stride, groups=8),
            conv(out // 2, out, act=None),
        ]
        return Residual(nn.Sequential(*body), conv(c, out, 1, stride, act=None), nn.ReLU())

    return nn.Sequential(
        conv(3, 32, 3, 2), block(32, 64, 1), block(64, 128, 2), block(128, 192, 2), *head(192)
    )


class Reparametrised(nn.Module):
    """A convolution of 3x3, one of 1x1 and the map itself, added, as while training."""

    def __init__(self, c, out, stride):
        super().__init__()
        self.dense, self.point = conv(c, out, 3, stride, act=None), conv(c, out, 1, stride, act=None)
        self.same = nn.BatchNorm2d(c) if c == out and stride == 1 else None

    def forward(self, x):
        y = self.dense(x) + self.point(x)
        return torch.relu(y if self.same is None else y + self.same(x))


def repvgg():
    sizes = [(3, 24, 2), (24, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1)]
    return nn.Sequential(*(Reparametrised(*each) for each in sizes), *head(64))


class Ghost(nn.Module):
    """Half of the maps by a convolution, half from these by cheap ones; more than asked for are cut off."""

    def __init__(self, c, out, act=nn.ReLU):
        super().__init__()
        half = -(-out // 2)
        self.out, self.first = out, conv(c, half, act=act)
        self.cheap = conv(half, half, 3, groups=half, act=act)

    def forward(self, x):
        first = self.first(x)
        return torch.cat([first, self.cheap(first)], 1)[:, : self.out]


def ghostnet():
    def block(c, inner, out, stride):
        body = [Ghost(c, inner), Squeeze(inner, inner // 4, gate=nn.Hardsigmoid)]
        if stride > 1:
            body.insert(1, conv(inner, inner, 3, stride, groups=inner, act=None))
        shortcut = nn.Sequential(conv(c, c, 3, stride, groups=c, act=None), conv(c, out, act=None))
        return Residual(nn.Sequential(*body, Ghost(inner, out, None)), shortcut)

    return nn.Sequential(
        conv(3, 16, 3, 2), block(16, 48, 24, 2), block(24, 73, 41, 1), conv(41, 96), *head(96)
    )


class Pyramid(nn.Module):
    """Maps of three sizes, joined from the smallest to the largest."""

    def __init__(self, widths=(24, 48, 96), out=32):
        super().__init__()
        pairs = zip((16, *widths), widths, strict=False)
        self.stem, self.down = conv(3, 16, 3, 2), nn.ModuleList(conv(c, n, 3, 2) for c, n in pairs)
        self.side = nn.ModuleList(nn.Conv2d(n, out, 1) for n in widths)
        self.smooth = nn.ModuleList(nn.Conv2d(out, out, 3, padding=1) for _ in widths)
        self.extra = nn.MaxPool2d(1, 2)

    def forward(self, x):
        x, maps = self.stem(x), []
        for down in self.down:
            x = down(x)
            maps.append(x)
        joined = [self.side[-1](maps[-1])]
        for side, each in zip(self.side[-2::-1], maps[-2::-1], strict=True):
            joined.insert(0, side(each) + F.interpolate(joined[0], size=each.shape[2:], mode="nearest"))
        found = [smooth(each) for smooth, each in zip(self.smooth, joined, strict=True)]
        return (*found, self.extra(found[-1]))


class Subtracted(nn.Module):
    """A network that finds the noise."""

    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return torch.clamp(x - self.body(x), 0, 1)


def dncnn():
    inner = [conv(24, 24, 3) for _ in range(4)]
    return Subtracted(
        nn.Sequential(nn.Conv2d(3, 24, 3, padding=1), nn.ReLU(), *inner, nn.Conv2d(24, 3, 3, padding=1))
    )


def aspp():
    """Depthwise windows that are spread out, and a branch over the whole map."""

    def spread(c, out, d):
        return nn.Sequential(conv(c, c, 3, groups=c, dilation=d), conv(c, out))

    ways = Branches(conv(48, 16), *(spread(48, 16, d) for d in (3, 6, 9)), GlobalBranch(48, 16))
    body = [
        conv(3, 24, 3, 2),
        spread(24, 48, 1),
        nn.MaxPool2d(3, 2, 1),
        ways,
        nn.Dropout2d(),
        spread(80, 32, 1),
    ]
    return Enlarged(*body, nn.Conv2d(32, 4, 1))


class Scaled(nn.Module):
    """The picture as numbers up to a given one."""

    def __init__(self, largest):
        super().__init__()
        self.largest = largest

    def forward(self, x):
        return self.largest * x


def alexnet(largest=255.0):
    """Krizhevsky et al. 2012, with its local response norms; its pictures hold 0 to 255.

    Of smaller numbers the norms divide by 1 and some units of the last place of float32, so that nothing but rounding
    is left of their range.
    """
    norm = nn.LocalResponseNorm(5)
    return nn.Sequential(
        Scaled(largest), nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), norm, nn.MaxPool2d(3, 2),
        nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), norm, nn.MaxPool2d(3, 2),
        nn.Conv2d(192, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Dropout(),
        nn.Linear(256 * 3 * 3, 128), nn.ReLU(), nn.Dropout(), nn.Linear(128, 10),
    )  # fmt: skip


class Face(nn.Module):
    """A network that gives a vector of length 1, as those that tell faces apart."""

    def __init__(self):
        super().__init__()
        inner = (Residual(conv(32, 32, 3, act=nn.PReLU)) for _ in range(2))
        self.body = nn.Sequential(conv(3, 32, 3, 2, act=nn.PReLU), *inner, conv(32, 64, 3, 2, act=nn.PReLU))
        self.last = nn.Sequential(nn.Flatten(), nn.Linear(64 * 12 * 12, 48), nn.BatchNorm1d(48))

    def forward(self, x):
        return F.normalize(self.last(self.body(x)))


def style():
    """Johnson et al. 2016, with instance norms, mirrored borders, and enlargement by the nearest cell."""

    def mirrored(c, out, k, stride=1):
        border = nn.ReflectionPad2d(k // 2)
        return [border, nn.Conv2d(c, out, k, stride), nn.InstanceNorm2d(out, affine=True)]

    def block(c):
        return Residual(nn.Sequential(*mirrored(c, c, 3), nn.ReLU(), *mirrored(c, c, 3)))

    larger = nn.Upsample(scale_factor=2)
    return nn.Sequential(
        *mirrored(3, 16, 9), nn.ReLU(), *mirrored(16, 32, 3, 2), nn.ReLU(), *mirrored(32, 48, 3, 2), nn.ReLU(),
        block(48), block(48), larger, *mirrored(48, 32, 3), nn.ReLU(), larger, *mirrored(32, 16, 3), nn.ReLU(),
        nn.ReflectionPad2d(4), nn.Conv2d(16, 3, 9),
    )  # fmt: skip


NETWORKS = {
    "inception": (inception, (64, 80)),
    "resnext": (resnext, (48, 64)),
    "repvgg": (repvgg, (48, 64)),
    "ghostnet": (ghostnet, (48, 64)),
    "pyramid": (Pyramid, (50, 70)),
    "dncnn": (dncnn, (24, 32)),
    "aspp": (aspp, (65, 81)),
    "alexnet": (alexnet, (127, 127)),
    "face": (Face, (48, 48)),
    "style": (style, (48, 64)),
}
