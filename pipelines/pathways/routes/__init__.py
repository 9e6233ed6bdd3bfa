"""Moves and routes between occupations, their feasibility, benefit and money.

`network` says which moves are open, `search` ranks routes, `returns` says what they pay back.
"""
