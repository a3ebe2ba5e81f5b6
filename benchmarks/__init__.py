"""How fast the site is beside its peers, on the same made-up data."""
