"""Where a worker can go from an occupation, at what schooling: tables in, tables out.

`routes.network.pathway_data` prepares, `routes.search.find_paths` finds and ranks.
"""
