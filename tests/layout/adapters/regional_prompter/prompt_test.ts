// deno-lint-ignore-file no-non-null-assertion
/** Regional Prompter's text: its results, its keywords, its negatives, and errors where it goes on with something else. */

import assert from "node:assert/strict";
import type { RegionalPrompterInput } from "../../../../layout/adapters/regional_prompter/input.ts";
import { layoutPrompts } from "../../../../layout/prompts.ts";
import { pictureLoras } from "../../../../layout/loras.ts";
import { cells, codes, read, refused } from "../adapting.ts";

const third = 1 / 3;

function near(actual: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  const rounded = expected.map((cell) => cell.map((value) => Number(value.toFixed(9))));
  assert.deepEqual(actual, rounded);
}

/** Heights 1:2, widths 2:1:1 and 4:6. */
const FIVE = [
  [0, 0, 0.5, third],
  [0.5, 0, 0.25, third],
  [0.75, 0, 0.25, third],
  [0, third, 0.4, 2 * third],
  [0.4, third, 0.6, 2 * third],
];
const transposed = (boxes: readonly (readonly number[])[]) => boxes.map(([x, y, w, h]) => [y!, x!, h!, w!]);

/** Three cells, then two, along both directions. */
const COLUMNS_3_2 = "a ADDCOL b ADDCOL c ADDROW d ADDCOL e";
const ROWS_3_2 = "a ADDROW b ADDROW c ADDCOL d ADDROW e";

Deno.test("table: Cols `1,2,1,1;2,4,6` with 3 + 2 cells: heights 1:2; widths 2:1:1 and 4:6", () => {
  const result = read(COLUMNS_3_2, { ratios: "1,2,1,1;2,4,6" });
  near(cells(result), FIVE);
  assert.deepEqual(result.layout.regions.map(({ prompt }) => prompt), ["a", "b", "c", "d", "e"]);
  assert.deepEqual(result.warnings, []);
  near(cells(read("a BREAK b BREAK c BREAK d BREAK e", { ratios: "1,2,1,1;2,4,6" })), FIVE);
});

Deno.test("table: Rows `1;2;1;1,2;4;6`, or the first string with flip: the same, transposed", () => {
  for (const settings of [{ ratios: "1;2;1;1,2;4;6" }, { ratios: "1,2,1,1;2,4,6", flip: true }]) {
    const result = read(ROWS_3_2, { mode: "ROWS", ...settings });
    near(cells(result), transposed(FIVE));
    assert.deepEqual(result.warnings, []);
    near(cells(read("a BREAK b BREAK c BREAK d BREAK e", { mode: "ROWS", ...settings })), transposed(FIVE));
  }
});

Deno.test("table: Cols `3,1,1` with 2 prompts: 75 to 25, the extra ratio is dropped", () => {
  for (const key of ["ADDCOL", "BREAK"]) {
    const result = read(`a ${key} b`, { ratios: "3,1,1" });
    near(cells(result), [[0, 0, 0.75, 1], [0.75, 0, 0.25, 1]]);
    assert.deepEqual(codes(result), ["RATIO_DROPPED"]);
    assert.deepEqual(result.warnings[0]!.path, ["input", "ratios"]);
    assert.deepEqual(result.warnings[0]!.position, { offset: 4, line: 1, column: 5 });
  }
});

Deno.test("table: Cols `3,1` with 4 ADDCOL prompts: 3:1:1:1, the last is repeated", () => {
  const result = read("a ADDCOL b ADDCOL c ADDCOL d", { ratios: "3,1" });
  near(cells(result), [[0, 0, 0.5, 1], [0.5, 0, 1 / 6, 1], [2 / 3, 0, 1 / 6, 1], [5 / 6, 0, 1 / 6, 1]]);
  assert.deepEqual(codes(result), ["RATIO_REPEATED"]);
  assert.equal(result.warnings[0]!.position!.offset, 2);
  assert.match(result.warnings[0]!.message, /3:1:1:1/);
});

Deno.test("table: Cols `1,2` with only ADDROW: two rows 1:2, flipped by itself", () => {
  const result = read("a ADDROW b", { ratios: "1,2" });
  near(cells(result), [[0, 0, 1, third], [0, third, 1, 2 * third]]);
  assert.deepEqual(codes(result), ["RATIOS_FLIPPED"]);
  assert.deepEqual(result.spec.grid, { direction: "ROWS", ratios: "1,2" });
  near(cells(read("a ADDCOL b", { mode: "ROWS", ratios: "1,2" })), [[0, 0, third, 1], [third, 0, 2 * third, 1]]);
});

Deno.test("table: `1,1,1` with 2 x 2 ADDROW and ADDCOL: equal 2 x 2", () => {
  const quarters = [[0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0.5], [0, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5]];
  near(cells(read("a ADDCOL b ADDROW c ADDCOL d", { ratios: "1,1,1" })), quarters);
});

Deno.test("table: `1;1` with 2 cells and 1 cell: heights 1:1, a lone number doubles as cell width", () => {
  const result = read("a ADDCOL b ADDROW c", { ratios: "1;1" });
  near(cells(result), [[0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0.5], [0, 0.5, 1, 0.5]]);
  assert.deepEqual(codes(result), ["RATIO_REPEATED"]);
  const lone = read("a BREAK b", { ratios: "1;2" });
  near(cells(lone), [[0, 0, 1, third], [0, third, 1, 2 * third]]);
  assert.deepEqual([lone.spec.grid, lone.warnings], [{ direction: "ROWS", ratios: "1,2" }, []]);
});

Deno.test("table: base `0.2,0.3;0.5` with 3 + 2 cells: .2, .3, .3 / .5, .5", () => {
  const settings = { ratios: "1,2,1,1;2,4,6", baseRatios: "0.2,0.3;0.5" };
  const { layout } = read(`sky ADDBASE ${COLUMNS_3_2}`, settings);
  assert.deepEqual(layout.regions.map(({ baseRatio }) => baseRatio), [0.2, 0.3, 0.3, 0.5, 0.5]);
  assert.equal(layout.basePrompt, "sky");
});

/** Results of the original's own arithmetic, run on these inputs: x, right, y, bottom and base ratio of each cell. */
const RUN: [prompt: string, settings: Omit<RegionalPrompterInput, "prompt">, result: number[][]][] = [
  ["s ADDBASE a ADDCOL b ADDROW c ADDCOL d", { ratios: "1,2,1,5,3,4", baseRatios: "0.1,0.2,0.3" }, [
    [0, 2 / 3, 0, 1 / 6, 0.1],
    [2 / 3, 1, 0, 1 / 6, 0.2],
    [0, 3 / 7, 1 / 6, 1, 0.3],
    [3 / 7, 1, 1 / 6, 1, 0.3],
  ]],
  ["s ADDBASE a BREAK b BREAK c", { mode: "ROWS", ratios: "1;3;1,2", baseRatios: "0.5" }, [
    [0, third, 0, 0.75, 0.5],
    [0, third, 0.75, 1, 0.5],
    [third, 1, 0, 1, 0.5],
  ]],
  ["s ADDBASE a ADDROW b ADDROW c", { ratios: "4;0.5,2;2" }, [
    [0, 1, 0, 4 / 6.5, 0.2],
    [0, 1, 4 / 6.5, 4.5 / 6.5, 0.2],
    [0, 1, 4.5 / 6.5, 1, 0.2],
  ]],
  ["s ADDBASE a ADDROW b ADDCOL c", { mode: "ROWS", ratios: "2,3;1", flip: true }, [
    [0, 2 / 3, 0, 0.5, 0.2],
    [0, 2 / 3, 0.5, 1, 0.2],
    [2 / 3, 1, 0, 1, 0.2],
  ]],
  ["s ADDBASE a ADDCOL b BREAK c", { ratios: "1,1;2" }, [
    [0, 0.5, 0, third, 0.2],
    [0.5, 1, 0, third, 0.2],
    [0, 1, third, 1, 0.2],
  ]],
  ["s ADDBASE a ADDCOL b ADDROW c ADDCOL d", { ratios: "3,1,1" }, [
    [0, 0.5, 0, 0.5, 0.2],
    [0.5, 1, 0, 0.5, 0.2],
    [0, 0.5, 0.5, 1, 0.2],
    [0.5, 1, 0.5, 1, 0.2],
  ]],
  ["s ADDBASE a ADDROW b ADDCOL c", { mode: "ROWS", ratios: "1;1;1,1", baseRatios: "0.1;0.3,0.5" }, [
    [0, 0.5, 0, 0.5, 0.1],
    [0, 0.5, 0.5, 1, 0.3],
    [0.5, 1, 0, 1, 0.5],
  ]],
  ["s ADDBASE a ADDCOL b BREAK c", { ratios: "1,2,1" }, [[0, 0.25, 0, 1, 0.2], [0.25, 0.75, 0, 1, 0.2], [
    0.75,
    1,
    0,
    1,
    0.2,
  ]]],
];

for (const [prompt, settings, result] of RUN) {
  Deno.test(`the original's result: ${prompt} ${JSON.stringify(settings)}`, () => {
    const answer = read(prompt, settings);
    near(cells(answer), result.map(([x, right, y, bottom]) => [x!, y!, right! - x!, bottom! - y!]));
    assert.deepEqual(answer.layout.regions.map(({ baseRatio }) => baseRatio), result.map(([, , , , base]) => base));
  });
}

Deno.test("without ratios all cells are equal, whatever separates them", () => {
  near(cells(read("a BREAK b BREAK c")), [[0, 0, third, 1], [third, 0, third, 1], [2 * third, 0, third, 1]]);
  near(cells(read("a BREAK b", { mode: "ROWS" })), [[0, 0, 1, 0.5], [0, 0.5, 1, 0.5]]);
  const result = read("a ADDCOL b ADDROW c");
  near(cells(result), [[0, 0, 0.5, 0.5], [0.5, 0, 0.5, 0.5], [0, 0.5, 1, 0.5]]);
  assert.deepEqual(result.warnings, []);
});

Deno.test("ROWS without `,` in the ratios is one column, whose width is the first number", () => {
  near(cells(read("a BREAK b", { mode: "ROWS", ratios: "7;1;3" })), [[0, 0, 1, 0.25], [0, 0.25, 1, 0.75]]);
});

Deno.test("failures of the original are problems: text that is no number, zeros, base ratios that are none", () => {
  const at = (field: string, rule: string, text: string) => [`input.${field}: ${rule}, got ${JSON.stringify(text)}`];
  const positive = 'must be positive numbers separated by "," and ";"';
  assert.deepEqual(
    refused("a BREAK b", { ratios: "1,x" }),
    at("ratios", `${positive}: not a number at position 2`, "1,x"),
  );
  assert.deepEqual(refused("a BREAK b", { ratios: "0,0" }), at("ratios", `${positive}: zero at position 0`, "0,0"));
  assert.deepEqual(
    refused("a BREAK b", { ratios: "1,,2" }),
    at("ratios", `${positive}: empty number at position 2`, "1,,2"),
  );
  assert.deepEqual(
    refused("a BREAK b", { ratios: "1, -1" }),
    at("ratios", `${positive}: negative number at position 3`, "1, -1"),
  );
  assert.deepEqual(
    refused("s ADDBASE a BREAK b", { ratios: "1,1", baseRatios: "0.2,?" }),
    at("baseRatios", 'must be numbers from 0 to 1 separated by "," and ";": not a number at position 4', "0.2,?"),
  );
  assert.deepEqual(
    refused("s ADDBASE a BREAK b", { ratios: "1,1", baseRatios: "1.5" }),
    at(
      "baseRatios",
      'must be numbers from 0 to 1 separated by "," and ";": number greater than 1 at position 0',
      "1.5",
    ),
  );
});

Deno.test("common, base, regions: BREAK stands for ADDCOMM and ADDBASE where the settings ask for them", () => {
  const written = read("park ADDCOMM sky ADDBASE a ADDCOL b", { ratios: "1,1" });
  const broken = read("park BREAK sky BREAK a BREAK b", { ratios: "1,1", useCommon: true, useBase: true });
  assert.deepEqual(written.layout, broken.layout);
  assert.equal(written.layout.commonPrompt, "park");
  assert.equal(written.layout.basePrompt, "sky");
  assert.deepEqual(written.layout.regions.map(({ baseRatio }) => baseRatio), [0.2, 0.2]);
  assert.deepEqual(layoutPrompts(written.layout).positive, ["park, sky", "park, a", "park, b"]);
});

Deno.test("one base ratio is everybody's, a list goes along a line of cells, and the last is repeated", () => {
  const base = (baseRatios: string, settings: Partial<RegionalPrompterInput> = {}) => {
    const answer = read("s ADDBASE a BREAK b BREAK c", { ratios: "1,1,1", baseRatios, ...settings });
    return [answer.layout.regions.map(({ baseRatio }) => baseRatio), codes(answer)];
  };
  assert.deepEqual(base("0.4"), [[0.4, 0.4, 0.4], []]);
  assert.deepEqual(base("0,0.5,1"), [[0, 0.5, 1], []]);
  assert.deepEqual(base("0,0.5,1", { mode: "ROWS" }), [[0, 0.5, 1], []]);
  assert.deepEqual(base("0,0.5"), [[0, 0.5, 0.5], ["RATIO_REPEATED"]]);
  assert.deepEqual(base("0,0.5,1,0.7"), [[0, 0.5, 1], ["RATIO_DROPPED"]]);
  const unused = read("a BREAK b", { ratios: "1,1", baseRatios: "0.3" });
  assert.deepEqual([unused.layout.regions[0]!.baseRatio, codes(unused)], [0, ["OPTION_UNUSED"]]);
});

Deno.test("keywords out of order are problems, with their places", () => {
  const order = "must have a base prompt before the first region, closed by ADDBASE or BREAK: it is not";
  assert.deepEqual(refused("a ADDCOL b ADDBASE c"), [`input.prompt: ${order} at position 11, got "ADDBASE"`]);
  assert.deepEqual(refused("a ADDCOL b", { useBase: true }), [`input.prompt: ${order} at position 2, got "ADDCOL"`]);
  assert.deepEqual(refused("a\nADDCOMM b", { useBase: true }), [
    `input.prompt: ${order} at line 2, column 10, got "the end"`,
  ]);
  assert.deepEqual(refused("a ADDCOMM b ADDCOMM c"), [
    'input.prompt: must have ADDCOMM once: again at position 12, got "ADDCOMM"',
  ]);
});

Deno.test("AND is BREAK, LoRAs are their region's: each is said where it stands", () => {
  const result = read("a <lora:x:0.8> AND b,\n<LoRA:y> c", { ratios: "1,1" });
  assert.deepEqual(result.layout.regions.map(({ prompt }) => prompt), ["a <lora:x:0.8>", "b,\n<lora:y> c"]);
  assert.deepEqual(result.warnings.map(({ code, position }) => [code, position!.line, position!.column]), [
    ["AND_AS_BREAK", 1, 16],
    ["SETTING_APPROXIMATED", 1, 1],
    ["SETTING_APPROXIMATED", 1, 20],
  ]);
});

Deno.test("LoRAs of the common and the base prompt are the whole picture's, those of regions their own", () => {
  const prompt = "noto <lora:a:1> ADDCOMM sea <lora:b:.5:0.5> ADDBASE fox <lyco:c:unet=2:te=2> ADDCOL owl";
  const { layout } = read(prompt, { ratios: "1,1" });
  assert.deepEqual(pictureLoras(layout), {
    whole: [{ name: "a", weight: 1 }, { name: "b", weight: 0.5 }],
    regions: [[{ name: "c", weight: 2 }], []],
  });
});

Deno.test("what LoRAs say beyond a name and a weight is told, and so are those that cannot be had", () => {
  const warned = (prompt: string, more = {}) => read(prompt, more).warnings.map(({ message }) => message);
  assert.deepEqual(warned("fox <lora:x:0.5:1>"), [
    "there is no keyword, so the whole text is the prompt of a plain picture",
    "<lora:x:0.5:1> weighs 0.5 in the text encoder and 1 in the UNet; here it is 1",
  ]);
  for (
    const [network, reason] of [
      ["<lora:x:1:1:8>", "it says more than a name and a weight"],
      ["<lora:x:1:lbw=MIDD>", "it says more than a name and a weight"],
      ["<lora::1>", "it names no LoRA"],
      ["<hypernet:x:1>", "there are no hypernetworks here"],
    ]
  ) assert.equal(warned(`fox ${network}`)[1], `${network} was left out: ${reason}`);
  const negative = warned("fox BREAK owl", { ratios: "1,1", negativePrompt: "rain <lora:x:1>" });
  const reason = "negative prompts have no LoRAs, those of the prompts act on them as well";
  assert.deepEqual(negative, [`<lora:x:1> was left out: ${reason}`]);
});

Deno.test("BREAK among ADDCOL and ADDROW becomes what the ratios have in its turn, else it stays in its prompt", () => {
  const result = read("a BREAK b ADDCOL c BREAK d", { ratios: "1,1" });
  assert.deepEqual(result.layout.regions.map(({ prompt }) => prompt), ["a", "b", "c BREAK d"]);
  assert.deepEqual(codes(result), ["BREAK_CONVERTED", "BREAK_KEPT", "RATIO_REPEATED"]);
});

Deno.test("without a keyword the text is a plain picture's prompt, as in the original", () => {
  const result = read(" a fox BREAKFAST ", { ratios: "1,1", negativePrompt: "blur BREAK fog" });
  assert.equal(result.layout.basePrompt, "a fox BREAKFAST");
  assert.equal(result.layout.negativePrompt, "blur BREAK fog");
  assert.deepEqual(result.layout.regions, []);
  assert.deepEqual(codes(result), ["NO_KEYWORD"]);
});

Deno.test("a bracket that a keyword leaves open is said", () => {
  assert.deepEqual(codes(read("(a BREAK b:1.2)")), ["UNBALANCED_BRACKETS", "UNBALANCED_BRACKETS"]);
  assert.deepEqual(codes(read("(a:1.2) BREAK b \\( [c]")), []);
});

Deno.test("negatives: one for everything without BREAK", () => {
  const { layout } = read("s ADDBASE a BREAK b", { negativePrompt: "blur" });
  assert.deepEqual(layoutPrompts(layout).negative, ["blur", "blur", "blur"]);
});

Deno.test("negatives: with BREAK they mirror the prompts, with a slot for the base", () => {
  const { layout } = read("s ADDBASE a BREAK b", { negativePrompt: "n0 BREAK n1 BREAK n2" });
  assert.deepEqual(layoutPrompts(layout).negative, ["n0", "n1", "n2"]);
  const without = read("a BREAK b", { negativePrompt: "n1 ADDCOL " });
  assert.deepEqual(layoutPrompts(without.layout).negative, ["", "n1", ""]);
  const rule = "must have one negative prompt for everything, or one for the base and one for each of the 2 regions";
  assert.deepEqual(refused("s ADDBASE a BREAK b", { negativePrompt: "n1 BREAK n2" }), [
    `input.negativePrompt: ${rule}: it has 2, beginning at position 0, got 2`,
  ]);
});

Deno.test("negatives: a common one is put before all; without BREAK it is not erased", () => {
  const settings = { negativePrompt: "worst BREAK n1 BREAK n2", useCommonNegative: true };
  const { layout } = read("a BREAK b", settings);
  assert.deepEqual(layoutPrompts(layout).negative, ["worst", "worst, n1", "worst, n2"]);
  const closed = read("a BREAK b", { negativePrompt: "worst ADDCOMM blur" });
  assert.deepEqual(layoutPrompts(closed.layout).negative, ["worst, blur", "worst, blur", "worst, blur"]);
  const kept = read("a BREAK b", { negativePrompt: "worst", useCommonNegative: true });
  assert.deepEqual(layoutPrompts(kept.layout).negative, ["worst", "worst", "worst"]);
  assert.deepEqual(codes(kept), ["COMMON_NEGATIVE_KEPT"]);
});

Deno.test("all problems of an input are in one answer", () => {
  assert.equal(refused("a ADDCOMM b ADDCOMM c", { ratios: "x" }).length, 2);
  assert.equal(refused("s ADDBASE a BREAK b", { baseRatios: "x", negativePrompt: "a BREAK b" }).length, 2);
});
