"""Where entities come from, and what stands while a source or a document is in trouble.

`model`          what a source gives at each look
`documents`      one document → entities, or every error in it
`repositories` `registrations` `folders` `golden_paths` `organisation`   the sources
`memory`         the last good entities of each document, across restarts
`difference`     what became of a source's documents between two looks
`collation`      documents that claim names → one entity for each, by what has changed; `claims` and `contradictions` serve it
`catalogue`      all sources together → what became of which entities
`poller`         a thread for each source
"""
