"""The article's 25 claims, held against public data.

`measures` gives the numbers of all occupations, `board.board` every occupation's verdicts and what
chance gives, `verdicts.claims_of` the table of one occupation, `text` the sentences; which measure
stands for which claim is data, in claims.toml.
"""
