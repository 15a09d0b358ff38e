"""A small CLIP that knows coloured shapes and what they are called; `python -m tests.tiny_clip` trains it anew.

Its weights are kept in bytes, of its words only those that a caption may have: training takes 20 s of the processor.
"""

import json
import random
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

COLORS = {
    "red": (215, 40, 40),
    "green": (40, 165, 60),
    "blue": (45, 80, 220),
    "yellow": (235, 215, 40),
    "purple": (140, 50, 170),
    "orange": (240, 140, 30),
    "black": (25, 25, 25),
    "cyan": (50, 205, 215),
}
SHAPES = ("circle", "square", "triangle", "cross", "ring", "bar")
PAIRS = [(color, shape) for color in COLORS for shape in SHAPES]
SIDE = 32
CONFIG = {
    "embed_dim": 64,
    "vision_cfg": {"image_size": SIDE, "layers": 3, "width": 96, "head_width": 32, "patch_size": 8},
    "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
}
MEAN, STD = (0.8, 0.8, 0.8), (0.25, 0.25, 0.25)
KEPT = Path(__file__).parent / "data" / "tiny-clip.npz"
WORDS = "token_embedding.weight"


def caption(color: str, shape: str) -> str:
    return f"a {color} {shape}"


def draw(color: str, shape: str, *, seed: int) -> Image.Image:
    """Draw a shape at a random place, in a random size and shade, on a bright ground with noise."""
    chance = random.Random(f"{color} {shape} {seed}")
    big = SIDE * 4
    ground = chance.randint(200, 250)
    image = Image.new("RGB", (big, big), (ground, ground, ground))
    pen = ImageDraw.Draw(image)
    size = chance.randint(big * 4 // 10, big * 7 // 10)
    x, y = chance.randint(4, big - size - 4), chance.randint(4, big - size - 4)
    fill = tuple(min(255, max(0, c + chance.randint(-18, 18))) for c in COLORS[color])
    third = size // 3
    if shape == "circle":
        pen.ellipse((x, y, x + size, y + size), fill=fill)
    elif shape == "square":
        pen.rectangle((x, y, x + size, y + size), fill=fill)
    elif shape == "triangle":
        pen.polygon([(x, y + size), (x + size, y + size), (x + size // 2, y)], fill=fill)
    elif shape == "cross":
        pen.rectangle((x + third, y, x + 2 * third, y + size), fill=fill)
        pen.rectangle((x, y + third, x + size, y + 2 * third), fill=fill)
    elif shape == "ring":
        pen.ellipse((x, y, x + size, y + size), outline=fill, width=size // 5)
    else:
        pen.rectangle((x, y + third, x + size, y + 2 * third), fill=fill)
    pixels = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX)).astype(np.int16)
    noise = np.random.default_rng(chance.randint(0, 2**31)).integers(-8, 9, pixels.shape)
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))


def train(folder: Path, *, steps: int = 400) -> Path:
    """Train on `steps` batches of all 48 pairs, one drawing each, and save as open_clip saves a model."""
    import open_clip
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # layers this small lose more by waiting for a second thread than they win
    torch.manual_seed(0)
    model = open_clip.CLIP(**CONFIG, quick_gelu=False)
    model.token_embedding.weight.requires_grad_(False)  # 3 of its 3.6 million weights; random words are apart already
    tokens = torch.from_numpy(_tokens())
    pool = torch.stack([_tensor(draw(*pair, seed=seed)) for seed in range(60) for pair in PAIRS])
    loss = open_clip.ClipLoss()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps, pct_start=0.15)
    columns = torch.arange(len(PAIRS))
    for _ in range(steps):
        rows = torch.randint(0, 60, (len(PAIRS),)) * len(PAIRS) + columns
        seen, read, scale = model(pool[rows], tokens)
        value = loss(seen, read, scale)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, 4.6052)
    torch.set_num_threads(threads)
    return _save(folder, model.state_dict())


def keep(folder: Path) -> None:
    """Keep the weights of a trained model: each in steps of a 127th of its largest, the words that captions have."""
    import torch

    weights = torch.load(folder / "open_clip_pytorch_model.bin")
    arrays = {name: value.numpy() for name, value in weights.items()}
    arrays[WORDS] = arrays[WORDS][np.unique(_tokens())]
    steps = {name: np.float32(max(abs(array).max() / 127, 1e-12)) for name, array in arrays.items()}
    KEPT.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        KEPT,
        **{name: np.rint(array / steps[name]).astype(np.int8) for name, array in arrays.items()},
        **{f"{name} step": step for name, step in steps.items()},
    )


def unpack(folder: Path) -> Path:
    """Write the model that is kept as open_clip saves one; words that no caption has are anything."""
    import torch

    with np.load(KEPT) as kept:
        arrays = {name: kept[name] * kept[f"{name} step"] for name in kept.files if not name.endswith(" step")}
    words = np.random.default_rng(0).normal(0, 0.02, (CONFIG["text_cfg"]["vocab_size"], CONFIG["text_cfg"]["width"]))
    words[np.unique(_tokens())] = arrays[WORDS]
    arrays[WORDS] = words.astype(np.float32)
    return _save(folder, {name: torch.from_numpy(np.asarray(array)) for name, array in arrays.items()})


def _tokens() -> np.ndarray:
    """Return int64 (48, 12): what each pair is called, in the vocabulary's words."""
    import open_clip

    tokenizer = open_clip.SimpleTokenizer(context_length=CONFIG["text_cfg"]["context_length"])
    return tokenizer([caption(*pair) for pair in PAIRS]).numpy()


def _save(folder: Path, weights: dict) -> Path:
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    config = {"model_cfg": CONFIG, "preprocess_cfg": {"size": SIDE, "mean": MEAN, "std": STD, "resize_mode": "squash"}}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    torch.save(weights, folder / "open_clip_pytorch_model.bin")
    return folder


def _tensor(image: Image.Image):
    import torch

    pixels = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float() / 255
    return (pixels - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        keep(train(Path(made)))
