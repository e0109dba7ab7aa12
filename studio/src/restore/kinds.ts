/** Whose text it is, as far as the text shows it. */

/** What a text can be read as. */
export type TextKind =
  | "comfyui"
  | "invokeai"
  | "krita"
  | "omost"
  | "parameters"
  | "parterre"
  | "regional-prompter";

/** The kind of a text; undefined for JSON that is nobody's. Prompts without any mark are Regional Prompter's. */
export function kindOfText(text: string): TextKind | undefined {
  const trimmed = text.trim();
  if (/^[{[]/.test(trimmed)) {
    try {
      return kindOfJson(JSON.parse(trimmed));
    } catch {
      // braces may begin a prompt as well
    }
  }
  if (/\bcanvas\s*\.\s*(set_global|add_local)_description\b/.test(trimmed)) return "omost";
  if (/^Steps: \d+/m.test(trimmed)) return "parameters";
  return "regional-prompter";
}

function kindOfJson(value: unknown): TextKind | undefined {
  if (Array.isArray(value)) return "omost";
  if (!isObject(value)) return undefined;
  if (isObject(value["layout"]) || (Array.isArray(value["regions"]) && !("root" in value) && !("version" in value))) {
    return "parterre";
  }
  if (Array.isArray(value["nodes"]) || Object.values(value).some((node) => isObject(node) && "class_type" in node)) {
    return "comfyui";
  }
  if ("positive_prompt" in value || "generation_mode" in value || "app_version" in value) return "invokeai";
  if ("root" in value || Array.isArray(value["regions"])) return "krita";
  return undefined;
}

/** Whether a file can only be a picture or a document, by its first bytes; null for a text. */
export function kindOfBytes(bytes: Uint8Array): "picture" | "archive" | null {
  const begins = (...start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47) || begins(0xff, 0xd8, 0xff)) return "picture";
  if (begins(0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57 && bytes[9] === 0x45) return "picture"; // RIFF, then WEBP
  if (begins(0x50, 0x4b, 0x03, 0x04)) return "archive";
  return null;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
