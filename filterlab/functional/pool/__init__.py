"""Pooling: one number for each window, channel by channel.

`windows` lays the windows; `pooling` and `adaptive` are the operations. Sums and extremes over windows that lie evenly
are put together as `trees` says, by the instructions of `combining`: in the loop of `direct` where windows are small,
else in that of `strips`. `loops` reduces windows that lie anyhow, and knows which cell won. Median filters that move by
one run the networks of `selection`, written as instructions by `median_tiles`, in the loop of `median_loops`.
"""
