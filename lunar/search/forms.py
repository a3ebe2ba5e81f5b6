"""What the address of a search may ask for; a bad value is told in words."""

from django import forms

from lunar.filters import PageField, WordsField
from lunar.search.documents import kinds
from lunar.search.engine import Query
from lunar.search.words import MOST_WORDS


class QueryField(WordsField):
    """Words to search the whole record for, as many as the engine takes."""

    def clean(self, value):
        text = super().clean(value)
        if Query.of(text).is_too_long:
            raise forms.ValidationError(f"Search for at most {MOST_WORDS} words at once.")
        return text


class KindField(forms.ChoiceField):
    """The kind of record to find, empty for all."""

    def __init__(self, **kwargs):
        super().__init__(choices=self._choices, **kwargs)

    def _choices(self):
        return [("", "All"), *((kind.name, kind.plural) for kind in kinds().values())]

    def validate(self, value):
        if value and value not in kinds():
            raise forms.ValidationError(
                f"There is no such kind of record. Choose one of: {', '.join(kinds())}."
            )


class SearchForm(forms.Form):
    q = QueryField(required=False)
    type = KindField(required=False, label="Kind of record")
    page = PageField(required=False)
