/** Files of LoRAs as other tools name them. */

/** The name here: a file without its folders and its ending. */
export function loraNameOf(file: string): string {
  return (file.split(/[\\/]/).at(-1) ?? file).replace(/\.(?:safetensors|ckpt|pt|bin)$/i, "");
}
