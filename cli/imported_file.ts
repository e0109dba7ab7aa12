/** Whose file it is that is to be imported. */

/** The tools whose files are read. */
export const TOOLS = ["regional-prompter", "comfyui", "omost", "a1111", "invokeai", "krita-ai", "picture"] as const;

export type Tool = (typeof TOOLS)[number];

/** Whose a file is, by what is in it: pictures are no text; all text that is nothing else is a prompt. */
export function toolOf(content: string | Uint8Array): Tool {
  if (typeof content !== "string") return "picture";
  if (/^\s*\[/.test(content) && /"rect"/.test(content)) return "omost";
  if (/^\s*\{/.test(content)) {
    if (/"root"\s*:/.test(content) && /"layer_ids"|"regions"/.test(content)) return "krita-ai";
    return /"positive_prompt"\s*:/.test(content) && !/"class_type"/.test(content) ? "invokeai" : "comfyui";
  }
  if (/\bcanvas\.(set_global_description|add_local_description)\s*\(/.test(content)) return "omost";
  return /\n\s*Steps: ?\d+, /.test(content) ? "a1111" : "regional-prompter";
}
