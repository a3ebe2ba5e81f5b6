"""How the record is cited and found: citations, linked data, the map of the site for robots."""
