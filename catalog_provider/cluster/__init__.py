"""Clusters: list and watch into a small store in memory, and say how fresh it is.

`kinds`      what is watched, and where its API is
`slimming`   objects cut down to what rules read
`store`      the objects of one cluster, by owner, namespace and service
`protocol`   lines of a watch → events
`pace`       how long to wait after trouble
`reflector`  the list/watch loop of one kind
`watcher`    a thread for each kind; the view of one service
`state`      what a view is made of, and when it is stale
"""
