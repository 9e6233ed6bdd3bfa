"""Which chances of E0, E1 and E2 would people's labels of a task have, given its words?

Rule: a score follows from the statement, the related tasks' labels and the shipped model alone;
training is deterministic, and every score comes with an interval and its reasons.

Entry points: `score.score_statements` (any text), `score.score_tasks` (O*NET's tasks),
`train` (the model, made again from the labels).
"""
