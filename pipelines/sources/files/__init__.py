"""Is this file safe to open, and what is it?

Rule: limits come first (size unpacked, number of members, extent of a sheet); a file that is
refused is named with what it is. Nothing here knows what a publisher means by it.

Entry points: `archives.open_zip`, `books.open_book`, `pages.is_html`.
"""
