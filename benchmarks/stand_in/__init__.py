"""A stand-in for a large cluster's API server, for benchmarks: lists, watches, discovery, and trouble on command.

It keeps every object as the bytes that it sends, so that it costs less than what is measured against it, and
it runs in a process of its own. It is no cluster: it takes no object and knows nothing of what is in them.
"""
