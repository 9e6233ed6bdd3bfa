"""Occupation codes: codes in, codes out.

`technicians.technicians` is the rule for technician occupations, `lookup.resolve` the code that a
person means, `crosswalk` leads from the classification of 2010 to that of 2018.
"""
