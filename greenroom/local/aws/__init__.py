"""AWS on one machine: moto's server, with what it lacks for the stacks of services taught to it."""
