"""What the commands answer: one command, one module, one `Answer`.

Each module takes a release or an `Analysis` and gives frame, table and notes; printing is the
commands' work. Start at `tasks.tasks`, `paths.paths`, `export.export`.
"""
