"""A vision transformer of one layer, of random weights far from alike, in a folder as timm saves it."""

from pathlib import Path

ARCHITECTURE = "vit_tiny_patch16_224"
SIZES = {"embed_dim": 24, "depth": 1, "num_heads": 2, "img_size": 32, "patch_size": 8}


def made(folder: Path) -> Path:
    import timm
    import torch
    from timm.models import save_for_hf

    torch.manual_seed(0)
    model = timm.create_model(ARCHITECTURE, pretrained=False, num_classes=3, **SIZES)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim > 1 and "pos_embed" not in name:
                weight.mul_(10)  # as they are, every picture looks the same to them
    model.pretrained_cfg["input_size"] = (3, 32, 32)
    save_for_hf(model, folder, model_args=SIZES, safe_serialization=True)
    return folder
