"""The simulated CloudFormation: what it does to a stack's resources, one after another, and how it takes that back."""
