"""Rows of the record out to spreadsheets and back: CSV and XLSX, with the fixtures' own columns.

A table holds one model. Its columns are the fields of the model's fixture, and a value stands as it
does there, put into one cell (`cells`). Nothing that an export wrote is changed by importing it.

An import goes in two steps. The first says what the file would change (`plan`) and writes nothing;
what it has shown is carried to the second, signed (`carried`), which writes all of it or nothing.
"""
