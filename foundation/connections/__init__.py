"""One factory for each outside system: clusters, Git hosts, clouds, vaults and databases."""
