"""The clusters over HTTP: routes, discovery, tables, watches and the endpoints that break things."""
