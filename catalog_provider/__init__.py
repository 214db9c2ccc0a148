"""The plugin `live`: catalog entities from where they are declared, and the health of services from their clusters."""
