"""The record to take away: lists and records as files, the whole of it, and its releases."""
