"""How public pages are served: as of which state of the record, kept whole, asked for again."""
