"""A small SigLIP as open_clip saves one: a bias of its loss, a timm network with attention pooling, its tokenizer.

Its weights are chance, the same each time: what is tried is that it is used as open_clip means it, not what it knows.
"""

import json
from pathlib import Path

from tests import tiny_clip

CONTEXT, DIM, SIDE, BIAS = 64, 64, 32, -10.0
EOS, UNKNOWN = "</s>", "<unk>"
CONFIG = {
    "embed_dim": DIM,
    "init_logit_bias": BIAS,
    "custom_text": True,
    "vision_cfg": {
        "image_size": SIDE,
        "timm_model_name": "test_vit2",
        "timm_model_pretrained": False,
        "timm_pool": "map",
        "timm_proj": "none",
    },
    "text_cfg": {
        "context_length": CONTEXT,
        "vocab_size": 400,
        "hf_tokenizer_name": "its-own-folder",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": DIM,
        "heads": 4,
        "layers": 2,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
        "norm_kwargs": {"eps": 1e-6},
    },
}
PREPROCESS = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash", "size": SIDE}


def write(folder: Path) -> Path:
    """Write the model, its tokenizer and its configuration, and return the folder."""
    import open_clip
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": CONFIG, "preprocess_cfg": PREPROCESS}))
    _write_tokenizer(folder)
    torch.manual_seed(0)
    cut = {name: value for name, value in CONFIG.items() if name != "custom_text"}
    model = open_clip.CustomTextCLIP(**cut)
    torch.save(model.state_dict(), folder / "open_clip_pytorch_model.bin")
    return folder


def _write_tokenizer(folder: Path) -> None:
    """Write a sentence-piece tokenizer as T5's are: pads with its end token, puts one behind each text."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.Unigram())
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    words = [tiny_clip.caption(*pair) for pair in tiny_clip.PAIRS]
    words += ["the quick brown fox jumps over a lazy dog", "word after word after word", "abcdefghijklmnopqrstuvwxyz"]
    special = ["<pad>", EOS, UNKNOWN]
    made.train_from_iterator(
        words, trainers.UnigramTrainer(vocab_size=300, special_tokens=special, unk_token=UNKNOWN, show_progress=False)
    )
    made.post_processor = processors.TemplateProcessing(single=f"$A {EOS}", special_tokens=[(EOS, 1)])
    PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=EOS, pad_token=EOS, unk_token=UNKNOWN, model_max_length=CONTEXT
    ).save_pretrained(folder)
