"""Places on the Moon in words."""


def latitude_in_words(latitude):
    """Return "43.0576° N"; "" for None."""
    return _in_words(latitude, "N", "S")


def longitude_in_words(longitude):
    """Return "51.9161° W"; "" for None."""
    return _in_words(longitude, "E", "W")


def position_in_words(landing):
    """Return "43.0576° N, 51.9161° W", or "" where the position is not known."""
    if landing.latitude is None:
        return ""
    return f"{latitude_in_words(landing.latitude)}, {longitude_in_words(landing.longitude)}"


def accuracy_in_words(landing):
    """Return "within 12 m", or "" where no accuracy is given."""
    return "" if landing.accuracy_m is None else f"within {landing.accuracy_m:,} m"


def _in_words(degrees, positive, negative):
    if degrees is None:
        return ""
    return f"{abs(degrees).normalize():f}° {positive if degrees >= 0 else negative}"
