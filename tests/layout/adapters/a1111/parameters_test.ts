/** Web UIs' text: prompts, settings, Regional Prompter's part, and everything else in a warning. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { splitInfotext } from "../../../../layout/adapters/a1111/infotext.ts";
import { type GivenMask, readParameters } from "../../../../layout/adapters/a1111/parameters.ts";
import { readRegionalPrompt } from "../../../../layout/adapters/regional_prompter/prompt.ts";
import { pictureLoras } from "../../../../layout/loras.ts";
import { problemsOf, understood } from "../adapting.ts";

const read = (text: string, mask: GivenMask | null = null) => {
  const { adaptation, regional } = readParameters(text, ["text"], mask);
  if ("problems" in adaptation) assert.fail(problemsOf(adaptation).join("\n"));
  return { ...understood(adaptation), settings: adaptation.settings, regional };
};
const warnings = (text: string) =>
  read(text).warnings.map(({ code, message, path }) => `${code} ${path.join(".")} ${message}`);

/** As the web UI writes it, with settings that have a counterpart only. */
const PLAIN = `a (red:1.2) fox,
in snow
Negative prompt: blurry,
ugly
Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 42, Size: 768x512, Model: "sd 1, x"`;

Deno.test("prompt, negative prompt and settings of a plain picture", () => {
  const { layout, settings, regional, warnings } = read(PLAIN);
  assert.equal(regional, false);
  assert.equal(layout.basePrompt, "a (red:1.2) fox,\nin snow");
  assert.equal(layout.negativePrompt, "blurry,\nugly");
  assert.equal(layout.aspect, 1.5);
  assert.deepEqual(settings, {
    steps: 20,
    sampler: "DPM++ 2M",
    schedule: "Karras",
    guidanceScale: 7.5,
    seed: 42,
    width: 768,
    height: 512,
    model: "sd 1, x",
  });
  assert.deepEqual(warnings, []);
});

Deno.test("weights are read as the web UI read them", () => {
  assert.equal(read(PLAIN).layout.emphasis, "A1111");
  const noNorm = read(`${PLAIN}, Emphasis: No norm`);
  assert.equal(noNorm.layout.emphasis, "NO_NORM");
  assert.deepEqual(noNorm.warnings, []);
  assert.match(warnings(`${PLAIN}, Emphasis: Ignore`)[0] ?? "", /^SETTING_LEFT_OUT .*Emphasis: Ignore/);
});

Deno.test("every other setting is named, at its place", () => {
  const text = "fox\nSteps: 20, Sampler: Euler a, Clip skip: 2, Hires upscale: 2, ADetailer model: face.pt, " +
    'Lora hashes: "x: 1, y: 2", Hashes: {"a": "b", "c": "d"}, Seed: -1, Steps: 30';
  const { warnings: found, settings } = read(text);
  assert.deepEqual([settings.clipSkip, settings.steps], [2, 20]);
  assert.deepEqual(
    found.map(({ code, message, position }) => [code, message, text.slice(position?.offset).slice(0, 6)]),
    [
      [
        "SETTING_APPROXIMATED",
        "clip skip is that of every model here; that tool skips no layer of SDXL's text encoders by default",
        "Clip s",
      ],
      ["SETTING_LEFT_OUT", "Hires upscale: 2 was left out, since it has no counterpart here", "Hires "],
      ["SETTING_LEFT_OUT", "ADetailer model: face.pt was left out, since it has no counterpart here", "ADetai"],
      ["SETTING_LEFT_OUT", "Lora hashes: x: 1, y: 2 was left out, since it has no counterpart here", "Lora h"],
      ["SETTING_LEFT_OUT", 'Hashes: {"a": "b", "c": "d"} was left out, since it has no counterpart here', "Hashes"],
      ["SETTING_LEFT_OUT", "Seed: -1 was left out, since its value is none", "Seed: "],
      ["SETTING_LEFT_OUT", "Steps: 30 was left out, since it is there twice", "Steps:"],
    ],
  );
});

Deno.test("AND in a plain prompt is told, its LoRAs are the whole picture's", () => {
  const text = "fox <lora:x:0.8> AND owl\nNegative prompt: rain <lora:y:1>\nSteps: 1";
  const reason = "negative prompts have no LoRAs, those of the prompts act on them as well";
  assert.deepEqual(warnings(text), [
    "AND_KEPT text.prompt AND mixes predictions there; here it stays a word",
    `LORA_LEFT_OUT text.negativePrompt <lora:y:1> was left out: ${reason}`,
  ]);
  assert.deepEqual(pictureLoras(read(text).layout).whole, [{ name: "x", weight: 0.8 }]);
});

Deno.test("a text without a line of settings is all prompt", () => {
  assert.deepEqual(splitInfotext("a fox: red\nNegative prompt: b"), {
    prompt: "a fox: red",
    negativePrompt: "b",
    fields: [],
  });
  assert.equal(splitInfotext("Negative prompt: b\nSteps: 3").negativePrompt, "b");
  assert.equal(splitInfotext("").prompt, "");
});

/** The settings that the extension adds where nobody touched them. */
const regionalText = (prompt: string, changes: Record<string, string> = {}, negative = "") => {
  const fields = {
    "RP Active": "True",
    "RP Divide mode": "Matrix",
    "RP Matrix submode": "Columns",
    "RP Mask submode": "Mask",
    "RP Prompt submode": "Prompt",
    "RP Calc Mode": "Attention",
    "RP Ratios": '"1,1"',
    "RP Base Ratios": "0.2",
    "RP Use Base": "False",
    "RP Use Common": "False",
    "RP Use Ncommon": "False",
    "RP Options": '""',
    "RP LoRA Neg Te Ratios": "0",
    "RP LoRA Neg U Ratios": "0",
    "RP threshold": "0.4",
    "RP LoRA Stop Step": "0",
    "RP LoRA Hires Stop Step": "0",
    "RP Flip": "False",
    ...changes,
  };
  const list = Object.entries(fields).map(([name, value]) => `${name}: ${value}`).join(", ");
  return `${prompt}\nNegative prompt: ${negative}\nSteps: 20, Seed: 7, Size: 512x512, ${list}`;
};

Deno.test("Regional Prompter's fields give what parsePrompt gives for the same settings", () => {
  const prompt = "meadow BREAK fox BREAK owl";
  const text = regionalText(prompt, {
    "RP Matrix submode": "Rows",
    "RP Ratios": '"2,1"',
    "RP Base Ratios": '"0.3,0.5"',
    "RP Use Base": "True",
  }, "blur");
  const { spec, regional, warnings } = read(text);
  const same = readRegionalPrompt({
    prompt,
    negativePrompt: "blur",
    mode: "ROWS",
    ratios: "2,1",
    baseRatios: "0.3,0.5",
    useBase: true,
  });
  assert("spec" in same);
  assert.equal(regional, true);
  assert.deepEqual(spec, { aspect: 1, ...same.spec });
  assert.deepEqual(warnings, []);
});

Deno.test("common prompts, flips and latent mode are read, older names of modes too", () => {
  const text = regionalText("photo BREAK fox BREAK owl", {
    "RP Divide mode": "Vertical",
    "RP Ratios": '"2;1"',
    "RP Use Common": "True",
    "RP Flip": "True",
    "RP Calc Mode": "Latent",
  });
  const { layout, settings } = read(text);
  assert.equal(layout.commonPrompt, "photo");
  assert.deepEqual(layout.grid, { direction: "ROWS", ratios: "2,1", nested: [] });
  assert.equal(settings.mode, "LATENT");
});

Deno.test("where it was not active its fields change nothing", () => {
  const { layout, regional, warnings } = read(regionalText("a BREAK b", { "RP Active": "False" }));
  assert.deepEqual([regional, layout.regions.length, layout.basePrompt], [false, 0, "a BREAK b"]);
  assert.deepEqual(warnings, []);
});

Deno.test("its options that have no counterpart are told", () => {
  const text = regionalText("a BREAK b", { "RP Options": '"Flip prompts"', "RP LoRA Stop Step": "10" });
  assert.deepEqual(warnings(text).map((text) => text.split(",")[0]), [
    "SETTING_LEFT_OUT text RP Options: Flip prompts was left out",
    "SETTING_LEFT_OUT text RP LoRA Stop Step: 10 was left out",
  ]);
});

Deno.test("a mask, which the text does not hold, switches its regions off until it is given", () => {
  const text = regionalText("a BREAK b", { "RP Divide mode": "Mask" });
  const without = read(text);
  assert.deepEqual(without.warnings.map(({ code }) => code), ["MASK_LEFT_OUT"]);
  assert.deepEqual(without.layout.regions.map(({ prompt, enabled }) => [prompt, enabled]), [["a", false], [
    "b",
    false,
  ]]);
  const maskAsset = "ab".repeat(32);
  const { layout, warnings } = read(text, { maskAsset, maskImage: { indexes: [0, 3], colours: [] } });
  assert.deepEqual(warnings, []);
  assert(layout.regions.every(({ enabled }) => enabled));
  assert.deepEqual(read(PLAIN, { maskAsset }).warnings.map(({ code }) => code), ["OPTION_UNUSED"]);
});

Deno.test("a random division is drawn anew by the picture's seed, and that is said", () => {
  const text = regionalText("a BREAK b", { "RP Matrix submode": "Random", "RP Ratios": '"3,3"' });
  assert.deepEqual(read(text).warnings.map(({ code }) => code), ["SEED_ASSUMED"]);
});

Deno.test("regions that are found by their words have those words, and the thresholds of the text", () => {
  const settings = { "RP Divide mode": "Prompt", "RP Prompt submode": "Prompt-Ex", "RP threshold": '"0.7,0.55"' };
  const { layout, warnings } = read(regionalText("a cat, a hat BREAK black, cat BREAK red, hat", settings));
  assert.equal(layout.overlap, "Z_ORDER");
  assert.deepEqual(layout.regions.map(({ geometry }) => geometry), [
    { kind: "WORDS", of: "cat", threshold: 0.7, from: "BASE" },
    { kind: "WORDS", of: "hat", threshold: 0.55, from: "BASE" },
  ]);
  assert.deepEqual(warnings.map(({ code }) => code), ["SETTING_APPROXIMATED"]);
});

Deno.test("a mode that nobody knows is refused", () => {
  const { adaptation } = readParameters(regionalText("a BREAK b", { "RP Divide mode": "Spiral" }), ["text"]);
  assert.deepEqual(problemsOf(adaptation), [
    'text.mode: must divide the canvas by Columns, Rows, Random, Mask, Prompt or Prompt-Ex, got "Spiral"',
  ]);
});

Deno.test("no setting and no word disappears", () => {
  const name = fc.stringMatching(/^[A-Z][a-z]{2,8}( [a-z]{2,5})?$/).filter((text) => text !== "Steps");
  const value = fc.oneof(
    fc.stringMatching(/^[a-z0-9.]{1,8}$/),
    fc.stringMatching(/^[a-z, :]{1,12}$/).map((text) => JSON.stringify(text)),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.stringMatching(/^[a-z]{1,4}$/), { maxKeys: 5 }).map((all) =>
      JSON.stringify(all)
    ),
  );
  const words = fc.array(fc.stringMatching(/^[b-z]{3,7}$/), { minLength: 1, maxLength: 4 });
  const fields = fc.uniqueArray(fc.tuple(name, value), { selector: ([own]) => own, maxLength: 6 });
  fc.assert(fc.property(words, words, fields, (positive, negative, fields) => {
    const list = ["Steps: 3", ...fields.map(([name, value]) => `${name}: ${value}`)].join(", ");
    const { layout, settings, warnings } = read(
      `${positive.join(" ")}\nNegative prompt: ${negative.join(" ")}\n${list}`,
    );
    assert.equal(layout.basePrompt, positive.join(" "));
    assert.equal(layout.negativePrompt, negative.join(" "));
    const told = JSON.stringify(settings) + warnings.map(({ message }) => message).join("\n");
    for (const [name, value] of fields) {
      const taken = { Sampler: "sampler", Seed: "seed", Model: "model", Size: "width" }[name];
      assert(told.includes(name) || taken !== undefined && told.includes(taken), `${name} in ${told}`);
      const bare: unknown = value.startsWith('"') ? JSON.parse(value) : value;
      assert(told.includes(String(bare)) || taken !== undefined, `${value} in ${told}`);
    }
  }));
});
