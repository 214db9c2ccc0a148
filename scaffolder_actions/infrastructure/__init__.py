"""What a service needs of AWS: one CloudFormation stack for each environment, made, changed and removed."""

# The compiler makes templates by this room, and this room reads the compiler's workloads: whichever is asked for first,
# the compiler has to be imported first.
import scaffolder_actions.workload  # noqa: F401
