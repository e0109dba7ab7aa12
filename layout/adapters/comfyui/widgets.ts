/** The names of the values in the editor's files, which list them in the order of a node's widgets. */

import { type JsonObject, objectOf } from "../json.ts";
import type { ComfyInput } from "./node.ts";

const SAMPLING = "steps cfg sampler_name scheduler", SIZE = "width height batch_size", AREA = "width height x y";

/** The order of the widgets of nodes that are evaluated; from the nodes' own definitions. */
const WIDGETS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "CLIPTextEncode": "text",
    "CLIPTextEncodeSDXL": "width height crop_w crop_h target_width target_height text_g text_l",
    "CLIPTextEncodeSDXLRefiner": "ascore width height text",
    "CLIPTextEncodeFlux": "clip_l t5xxl guidance",
    "CLIPTextEncodeSD3": "clip_l clip_g t5xxl empty_padding",
    "BNK_CLIPTextEncodeAdvanced": "text token_normalization weight_interpretation",
    "ConditioningSetArea": `${AREA} strength`,
    "ConditioningSetAreaPercentage": `${AREA} strength`,
    "ConditioningSetAreaStrength": "strength",
    "ConditioningSetMask": "strength set_cond_area",
    "ConditioningSetTimestepRange": "start end",
    "ConditioningAverage": "conditioning_to_strength",
    "ConditioningSetProperties": "strength set_cond_area",
    "ConditioningSetPropertiesAndCombine": "strength set_cond_area",
    "PairConditioningSetProperties": "strength set_cond_area",
    "PairConditioningSetPropertiesAndCombine": "strength set_cond_area",
    "ConditioningTimestepsRange": "start_percent end_percent",
    "ConditioningMultiCombine": "inputcount",
    "ConditioningSetMaskAndCombine": "mask_1_strength mask_2_strength set_cond_area",
    "RegionalConditioningSimple //Inspire": "strength set_cond_area prompt",
    "RegionalConditioningColorMask //Inspire": "mask_color strength set_cond_area prompt",
    "Attention couple": "mode",
    "AttentionCoupleRegion|cgem156": "weight",
    "AttentionCoupleRegion": "weight",
    "SolidMask": "value width height",
    "MaskComposite": "x y operation",
    "FeatherMask": "left top right bottom",
    "GrowMask": "expand tapered_corners",
    "CropMask": "x y width height",
    "ThresholdMask": "value",
    "LoadImage": "image upload",
    "LoadImageMask": "image channel upload",
    "ImageToMask": "channel",
    "EmptyLatentImage": SIZE,
    "EmptySD3LatentImage": SIZE,
    "EmptyLatentImagePresets": "dimensions invert batch_size",
    "SDXLEmptyLatentSizePicker+": "resolution batch_size width_override height_override",
    "SDXL Empty Latent Image (rgthree)": "dimensions clip_scale batch_size",
    "CR SDXL Aspect Ratio": "width height aspect_ratio swap_dimensions upscale_factor batch_size",
    "CR SD1.5 Aspect Ratio": "width height aspect_ratio swap_dimensions upscale_factor batch_size",
    "CR Aspect Ratio": "width height aspect_ratio swap_dimensions upscale_factor prescale_factor batch_size",
    "PrimitiveNode": "value control_after_generate",
    "PrimitiveInt": "value control_after_generate",
    "PrimitiveFloat": "value",
    "PrimitiveString": "value",
    "PrimitiveStringMultiline": "value",
    "PrimitiveBoolean": "value",
    "INTConstant": "value",
    "FloatConstant": "value",
    "StringConstant": "string",
    "StringConstantMultiline": "string strip_newlines",
    "StringConcatenate": "string_a string_b delimiter",
    "StringReplace": "string find replace",
    "StringTrim": "string mode",
    "StringSubstring": "string start end",
    "CaseConverter": "string mode",
    "JoinStrings": "delimiter",
    "JoinStringMulti": "inputcount delimiter return_list",
    "ConcatStringSingle": "string_a string_b",
    "StringFunction|pysssss": "action tidy_tags text_a text_b text_c",
    "Text Concatenate": "delimiter clean_whitespace",
    "Text Multiline": "text",
    "Text Find and Replace": "find replace",
    "String Literal": "string",
    "CR Text": "text",
    "CR Prompt Text": "prompt",
    "CR Text Concatenate": "separator",
    "CR Combine Prompt": "part1 part2 part3 part4 separator",
    "MathExpression|pysssss": "expression",
    "SimpleMath+": "value",
    "SetNode": "name",
    "GetNode": "name",
    "KSampler": `seed ${SAMPLING} denoise`,
    "KSamplerAdvanced": `add_noise noise_seed ${SAMPLING} start_at_step end_at_step return_with_leftover_noise`,
    "SamplerCustom": "add_noise noise_seed cfg",
    "KSampler (Efficient)": `seed ${SAMPLING} denoise preview_method vae_decode`,
    "KSamplerSelect": "sampler_name",
    "BasicScheduler": "scheduler steps denoise",
    "KarrasScheduler": "steps sigma_max sigma_min rho",
    "ExponentialScheduler": "steps sigma_max sigma_min",
    "BetaSamplingScheduler": "steps alpha beta",
    "AlignYourStepsScheduler": "model_type steps denoise",
    "SplitSigmas": "step",
    "RandomNoise": "noise_seed",
    "CFGGuider": "cfg",
    "DualCFGGuider": "cfg_conds cfg_cond2_negative style",
    "KSamplerAdvancedProvider": "cfg sampler_name scheduler sigma_factor",
    "LoraLoader": "lora_name strength_model strength_clip",
    "LoraLoaderModelOnly": "lora_name strength_model",
    "CLIPSetLastLayer": "stop_at_clip_layer",
    "CheckpointLoaderSimple": "ckpt_name",
    "UNETLoader": "unet_name weight_dtype",
    "VAELoader": "vae_name",
    "SaveImage": "filename_prefix",
    "Efficient Loader":
      "ckpt_name vae_name clip_skip lora_name lora_model_strength lora_clip_strength positive negative token_normalization weight_interpretation empty_latent_width empty_latent_height batch_size",
  }).map(([type, names]) => [type, names.split(" ")]),
);

/** What the editor puts behind a seed: what becomes of it after each picture. */
const AFTER_GENERATE: ReadonlySet<unknown> = new Set(["fixed", "increment", "decrement", "randomize"]);

/**
 * The values of a node by name. Values whose names are not known are called after their place: `widgets_values 3`.
 * @param entries The node's inputs; newer files name every widget there, older ones those that were made inputs.
 */
export function widgetValues(type: string, values: unknown, entries: readonly JsonObject[]): [string, ComfyInput][] {
  if (!Array.isArray(values)) return Object.entries(objectOf(values) ?? {}).map(([name, value]) => [name, { value }]);
  const listed = entries.flatMap((entry) => {
    const name = objectOf(entry["widget"])?.["name"];
    return typeof name === "string" ? [name] : [];
  });
  const settings = values.filter((value) => !AFTER_GENERATE.has(value)).length;
  const names = WIDGETS.get(type) ?? (listed.length >= settings ? listed : []);
  const named: [string, ComfyInput][] = [];
  let next = 0;
  for (const [i, value] of values.entries()) {
    const name = names[next];
    // A control stands behind its seed, where the names do not count it.
    if (AFTER_GENERATE.has(value) && named.at(-1)?.[0].endsWith("seed") && name !== "control_after_generate") continue;
    named.push([name ?? `widgets_values ${i}`, { value }]);
    next++;
  }
  return named;
}
