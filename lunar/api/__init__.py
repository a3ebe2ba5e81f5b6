"""The public record as a read-only JSON API, /api/v1/: the lists of the pages, for programs.

Plain views: each kind of record has the rows, filters and sorts of its page and the data of
`lunar.data.records`; the OpenAPI document is made from the same filters and fields.
"""
