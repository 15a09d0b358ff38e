"""A tiny CLAP made from a configuration, in the shape of real ones, and taught what a few made sounds are called."""

from pathlib import Path
from typing import Any

from tests import sounds

LETTERS = list("abcdefghijklmnopqrstuvwxyz0123456789.,?!'-")
SECONDS = 2
"""Of a window; real ones have ten."""
NAMES = {"tone": "a steady tone", "clicks": "clicks of a clock", "noise": "wind and rain"}


def write(folder: Path, *, fused: bool = False, steps: int = 0) -> Path:
    """Write a model with its feature extractor and tokenizer as transformers saves them, after so many steps."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel, ClapProcessor, RobertaTokenizerFast

    words = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *LETTERS, *(f"\u0120{letter}" for letter in LETTERS), "\u0120"]
    pieces = Tokenizer(models.BPE({word: at for at, word in enumerate(words)}, [], unk_token="<unk>"))
    pieces.pre_tokenizer, pieces.decoder = pre_tokenizers.ByteLevel(add_prefix_space=True), decoders.ByteLevel()
    pieces.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    names = {
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "mask_token": "<mask>",
    }
    names |= {"cls_token": "<s>", "sep_token": "</s>"}
    tokenizer = RobertaTokenizerFast(tokenizer_object=pieces, model_max_length=64, **names)
    config = ClapConfig(
        text_config={
            "vocab_size": len(words), "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": 64, "max_position_embeddings": 66, "projection_dim": 48,
        },
        audio_config={
            "spec_size": 64, "num_mel_bins": 16, "window_size": 4, "patch_size": 4, "patch_stride": [4, 4],
            "patch_embeds_hidden_size": 16, "depths": [1, 1], "num_attention_heads": [2, 2], "hidden_size": 32,
            "projection_dim": 48, "enable_fusion": fused, "num_classes": 4,
            "aff_block_r": 2,
        },
        projection_dim=48,
    )  # fmt: skip
    torch.manual_seed(0)
    features = ClapFeatureExtractor(
        feature_size=16, sampling_rate=16_000, hop_length=160, max_length_s=SECONDS, fft_window_size=512,
        frequency_max=8_000, truncation="fusion" if fused else "rand_trunc", padding="repeatpad",
    )  # fmt: skip
    model, processor = ClapModel(config), ClapProcessor(features, tokenizer)
    if steps:
        _teach(model, processor, steps)
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def _teach(model: Any, processor: Any, steps: int) -> None:
    """Bring sounds near to what they are called, those of three kinds."""
    import torch

    torch.manual_seed(0)
    heard = [sounds.made(kind, 50 + number) for number in range(4) for kind in NAMES]
    given = processor.feature_extractor(heard, sampling_rate=16_000, return_tensors="pt")["input_features"]
    read = processor.tokenizer(list(NAMES.values()), padding=True, return_tensors="pt")
    longer = torch.zeros((len(NAMES), 1), dtype=torch.bool)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    model.train()
    for step in range(steps):
        at = step % 4 * len(NAMES)
        told = model(**read, input_features=given[at : at + len(NAMES)], is_longer=longer, return_loss=True)
        optimizer.zero_grad()
        told.loss.backward()
        optimizer.step()
