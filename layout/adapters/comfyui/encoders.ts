/** Nodes in which prompts stand: the inputs that hold them. */

/** The texts of nodes that encode one prompt, the first being the one that is read. */
export const ENCODERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["CLIPTextEncode", ["text"]],
  ["CLIPTextEncodeSDXL", ["text_g", "text_l"]],
  ["CLIPTextEncodeSDXLRefiner", ["text"]],
  ["CLIPTextEncodeFlux", ["t5xxl", "clip_l"]],
  ["CLIPTextEncodeSD3", ["clip_g", "clip_l", "t5xxl"]],
  ["BNK_CLIPTextEncodeAdvanced", ["text"]],
  ["smZ CLIPTextEncode", ["text"]],
  ["Text to Conditioning", ["text"]],
  ["ImpactWildcardEncode", ["populated_text"]],
]);

/** Loaders that encode both prompts: their outputs with the negative one, and with an empty latent image. */
export const LOADERS: ReadonlyMap<string, { readonly negative: number; readonly latent: number }> = new Map([
  ["Efficient Loader", { negative: 2, latent: 3 }],
  ["easy fullLoader", { negative: 5, latent: 6 }],
  ["easy a1111Loader", { negative: -1, latent: -1 }],
  ["easy comfyLoader", { negative: -1, latent: -1 }],
]);
