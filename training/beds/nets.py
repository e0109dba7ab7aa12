"""The networks of beds-256 and its noise schedule, in the shapes that diffusers and transformers know."""
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from diffusers.models.autoencoders.vae import AutoencoderTinyBlock
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

TOKENS = 77
# Zero terminal SNR (Lin et al. 2024, arXiv 2305.08891) makes plain dark and bright pictures possible; it needs v prediction.
SCHEDULE = dict(
    num_train_timesteps=1000, beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
    prediction_type="v_prediction", rescale_betas_zero_snr=True, clip_sample=False, timestep_spacing="trailing",
)


@dataclass(frozen=True)
class Shape:
    """How large the networks are. Context width and text width are the same."""

    text_width: int = 192
    text_layers: int = 3
    text_inner: int = 1024
    channels: tuple[int, ...] = (64, 128, 192)
    autoencoder_width: int = 32
    encoder_blocks: tuple[int, ...] = (0, 2, 4, 6)
    decoder_blocks: tuple[int, ...] = (8, 4, 2, 1)


BEDS_256 = Shape()
SMOKE = Shape(text_width=64, text_layers=1, text_inner=64, channels=(32, 32, 64), autoencoder_width=8)
SHAPES = {"beds-256": BEDS_256, "smoke": SMOKE}


def new_text_encoder(shape: Shape, tokenizer: CLIPTokenizer) -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=shape.text_width, intermediate_size=shape.text_inner,
        num_hidden_layers=shape.text_layers, num_attention_heads=4, max_position_embeddings=TOKENS,
        projection_dim=shape.text_width, bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id, hidden_act="gelu",
    )
    model = CLIPTextModel(config)
    # CLIP's 0.02 is far below the scale at which so narrow a text encoder learns in a few thousand steps.
    embeddings = model.text_model.embeddings
    nn.init.normal_(embeddings.token_embedding.weight, std=0.3)
    nn.init.normal_(embeddings.position_embedding.weight, std=0.05)
    return model


def new_unet(shape: Shape, sample_size: int = 32) -> UNet2DConditionModel:
    """Cross-attention on every level but the first."""
    deeper = len(shape.channels) - 1
    return UNet2DConditionModel(
        sample_size=sample_size, in_channels=4, out_channels=4,
        down_block_types=("DownBlock2D",) + ("CrossAttnDownBlock2D",) * deeper,
        up_block_types=("CrossAttnUpBlock2D",) * deeper + ("UpBlock2D",),
        block_out_channels=shape.channels, layers_per_block=1, cross_attention_dim=shape.text_width,
        attention_head_dim=4, use_linear_projection=True, transformer_layers_per_block=1,
    )


def new_autoencoder(shape: Shape) -> AutoencoderTiny:
    """Factor 8, 4 latent channels, scaling factor 1."""
    widths = (shape.autoencoder_width,) * 4
    model = AutoencoderTiny(
        in_channels=3, out_channels=3, encoder_block_out_channels=widths, decoder_block_out_channels=widths,
        num_encoder_blocks=shape.encoder_blocks, num_decoder_blocks=shape.decoder_blocks, latent_channels=4, scaling_factor=1.0,
        latent_magnitude=3, latent_shift=0.5,
    )
    _start_near_unit_latents(model)
    return model


def _start_near_unit_latents(model: AutoencoderTiny) -> None:
    """He initialisation with small residual branches; latents of unit variance and a picture of mean grey at the start."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
            if name.endswith("conv.4"):
                module.weight.data.mul_(0.3)
    last_in, last_out = model.encoder.layers[-1], model.decoder.layers[-1]
    for last in (last_in, last_out):
        nn.init.kaiming_normal_(last.weight, nonlinearity="linear")
    last_out.weight.data.mul_(0.3)
    last_out.bias.data.fill_(0.5)
    with torch.no_grad():
        last_in.weight.div_(model.encoder(torch.rand(8, 3, 64, 64) * 2 - 1).std())


def _stages(layers: nn.Sequential) -> list[list[nn.Module]]:
    """Layers with weights of an encoder or a decoder: runs of residual blocks, and each convolution between them alone."""
    stages: list[list[nn.Module]] = [[]]
    for layer in layers:
        if isinstance(layer, AutoencoderTinyBlock):
            stages[-1].append(layer)
        elif isinstance(layer, nn.Conv2d):
            stages += [[layer], []]
    return stages


@torch.no_grad()
def deepened_autoencoder(old: AutoencoderTiny, shape: Shape) -> AutoencoderTiny:
    """The same function with the blocks of a shape: new ones come after old ones of the same width, and add nothing yet.

    Raises ValueError where there is no old block before a new one, or fewer are asked for than there are.
    """
    new = new_autoencoder(shape)
    for ours, theirs in ((new.encoder, old.encoder), (new.decoder, old.decoder)):
        for mine, known in zip(_stages(ours.layers), _stages(theirs.layers), strict=True):
            if len(mine) < len(known) or (mine and not known):
                raise ValueError(f"Cannot deepen an autoencoder: {len(known)} blocks in a row cannot become {len(mine)}")
            for at, layer in enumerate(mine):
                if at < len(known):
                    layer.load_state_dict(known[at].state_dict())
                else:  # what comes in is not negative, so that the block's ReLU leaves it as it is
                    layer.conv[-1].weight.zero_(), layer.conv[-1].bias.zero_()
    return new.eval()


def load_autoencoder(folder: Path) -> AutoencoderTiny:
    return AutoencoderTiny.from_pretrained(folder, low_cpu_mem_usage=False).float().eval()


def load_networks(folder: Path) -> tuple[CLIPTextModel, UNet2DConditionModel]:
    """Text encoder and UNet of an exported diffusers folder, float32."""
    text = CLIPTextModel.from_pretrained(folder / "text_encoder").float()
    return text, UNet2DConditionModel.from_pretrained(folder / "unet", low_cpu_mem_usage=False).float()


def token_ids(tokenizer: CLIPTokenizer, prompts: list[str]) -> torch.Tensor:
    """[prompts, 77]; what is longer is cut, as in training (captions are short)."""
    return tokenizer(prompts, padding="max_length", truncation=True, max_length=TOKENS, return_tensors="pt").input_ids


def encode(text: CLIPTextModel, ids: torch.Tensor) -> torch.Tensor:
    """Token ids [B, S, 77] -> contexts [B, S * 77, D]; equal prompts are encoded once, as layouts repeat the empty one."""
    distinct, place = ids.flatten(0, 1).unique(dim=0, return_inverse=True)
    return text(distinct)[0][place].unflatten(0, ids.shape[:2]).flatten(1, 2)


def to_pictures(decoded: torch.Tensor) -> torch.Tensor:
    """[n, 3, h, w] in about -1..1 -> [n, h, w, 3] uint8."""
    return ((decoded.float().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1)


def from_pictures(pictures: torch.Tensor) -> torch.Tensor:
    """[n, h, w, 3] uint8 -> [n, 3, h, w] in -1..1."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
