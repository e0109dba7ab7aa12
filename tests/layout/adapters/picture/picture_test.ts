/** Pictures' texts: which of them counts, what the others are, and what was looked for where there is none. */

import assert from "node:assert/strict";
import { readPicture } from "../../../../layout/adapters/picture/picture.ts";
import { understood } from "../adapting.ts";

const read = (texts: Record<string, string>, mask: { maskAsset: string } | null = null) => {
  const result = readPicture(Object.entries(texts).map(([keyword, text]) => ({ keyword, text })), ["file"], mask);
  if ("problems" in result) assert.fail(result.problems.map(({ message }) => message).join("\n"));
  return { ...understood(result.adaptation), source: result.source };
};

const COMFY = JSON.stringify({
  1: { class_type: "CLIPTextEncode", inputs: { text: "from comfy" } },
  2: { class_type: "KSampler", inputs: { positive: ["1", 0] } },
});
const OWN = JSON.stringify({ layout: { basePrompt: "from parterre", regions: [] } });
const INVOKE = JSON.stringify({ positive_prompt: "from invoke" });
const PARAMETERS = "from a web UI\nSteps: 3";

Deno.test("each tool's text is read by its keyword", () => {
  const base = (texts: Record<string, string>) => {
    const { source, layout } = read(texts);
    return [source, layout.basePrompt];
  };
  assert.deepEqual(base({ parterre: OWN }), ["PARTERRE", "from parterre"]);
  assert.deepEqual(base({ prompt: COMFY }), ["COMFYUI", "from comfy"]);
  assert.deepEqual(base({ invokeai_metadata: INVOKE }), ["INVOKEAI", "from invoke"]);
  assert.deepEqual(base({ parameters: PARAMETERS }), ["A1111", "from a web UI"]);
  assert.deepEqual(base({ UserComment: PARAMETERS }), ["A1111", "from a web UI"]);
  assert.deepEqual(base({ comment: PARAMETERS }), ["A1111", "from a web UI"]);
  assert.deepEqual(base({ "XMP description": PARAMETERS }), ["A1111", "from a web UI"]);
  assert.deepEqual(base({ Model: `prompt:${COMFY}`, Make: "x" }), ["COMFYUI", "from comfy"]);
  assert.deepEqual(base({ UserComment: `Prompt: ${COMFY}` }), ["COMFYUI", "from comfy"]);
});

Deno.test("of several texts the first of the order counts, and the others are told", () => {
  const { source, warnings } = read({
    parameters: PARAMETERS,
    workflow: "{}",
    invokeai_metadata: INVOKE,
    prompt: COMFY,
    parterre: OWN,
  });
  assert.equal(source, "PARTERRE");
  assert.deepEqual(warnings.map(({ code, message }) => [code, message]), [[
    "TEXT_LEFT_OUT",
    "parterre was read and not prompt, workflow, invokeai_metadata: of several texts Parterre's before " +
    "ComfyUI's prompt, its workflow, InvokeAI's and a web UI's",
  ]]);
  assert.equal(read({ parameters: PARAMETERS, prompt: COMFY }).source, "COMFYUI");
  assert.deepEqual(read({ parameters: PARAMETERS, parterre: OWN }).warnings, [], "as Parterre writes both");
});

Deno.test("texts of which nobody knows what they say are told; a program's name is none", () => {
  const { warnings } = read({ parameters: PARAMETERS, Comment: "{}", Software: "GIMP", "date:create": "2026" });
  assert.deepEqual(warnings.map(({ message }) => message), [
    "nobody knows what these texts say, so they were left out: Comment",
  ]);
});

Deno.test("findings stand at the text's keyword", () => {
  const result = readPicture([{ keyword: "prompt", text: "{}" }], ["file"]);
  assert("adaptation" in result && "problems" in result.adaptation);
  assert.equal(result.adaptation.problems[0]?.path.slice(0, 2).join("."), "file.prompt");
});

Deno.test("a picture with nothing that can be read is refused, with what was looked for", () => {
  const refused = (texts: Record<string, string>) => {
    const result = readPicture(Object.entries(texts).map(([keyword, text]) => ({ keyword, text })), ["file"]);
    return "problems" in result ? result.problems.map(({ message }) => message) : assert.fail();
  };
  for (
    const [texts, value] of [[{}, "no text"], [
      { Comment: "by hand", parameters: "{}" },
      "texts Comment, parameters",
    ]] as const
  ) {
    assert.deepEqual(refused(texts), [
      "file: must carry the text of Parterre (parterre), ComfyUI (prompt, workflow), InvokeAI (invokeai_metadata) or a " +
      `web UI (parameters, or Exif's UserComment, with a line of "Steps: ..."), got "${value}"`,
    ]);
  }
});

Deno.test("a mask that no text asks for is told", () => {
  const { warnings } = read({ prompt: COMFY }, { maskAsset: "ab".repeat(32) });
  assert(warnings.some(({ code }) => code === "OPTION_UNUSED"));
});
