"""What becomes which entity: pure mappings from documents to Backstage's kinds."""
