"""Which schools teach what an occupation asks for, at what published price, with what earnings?

`programs.programs_for`, `prices.school_price`.
"""
