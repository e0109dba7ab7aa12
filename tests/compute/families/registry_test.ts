/** A family is its file and its entry in one list: nothing else asks which family a model is of. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { FAMILIES, familyOf } from "../../../compute/families/registry.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

Deno.test("no parts are of two families, and strange ones of none", () => {
  const parts = [[], ["text_encoder"], ["text_encoder_2"], ["text_encoder", "text_encoder_2"]];
  const all = [...parts, ["text_encoder", "text_encoder_2", "text_encoder_3"]];
  const found = all.flatMap((textEncoders) =>
    [true, false].map((use_linear_projection) => {
      const marks = { textEncoders, unet: { use_linear_projection } };
      const takers = FAMILIES.filter((family) => family.recognizes(marks));
      assert.ok(takers.length <= 1, JSON.stringify(marks));
      assert.equal(familyOf(marks), takers[0]);
      return takers[0]?.name;
    })
  );
  const none = [undefined, undefined];
  assert.deepEqual(found, [...none, "SD2", "SD1", ...none, "SDXL", "SDXL", ...none]);
});

Deno.test("nothing outside of the list and the families' files knows a family by name or by its number of encoders", () => {
  const names = FAMILIES.map(({ name }) => `"${name}"`).join("|");
  const asks = new RegExp(`${names}|extEncoders\\.length [=!<>]|family(\\.name)? [=!]== "`);
  assert.match('if (capabilities.family === "SDXL")', asks);
  assert.match("if (textEncoders.length === 2)", asks);
  const asking = ["compute", "requests", "jobs", "schema", "server", "cli"].flatMap((room) => [...modules(room)])
    .filter((path) => !path.startsWith("compute/families/") && asks.test(Deno.readTextFileSync(ROOT + path)));
  assert.deepEqual(asking, ["server/listen.ts"], "which asks about addresses of the family IPv6");
});

function* modules(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(ROOT + folder)) {
    if (isDirectory) yield* modules(`${folder}/${name}`);
    else if (name.endsWith(".ts")) yield `${folder}/${name}`;
  }
}
