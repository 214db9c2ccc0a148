"""One factory for each outside system. Each takes its settings and gives a client with timeouts and retries set.

What cannot be reached is a ServiceUnavailableError that names the address and never a secret.
"""
