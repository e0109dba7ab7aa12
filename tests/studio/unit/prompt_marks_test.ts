/** What of a prompt is marked while it is typed. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { promptMarks, promptWarnings, roughTokens } from "../../../studio/src/regions/prompt_marks.ts";

/** Marks as `kind:text`, weights behind. */
function read(text: string): readonly string[] {
  return promptMarks(text, "WEIGHTED").map(({ kind, start, end, weight }) =>
    `${kind}:${text.slice(start, end)}${weight === 1 ? "" : `×${weight}`}`
  );
}

Deno.test("weights, schedules, embeddings and LoRAs are told apart from the signs around them", () => {
  assert.deepEqual(read("a (fox:1.5), [dim:0.4] embedding:calm<lora:ink:0.5> (sky:0.5)"), [
    "words:a ",
    "signs:(",
    "more:fox×1.5",
    "signs::1.5)",
    "words:, ",
    "signs:[",
    "scheduled:dim",
    "signs::0.4]",
    "words: ",
    "embedding:embedding:calm",
    "lora:<lora:ink:0.5>×0.5",
    "words: ",
    "signs:(",
    "less:sky×0.5",
    "signs::0.5)",
  ]);
});

Deno.test("marks cover any text once and in order, so that they lie under what is typed", () => {
  const pieces = fc.constantFrom(
    "(",
    ")",
    "[",
    "]",
    ":",
    "|",
    "1.2",
    "fox",
    " ",
    "\n",
    "BREAK",
    "\\",
    "<lora:a>",
    "é🦊",
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 24 }), (parts) => {
    const text = parts.join("");
    for (const syntax of ["WEIGHTED", "PLAIN"] as const) {
      const marks = promptMarks(text, syntax);
      assert.equal(marks.map(({ start, end }) => text.slice(start, end)).join(""), text);
      assert.ok(marks.every(({ start, end }) => start < end));
    }
  }));
});

Deno.test("a bracket without a partner is warned of once, and plain text never", () => {
  assert.equal(promptWarnings("a (fox ((", "WEIGHTED").length, 1);
  assert.deepEqual(promptWarnings("a (fox ((", "PLAIN"), []);
});

Deno.test("the estimate counts words, digits and signs", () => {
  assert.equal(roughTokens("a fox, 12 pines!"), 7);
  assert.equal(roughTokens("  \n"), 0);
});
