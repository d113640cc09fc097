"""The API, ``/api/v1``: what the pages do, for programs. One resource a file; ``application`` puts them together."""
