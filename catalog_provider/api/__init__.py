"""The operations and streams of `live`, one module for each tag of its OpenAPI document."""
