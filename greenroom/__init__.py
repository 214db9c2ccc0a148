"""The top floor: the `greenroom` command, the server that hosts the plugins, and the local platform."""
