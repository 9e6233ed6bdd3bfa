"""Charts: a frame in, a plotly figure out; no file and no release is read here.

A chart is one function of one module; what charts share (theme, labels, marks) stands in `kit`.
"""
