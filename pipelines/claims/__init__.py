"""The article's 25 claims, held against public data.

`measures` gives the numbers of an occupation, `verdicts.claims_of` the rule on them, `text` the
sentences; which measure stands for which claim is data, in claims.toml.
"""
