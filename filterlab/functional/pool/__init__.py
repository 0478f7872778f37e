"""Pooling: one number for each window, channel by channel.

`windows` lays the windows, `loops` reduces them; `pooling` and `adaptive` are the operations. Median filters that move
by one run the networks of `selection`, written as instructions by `median_tiles`, in the loop of `median_loops`.
"""
