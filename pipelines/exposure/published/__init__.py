"""What do the published measures of exposure say of the same occupations?

Rule: a measure keeps its own scale and the vintage of its codes; it is brought to O*NET-SOC 2019
by crosswalks alone, and where codes do not match one to one the row says so.

Entry points: `measures.published_measures` (all of them by occupation),
`agreement.measure_agreement` (rank correlations with intervals), `meanings` (what each one means).
"""
