"""The record in a browser, and its API: ``qawl serve`` (FastAPI, Jinja2, HTMX)."""
