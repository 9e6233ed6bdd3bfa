"""How far can software with AI do a task, or an occupation's work?

Rule: no file is opened but the shipped model; tables come in as frames, and leave as frames.

Rooms: `scorer` (from the words of a task to its score), `occupation` (from tasks to occupations),
`published` (other people's measures beside ours), `validation` (how good the scorer is).
"""
