"""The colours of clusters, the same on the map, in lists and in the report.

It does not know what a figure is: it hands out hexadecimal strings.
"""

NOISE_COLOR = "#9aa0a6"
"""The grey of rows that belong to no cluster."""

# Found by a greedy search: the first six are the palette of Okabe & Ito (2008) without its yellow and black; each
# further one is, among mid-light colours (contrast >= 2 with white and >= 2.6 with #14161a), the one farthest in
# OKLab from all before it, the least of four views counting: normal sight, protanopia, deuteranopia, tritanopia
# (Machado et al. 2009).
_HEXES = (
    "#0072b2 #e69f00 #009e73 #cc79a7 #d55e00 #56b4e9 #ad0070 #7a5200 #9952f5 #5c3dd6 #a3525c #665285 #7a7ad6 "
    "#85c27a #ff70d6 #cc0033 #c229ad #8f8547 #c27aff #00703d #f5667a #e0a3c2 #8f1fb8 #ad9900 #a36699 #00a3c2 "
    "#f5337a #e08552 #705ccc #5c8f00 #c2b852 #cc99ff #d652e0 #cc3370 #a32999 #66ad52 #29cc29 #9952b8 #855c85 "
    "#9970ff #ad7a8f #5cb88f #e033a3 #52701f #4785eb #8f99eb #8f7047 #857aad #3d52eb #e070c2 #f58fe0 #cc705c "
    "#b85ccc #b8290a #855c47 #475c99 #00ccad #297a66 #d6998f #998fb8 #c2525c #eb5c3d #adad66 #8f475c"
)
_COLORS = tuple(_HEXES.split())

_LIFT_ON_DARK = 0.16
_SHIFTS = (0.0, 0.3, -0.25)


def cluster_colors(count: int, *, dark: bool = False) -> list[str]:
    """Return *count* colours such as "#0072b2", the one of label i at place i; *dark* lifts them for a dark ground.

    The first 64 are all different at a glance; beyond that they come back lighter, then darker, then repeat.
    """
    colors = []
    for i in range(count):
        color = _COLORS[i % len(_COLORS)]
        shift = _SHIFTS[i // len(_COLORS) % len(_SHIFTS)]
        colors.append(_shifted(_shifted(color, shift), _LIFT_ON_DARK if dark else 0.0))
    return colors


def _shifted(color: str, amount: float) -> str:
    """Return the colour mixed with white (amount > 0) or black (amount < 0)."""
    if amount == 0.0:
        return color
    target = 255 if amount > 0 else 0
    channels = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(c + (target - c) * abs(amount)):02x}" for c in channels)
