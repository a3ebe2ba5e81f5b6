"""The peer “plain”: the same record shown by Django, django-tables2 and django-filter as they come.

It reads the tables of the site through its models, and does everything in the way that the
documentation of the three shows first.
"""
