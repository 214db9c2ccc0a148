"""The plugin `platform`: what the platform can do, as actions of Backstage's scaffolder, of MCP clients and the command."""
