from missions.pictures import moon_map  # noqa: F401  registers its pictures
from missions.pictures.mass import MassReturned

__all__ = ["MassReturned"]
