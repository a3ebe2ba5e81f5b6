from lunar.sources.evidence import Evidence
from lunar.templatetags.record import when


class SeriesPart:
    """What the ledger says of a series above the list of its transfers."""

    def __init__(self, series):
        self.series = series
        evidence = Evidence(series)
        self.answer = evidence.fact("summary")
        self.facts = [
            evidence.fact("began", when(series.began)),
            *evidence.optional("recipients_stated", label="Recipients, as stated"),
            *evidence.if_cited("name"),
        ]
        self.sources = evidence.sources()
