"""What of the parameters of an address is read at all."""

from lunar.text import MAX_QUERY_LENGTH, clean_text

BLANKS = " \t\r\n\u00a0\u3000"
UNREADABLE = "\ufffd"  # what browsers show for it


def asked_for(parameters):
    """Return {name: text} of the parameters of an address that say something.

    One of nothing but characters that no text holds is not left out, as it would then yield the
    whole list: no field takes it.
    """
    return {
        name: clean_text(value, max_length=MAX_QUERY_LENGTH + 1) or UNREADABLE
        for name, value in parameters.items()
        if value.strip(BLANKS)
    }
