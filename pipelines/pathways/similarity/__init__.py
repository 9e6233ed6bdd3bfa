"""How alike two occupations are, from what their workers know and do.

`similarity.similar_occupations` ranks; `ranker` holds the weights, learned from experts' pairs.
"""
