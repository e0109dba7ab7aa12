"""Writes a model folder whose UNet has the size of Stable Diffusion 1.5: 860 million parameters, random weights.

    python tools/bench/large_unet.py FOLDER

Needs the packages of tools/bench/peer/requirements.txt, 8 GB of disk and 12 GB of memory. The folder holds `unet/model.onnx`
with its `model.onnx_data` and the config files that a loader reads; the graphs of the other parts are left out.
"""
import argparse
import json
import shutil
from pathlib import Path

import onnx
import torch
from diffusers import UNet2DConditionModel

OPSET = 18
AXES = {
    "sample": {0: "batch_size", 2: "height", 3: "width"},
    "encoder_hidden_states": {0: "batch_size", 1: "sequence_length"},
    "out_sample": {0: "batch_size", 2: "height", 3: "width"},
}

# What the loader reads of the parts beside the UNet, with the values of Stable Diffusion 1.5.
CONFIGS = {
    "model_index.json": {
        "_class_name": "StableDiffusionPipeline",
        "scheduler": ["diffusers", "PNDMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    },
    "scheduler/scheduler_config.json": {
        "_class_name": "PNDMScheduler",
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "num_train_timesteps": 1000,
        "prediction_type": "epsilon",
        "set_alpha_to_one": False,
        "skip_prk_steps": True,
        "steps_offset": 1,
        "timestep_spacing": "leading",
    },
    "text_encoder/config.json": {"hidden_size": 768, "num_hidden_layers": 12, "max_position_embeddings": 77},
    "vae_decoder/config.json": {
        "_class_name": "AutoencoderKL",
        "block_out_channels": [128, 256, 512, 512],
        "latent_channels": 4,
        "scaling_factor": 0.18215,
    },
}


def sd15_unet() -> UNet2DConditionModel:
    """The UNet of Stable Diffusion 1.5: diffusers' defaults but for the width of contexts."""
    torch.manual_seed(0)
    return UNet2DConditionModel(sample_size=64, cross_attention_dim=768).eval().requires_grad_(False)


def export(unet: UNet2DConditionModel, path: Path) -> None:
    """The TorchScript exporter with the names and axes of stock exports; weights in one file beside the graph."""
    scattered = path.parent / "scattered"
    scattered.mkdir(parents=True)
    inputs = {
        "sample": torch.randn(2, 4, 16, 16),
        "timestep": torch.tensor(1.0),
        "encoder_hidden_states": torch.randn(2, 16, 768),
    }
    with torch.no_grad():
        torch.onnx.export(
            unet,
            (inputs,),
            str(scattered / "model.onnx"),
            input_names=list(inputs),
            output_names=["out_sample"],
            dynamic_axes=AXES,
            opset_version=OPSET,
            do_constant_folding=True,
            dynamo=False,
        )
    model = onnx.load(str(scattered / "model.onnx"))
    onnx.save(
        model,
        str(path),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=f"{path.name}_data",
        convert_attribute=True,
        size_threshold=100,
    )
    shutil.rmtree(scattered)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a new folder, outside of the repository")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True)
    for name, config in CONFIGS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(config, indent=2) + "\n")
    unet = sd15_unet()
    unet.save_config(folder / "unet")
    export(unet, folder / "unet" / "model.onnx")
    parameters = sum(p.numel() for p in unet.parameters())
    print(f"{folder}: a UNet of {parameters / 1e6:.0f} million parameters")


if __name__ == "__main__":
    main()
