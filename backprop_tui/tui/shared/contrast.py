"""How far apart two colours are for whoever reads one on the other, and colours that are far enough apart.

Source: WCAG 2.2, relative luminance and contrast ratio. For text it asks for 4.5 : 1 (AA), enhanced for 7 : 1 (AAA).
"""

from colorsys import hls_to_rgb, rgb_to_hls
from functools import lru_cache

Rgb = tuple[int, int, int]
LEAST, ENHANCED = 4.5, 7.0
MARGIN = 0.1  # above the least, for rounding to whole numbers
STEPS = 100  # of lightness


def rgb_of(colour: str) -> Rgb:
    """`#rrggbb` or `#rgb` as three numbers from 0 to 255."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def hex_of(rgb: Rgb) -> str:
    """`#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def luminance(rgb: Rgb) -> float:
    """The relative luminance, from 0 for black to 1 for white."""
    linear = [(c / 12.92) if (c := part / 255) <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Rgb, b: Rgb) -> float:
    """The ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=512)
def legible(colour: str, grounds: tuple[str, ...], least: float = LEAST) -> str:
    """The colour, made lighter or darker as far as it takes to be read on every ground; the same hue."""
    under = [rgb_of(ground) for ground in grounds]
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in rgb_of(colour)))
    lighter = sum(map(luminance, under)) / len(under) < 0.18  # where black and white are equally far
    end = 1.0 if lighter else 0.0
    for step in range(STEPS + 1):
        at = lightness + (end - lightness) * step / STEPS
        red, green, blue = (round(255 * part) for part in hls_to_rgb(hue, at, saturation))
        found = (red, green, blue) if step else rgb_of(colour)
        if all(contrast(found, ground) >= least + MARGIN for ground in under):
            return hex_of(found)
    return "#ffffff" if lighter else "#000000"


def hues(count: int, grounds: tuple[str, ...], least: float = LEAST) -> list[str]:
    """As many colours as are asked for, as far apart around the colour wheel as they can be, legible on every ground.

    The first is neutral: a curve alone means neither plus nor minus.
    """
    wheel = [hls_to_rgb((0.42 + place / max(1, count - 1)) % 1, 0.6, 0.65) for place in range(count - 1)]
    coloured = [hex_of((round(255 * r), round(255 * g), round(255 * b))) for r, g, b in wheel]
    return [legible(colour, grounds, least) for colour in ("#d0d0d0", *coloured)[:count]]
