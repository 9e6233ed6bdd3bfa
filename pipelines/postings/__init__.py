"""What do job postings ask for now, and how exposed are the tasks in them?

Rule: a posting's text is read and not kept; names, phones and mail addresses are masked before
anything is stored. One function takes a frame of postings to its results (`chunk.process`), in
one process or on a cluster; what could not be read is named, and the rest is finished.

Entry points: `job.run_job` (from sources to tables), `reading.parts` (any file to frames of
postings), `chunk.process` (the seam), `coder.load` (which occupation a posting is),
`sentences.duties` and `sentences.mask` (its tasks, without persons).
"""
