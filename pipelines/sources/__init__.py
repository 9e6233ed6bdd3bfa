"""Which public files does this rest on, and how does each become tables?

Rule: `catalog.toml` alone says what a source is; a file is untrusted until it was checked, and
what is not as contracted is refused by name.

Rooms: `files` (is it safe to open), `fetch` (from publisher to disk), `read` (from disk to
tables). Entry points: `catalog.load_catalog` (every source), `catalog.loadable` (those that a
release is made of).
"""
