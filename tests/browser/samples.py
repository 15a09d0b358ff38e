"""Small data for the browser tests: texts in four clear themes, and pictures of three kinds of thing."""

import csv
import io
import itertools
import random
import zipfile

from tests import sounds

THEMES = {
    "battery": (
        ["The battery", "This charger", "The power bank", "My phone's battery"],
        ["died", "was empty", "went flat", "lost its charge", "overheated"],
        ["after two hours", "before lunch", "on the first day", "while charging", "overnight"],
    ),
    "kitchen": (
        ["The tomato soup", "This bread", "The roast chicken", "My apple pie"],
        ["needs salt", "tasted of garlic", "was burnt", "came out of the oven", "smelled delicious"],
        ["at dinner", "with butter", "on Sunday", "for the guests", "in the big pot"],
    ),
    "trains": (
        ["The train", "The night express", "Our tram", "The last bus"],
        ["was late", "left the station", "was cancelled", "stopped in a tunnel", "missed the connection"],
        ["to Vienna", "by ten minutes", "at platform nine", "without a conductor", "in the snow"],
    ),
    "gardens": (
        ["The roses", "Her tulips", "The old apple tree", "The lawn"],
        ["bloomed", "needed water", "lost its leaves", "grew quickly", "was full of weeds"],
        ["in spring", "after the rain", "behind the house", "next to the fence", "all summer"],
    ),
}


STRAYS = [
    (text, "none", 3)
    for text in (
        "Parliament debates the budget for harbours.",
        "Seven violins and a broken trumpet.",
        "The glacier has retreated by a mile.",
        "He scored twice in the second half.",
        "Interest rates fell again this quarter.",
        "A comet can be seen before dawn.",
        "The vaccine was approved in March.",
        "She translated the poem into Danish.",
        "Two lawyers disagreed about the will.",
        "Bees dance to show the way.",
        "The castle was built of red brick.",
        "Our printer is out of paper.",
    )
]


def texts(per_theme: int = 40) -> list[tuple[str, str, int]]:
    """Return (text, theme, stars) rows, the themes mixed."""
    rows = [
        (" ".join(words) + ".", theme, 1 + i % 5)
        for theme, parts in THEMES.items()
        for i, words in enumerate(itertools.islice(itertools.product(*parts), per_theme))
    ]
    random.Random(5).shuffle(rows)
    return rows


def unequal() -> list[tuple[str, str, int]]:
    """Return 140 rows: four themes of unequal size, and a dozen texts that belong to none."""
    left = {"battery": 40, "kitchen": 40, "trains": 30, "gardens": 18}
    rows = []
    for row in texts():
        left[row[1]] -= 1
        rows += [row] if left[row[1]] >= 0 else []
    return [*rows, *STRAYS]


def table(rows: list[tuple[str, str, int]]) -> bytes:
    """Return the rows as CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([("review", "theme", "stars"), *rows])
    return out.getvalue().encode()


def picture(kind: str, seed: int) -> bytes:
    """Return a JPEG of one kind of thing: a disc, stripes or a checkerboard, never twice the same."""
    from PIL import Image, ImageDraw

    draw_from = random.Random(f"{kind} {seed}")
    dark = tuple(draw_from.randrange(0, 110) for _ in range(3))
    light = tuple(draw_from.randrange(150, 256) for _ in range(3))
    image = Image.new("RGB", (96, 96), light)
    pen = ImageDraw.Draw(image)
    step = draw_from.randrange(10, 22)
    if kind == "discs":
        x, y, r = (draw_from.randrange(30, 66) for _ in range(3))
        pen.ellipse((x - r / 2, y - r / 2, x + r / 2, y + r / 2), fill=dark)
    elif kind == "stripes":
        for x in range(0, 96, step):
            pen.rectangle((x, 0, x + step // 2, 96), fill=dark)
    else:
        for x, y in itertools.product(range(0, 96, step), repeat=2):
            if (x // step + y // step) % 2:
                pen.rectangle((x, y, x + step, y + step), fill=dark)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def heard(per_kind: int = 6) -> bytes:
    """Return a zip of sounds of two seconds, a folder a kind."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for kind in ("clicks", "noise", "tone"):
            for i in range(per_kind):
                archive.writestr(f"{kind}/{i}.wav", sounds.encoded(sounds.made(kind, i, seconds=2)))
    return out.getvalue()


def photos(per_kind: int = 16) -> bytes:
    """Return a zip of pictures, a folder a kind, with one file that is no picture and one that is broken."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for kind in ("discs", "stripes", "checks"):
            for i in range(per_kind):
                archive.writestr(f"{kind}/{kind}-{i:02d}.jpg", picture(kind, i))
        archive.writestr("notes.doc", b"no picture")
        archive.writestr("discs/broken.jpg", picture("discs", 99)[:400])
    return out.getvalue()
