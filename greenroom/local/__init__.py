"""What stands in for the outside world on one machine: clusters, cloud, vault, database and Git host."""
