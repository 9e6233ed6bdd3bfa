"""How exposed is an occupation, and how sure is that?

Rule: an occupation's figure is a weighted mean over its tasks, its interval holds the weights'
and the labels' uncertainty both, and what cannot be known stays missing.

Entry points: `aggregate.occupation_exposure` (means, intervals, quintiles),
`use.task_use` (automation, augmentation or neither), `sensitivity.weight_sensitivity` (what
another weighting rule would change), `judges.judges_of` (what another source of labels would).
"""
