"""What schooling an occupation asks for, how long it takes and what it costs.

`education.required_education`, `costs.tuition`, `credentials.credentials` (curated, in TOML).
"""
