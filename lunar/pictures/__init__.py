"""Pictures drawn from the record: one class for each, shown in pages, as SVG and as PNG."""

from lunar.pictures.picture import Picture
from lunar.pictures.registry import picture, pictures, register

__all__ = ["Picture", "picture", "pictures", "register"]
