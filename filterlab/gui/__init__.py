"""The window: everything that knows Qt. It shows and edits; what is computed, the engine computes."""

# Timers that wait for a pause are plain single-shot QTimers, and the flow layout is ours, although superqt has both:
# importing any part of it imports all of it, with qtpy and pygments, and the window would open 60 ms later. Its
# throttler cannot say either whether it is waiting, which `Results` and `Wall` have to know.
