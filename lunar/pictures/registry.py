"""Which pictures there are. Each app registers its own in `<app>/pictures`, read at start-up."""

from django.utils.module_loading import autodiscover_modules

_pictures = {}


def register(cls):
    """Class decorator: make a Picture known under its name."""
    if cls.name in _pictures:
        raise ValueError(f"Two pictures are called {cls.name!r}.")
    _pictures[cls.name] = cls
    return cls


def picture(name):
    """Return the Picture class called `name`; raise KeyError if there is none."""
    return _pictures[name]


def pictures():
    """Return all Picture classes, by name."""
    return sorted(_pictures.values(), key=lambda cls: cls.name)


def discover():
    """Read the `pictures` module of every app; called once when the site is ready."""
    autodiscover_modules("pictures")
