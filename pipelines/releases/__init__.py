"""Which data do all answers rest on, and which were there before?

Rule: a release is never changed once it has its name, and a reader sees the old one or the new
one, whole. Nothing is computed here.

Entry points: `current.open_data` (what a command reads), `publish.publish` (a new release in one
step), `lock.held` (one writer at a time).
"""
