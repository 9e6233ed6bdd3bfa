"""How does a publisher's file come onto this disk?

Rule: the only room that uses the network. A file is whole, checked and kept by content, or
nothing of it is kept; every failure names the address, what happened and the way out. Retries
are urllib3's, under requests.

Entry points: `download.fetch_file` (from its address, a mirror or the drop folder),
`discover.discover` (newer editions), `drop_folder.look` (files that a person downloaded).
"""
