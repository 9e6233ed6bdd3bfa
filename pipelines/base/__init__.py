"""What does every room stand on, without a word of the subject?

Rule: nothing here knows of occupations, wages or exposure (the contracts are data); only
`settings` reads the environment, and an error is one line that says where, what and what to do.

Entry points: `contracts.check` (a frame held against the contract of its table),
`settings.load` (folders and addresses), `tabular.show` and `tabular.save` (frames to people).
"""
