"""Publishes sites in the layout that Backstage reads."""
