"""The command line: options in, an answer or a job called, nothing computed here."""
