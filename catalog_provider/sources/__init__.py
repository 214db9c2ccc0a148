"""Where entities come from, and what stands while a source or a document is in trouble.

`model`          what a source gives at each look
`documents`      one document → entities, or every error in it
`repositories` `registrations` `folders` `golden_paths` `organisation`   the sources
`memory`         the last good entities of each document, across restarts
`catalogue`      all sources together → one set of entities
`poller`         a thread for each source
"""
