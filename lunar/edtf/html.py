from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from lunar.edtf.dates import EdtfDate


def time_element(date: EdtfDate | str) -> SafeString:
    """Return the date in words for a page, as `<time>` where HTML can hold all that is known.

    An empty date gives an empty string. Raises `EdtfError` if the text is not EDTF.
    """
    if not date:
        return SafeString("")
    date = EdtfDate(date)
    if not date.datetime_attribute:
        return escape(date.in_words)
    return format_html('<time datetime="{}">{}</time>', date.datetime_attribute, date.in_words)
