"""Pictures drawn from the record: one class for each, shown in pages, as SVG and as PNG."""

from lunar.pictures.picture import MOST_DRAWN, Picture
from lunar.pictures.registry import picture, pictures, register

__all__ = ["MOST_DRAWN", "Picture", "picture", "pictures", "register"]
