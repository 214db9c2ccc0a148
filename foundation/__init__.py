"""What any Backstage backend plugin written in Python needs, and nothing about what the plugins do."""
