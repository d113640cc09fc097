"""The record: articles and their statements kept, under one name a person, to be found again."""
