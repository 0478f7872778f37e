"""Pooling: one number for each window, channel by channel.

`windows` lays the windows; `pooling` and `adaptive` are the operations, and `methods` has the table of ways to compute
them, reproduced below. Sums and extremes over windows that lie evenly are put together as `trees` says, by the
instructions of `combining`, in the loops of `direct` and `strips`; `loops`, on the threads of `uneven`, reduces windows
that lie anyhow, and knows which cell won. Medians and other percentiles are chosen by the networks of `selection`,
written as instructions by `median_tiles`, in the loops of `median_loops`, which `medians` calls.

The methods:

Maxima and minima, the first that fits:

    direct
        when: windows of at most three rows and seven columns that lie evenly and move by one or two columns
        why:  so few rows are in the cache already when the next windows see them: nothing is copied
        runs: direct.extreme_rows with combining.highest and combining.extreme_across or
              combining.extreme_pairs
    strips
        when: other windows that lie evenly, unless one alone takes more memory than a thread has for it
        why:  a long window is put together from shorter ones, which serve several windows
        runs: strips.extreme_rows with combining.combine
    uneven
        when: all other windows: adaptive ones of unequal sizes, and huge ones
        why:  each window has bounds of its own
        runs: loops.max_rows

Means, the first that fits:

    direct
        when: windows of at most three rows and seven columns that lie evenly and move by one or two columns
        why:  so few rows are in the cache already when the next windows see them: nothing is copied
        runs: direct.mean_rows with combining.combine and combining.mean_across or combining.mean_pairs
    strips
        when: other windows that lie evenly, unless one alone takes more memory than a thread has for it
        why:  a long window is put together from shorter ones, which serve several windows
        runs: strips.mean_rows with combining.combine
    uneven
        when: all other windows: adaptive ones of unequal sizes, and huge ones
        why:  each window has bounds of its own
        runs: loops.sum_rows

Medians and percentiles, the first that fits:

    network
        when: windows of 3 cells or more and sides up to 31, of which at least one in 16 is wanted; where some
              are cut off at the border, only medians of an odd number of cells
        why:  comparisons in a fixed order go over whole vectors of windows, and neighbouring windows share
              most of them
        runs: median_loops.ranked_rows with a tile of median_tiles
    alone
        when: all other windows
        why:  networks of large windows take the compiler too long, and few windows share little
        runs: median_loops.any_ranked: each window is partitioned
"""
