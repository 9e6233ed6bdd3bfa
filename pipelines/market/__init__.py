"""Wages, employment and outlook: tables of BLS in, tables out; nothing is read or written.

`oews` says which rows are meant, `history.series` and `panel.panel` follow them through the change
of classification in 2018, `split` adds codes up across it, `outlook` has the projections,
`lookback.lookback` the regressions.
"""
