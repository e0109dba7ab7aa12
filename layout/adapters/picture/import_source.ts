/** Whose texts are read. */

/** The tool, or the format, that a layout was read from. */
export type ImportSource =
  | "PARTERRE"
  | "REGIONAL_PROMPTER"
  | "COMFYUI"
  | "OMOST"
  | "INVOKEAI"
  | "KRITA_AI"
  | "A1111";
