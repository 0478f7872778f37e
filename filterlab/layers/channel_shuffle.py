"""Interleaving the channels of groups."""

from __future__ import annotations

from typing import ClassVar

from filterlab.errors import ChannelError
from filterlab.functional.arrays import Array
from filterlab.layers.base.layer import Arithmetic, Layer, Mask, Shape
from filterlab.layers.base.rules import copied
from filterlab.layers.base.shared import Groups
from filterlab.layers.base.terms import Where
from filterlab.text.messages import say


class ChannelShuffle(Layer):
    """Takes one channel of each group in turn, so that the next grouped layer mixes them; Zhang et al. 2018."""

    key: ClassVar[str] = "channel_shuffle"
    title: ClassVar[str] = "Channel shuffle"
    search_words: ClassVar[str] = "shufflenet 通道混洗"
    stem: ClassVar[str] = "shuffle"
    group: ClassVar[str] = "channels"
    per_channel: ClassVar[bool] = False
    locally_linear: ClassVar[bool] = True

    groups: Groups

    def channels_read(self, channels: Mask, number: int, shapes: tuple[Shape, ...]) -> Mask:
        return channels.reshape(-1, self.groups).T.ravel()

    def output_channels(self, *channels: int) -> int:
        if channels[0] % self.groups:
            what = say("groups is {}, which does not divide {} channel(s)", self.groups, channels[0])
            raise ChannelError(what, "ChannelShuffle", "choose a divisor", parameter="groups")
        return channels[0]

    def explain(self, xs: tuple[Array, ...], y: Array, channel: int, row: int, col: int) -> Arithmetic:
        place, group = divmod(channel, self.groups)
        source = group * (xs[0].shape[1] // self.groups) + place
        return copied(self.title, xs[0], Where(0, source, row, col), y[0, channel, row, col])
