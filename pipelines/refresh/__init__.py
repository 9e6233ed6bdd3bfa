"""The refresh: from the publishers' files to a checked release, or to the last good one.

`run.refresh` is the whole; `assemble` makes tables, `compute` what is derived from them, `gates`
stops what looks wrong, `report` says what changed.
"""
