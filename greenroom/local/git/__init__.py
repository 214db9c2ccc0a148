"""Serves the local repositories: `git clone` and `git push` over HTTP, and pages to look at them."""
