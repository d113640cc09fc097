"""Articles from the web: one polite, bounded fetch, and the feeds and sitemaps of outlets."""
