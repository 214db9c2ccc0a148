"""What a service needs of AWS: one CloudFormation stack for each environment, made, changed and removed."""
