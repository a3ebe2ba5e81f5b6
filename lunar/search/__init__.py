"""The search of the whole record: what is public, by its names and texts, ranked and explained."""
