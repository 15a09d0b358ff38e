"""How well `conse` sees: `python -m tests.bench.conse PHOTOS.zip`, photos in one folder a class.

Prints the share of the ten nearest neighbours in the same folder, for the joined vectors and each part alone, and for
each folder name as a search the precision of the first 20; then the same as json.
"""

import json
import sys
import time

import numpy as np

from explorer import encoders, ingest


def same_folder(vectors: np.ndarray, folders: np.ndarray, k: int = 10) -> float:
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -9)
    return float((folders[np.argsort(-similar, axis=1)[:, :k]] == folders[:, None]).mean())


def main(path: str) -> None:
    photos = ingest.load(path)
    folders = photos.table["folder"].to_numpy()
    encoder = encoders.load_encoder("conse")
    encoder.encode(photos.items[:8])
    began = time.perf_counter()
    vectors = encoder.encode(photos.items)
    seconds = time.perf_counter() - began
    split = encoder.dim - 1280
    figures = {
        "photos": len(photos),
        "photos_per_second": round(len(photos) / seconds, 1),
        "joined": same_folder(vectors, folders),
        "meaning_alone": same_folder(vectors[:, :split] / np.sqrt(0.3), folders),
        "features_alone": same_folder(vectors[:, split:] / np.sqrt(0.7), folders),
    }
    names = sorted(set(folders))
    ranked = np.argsort(-(encoder.encode(names) @ vectors.T), axis=1)[:, :20]
    precision = {name: float((folders[rows] == name).mean()) for name, rows in zip(names, ranked, strict=True)}
    for name, value in {**figures, **{f"search {name}": share for name, share in precision.items()}}.items():
        print(f"{name:24} {value:.4g}")
    print(json.dumps({**figures, "precision_at_20": precision}))


if __name__ == "__main__":
    main(sys.argv[1])
