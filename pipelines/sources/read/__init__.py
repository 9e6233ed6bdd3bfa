"""What does a publisher's file say?

Rule: a file in, contracted frames out; a column, code or mark that is not expected is refused
with its place, and a value that the publisher left out stays missing.

Entry points: the loaders that `catalog.toml` names, such as `onet.load_text`,
`bls_oews.load_national` and `bls_projections.load_workbook`.
"""
