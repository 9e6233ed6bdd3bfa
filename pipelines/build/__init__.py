"""The build: tables, figures, executed notebooks and the site, written in one swap.

`run.build_all` does all of it, `notebooks.execute_all` runs the notebooks, `train.retrain` fits the
scorer.
Only the jobs (refresh, build, site) change the disk.
"""
