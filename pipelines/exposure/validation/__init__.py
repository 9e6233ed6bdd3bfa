"""How good is the scorer, and how good could any be?

Rule: figures are of tasks that the scorer has not seen; published figures are made again from
their published inputs, to the printed digits.

Entry points: `evaluate.evaluate` (agreement with people by protocol), `ceiling.ceiling` (the
limit that noise in the labels sets), `replication.replication` (the studies' figures).
"""
