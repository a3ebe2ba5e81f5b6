"""Shapes of marks as SVG paths around 0, 0, about nine units wide; holes run the other way round.

Each says without colour what it stands for; the same shape means the same in every picture.
"""

_DISC = "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z"
_HOLE = "M-3 0a3 3 0 1 1 6 0a3 3 0 1 1-6 0z"
_DOWN = "M-5-4H5L0 4.8z"
_DIAMOND = "M0-5L5 0L0 5L-5 0z"
_SQUARE = "M-4-4H4V4H-4z"
_UP = "M0-5L5 4H-5z"

SHAPES = {
    "disc": _DISC,
    "ring": _DISC + _HOLE,
    "half": "M0-4.5a4.5 4.5 0 0 0 0 9zM0-4.5a4.5 4.5 0 0 1 0 9v-1.5a3 3 0 0 0 0-6z",
    "struck": _DISC + _HOLE + "M-3.8 2.6L2.6-3.8L3.8-2.6L-2.6 3.8z",
    "cross": "M-4.2-2.7L-2.7-4.2L0-1.5L2.7-4.2L4.2-2.7L1.5 0L4.2 2.7L2.7 4.2L0 1.5"
    "L-2.7 4.2L-4.2 2.7L-1.5 0z",
    "play": "M-3.5-4.5L4.8 0L-3.5 4.5z",
    "down": _DOWN,
    "down-open": _DOWN + "M-2.7-2.7L0 2.1L2.7-2.7z",
    "diamond": _DIAMOND,
    "diamond-open": _DIAMOND + "M0-2.8L-2.8 0L0 2.8L2.8 0z",
    "square": _SQUARE,
    "square-open": _SQUARE + "M-2.5-2.5V2.5H2.5V-2.5z",
    "pair": "M-4.5-4.5H0V0H-4.5zM.5.5H4.5V4.5H.5z",
    "up": _UP,
    "up-open": _UP + "M0-2L-2.4 2.5H2.4z",
    "plus": "M-1.2-4.5H1.2V-1.2H4.5V1.2H1.2V4.5H-1.2V1.2H-4.5V-1.2H-1.2z",
    "bar": "M-1.3-4H1.3V4H-1.3z",
}
