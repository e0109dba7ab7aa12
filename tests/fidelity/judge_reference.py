"""Writes what Python's judge makes of a held-out scene of cells: what judge_test.ts compares Parterre's judge with.

    python tests/fidelity/judge_reference.py CLASSIFIER/judge.pt DATA/SET INDEX

with the packages of training/requirements.txt; the committed files are of picture 37 of a set of cells of 256 pixels, seed
9300. scene.png is the scene; reference.json says what each cell shows and what the judge says; reference.safetensors holds,
by cell, all its windows, some crops' windows and their logits. Crops are told by their SHA-256, so that Parterre must cut the same bytes;
logits are those of the float32 network, before its weights were stored as float16.
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[1] / "training"))
from beds.crops import HEADS, PictureSet, cut  # noqa: E402
from beds.judge import Judge, load_judge  # noqa: E402
from beds.verdict import look, whole, windows  # noqa: E402

SIZES = 5  # crops per cell besides the cell itself: a window of each size


def cell_reference(judge: Judge, picture: np.ndarray, cell: dict, objects: list) -> tuple[dict, dict[str, np.ndarray]]:
    box = tuple(cell["box"])
    seen, verdict = windows(box), look(judge, picture, box)
    sides = sorted({w[2] - w[0] for w in seen})[:SIZES]
    chosen = [box, *(next(w for w in seen if w[2] - w[0] == side) for side in sides)]
    crops = np.stack([cut(picture, w) for w in chosen])
    with torch.no_grad():
        logits = judge(torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 127.5 - 1)
    best = verdict.objects.topk(3)
    told = dict(
        box=box,
        shows=dict(object=next((objects[i][0] for i in cell["objs"]), None), background=cell["bg"]),
        ranked=verdict.ranked(),
        surest=[dict(name=HEADS["object"][i], score=round(float(v), 5)) for v, i in zip(best.values, best.indices.tolist())],
        background=whole(judge, picture, box)[0],
        crops=[hashlib.sha256(crop.tobytes()).hexdigest() for crop in crops],
    )
    tensors = dict(windows=np.array(seen, np.int32), crops=np.array(chosen, np.int32))
    return told, tensors | {head: rows.numpy() for head, rows in zip(HEADS, logits)}


def main(checkpoint: str, stem: str, index: str) -> None:
    torch.set_num_threads(1)
    judge, pictures = load_judge(Path(checkpoint)), PictureSet.open(Path(stem))
    picture, record = np.array(pictures.pixels[int(index)]), pictures.records[int(index)]
    cells = [cell_reference(judge, picture, cell, record["objs"]) for cell in record["cells"]]
    Image.fromarray(picture).save(FOLDER / "scene.png", optimize=True)
    (FOLDER / "reference.json").write_text(json.dumps(dict(cells=[told for told, _ in cells]), indent=2) + "\n")
    save_file({f"{i}/{key}": value for i, (_, tensors) in enumerate(cells) for key, value in tensors.items()}, FOLDER / "reference.safetensors")


if __name__ == "__main__":
    main(*sys.argv[1:])
