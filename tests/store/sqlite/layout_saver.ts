/** A process that saves and changes layouts until it is killed. Writes a line of JSON for every change it was told of. */

import { PLAIN_LAYOUT } from "../../../layout/layout.ts";
import { openStore } from "../../../store/open.ts";

const [folder = ""] = Deno.args;
const { layouts } = await openStore(folder);
const encoder = new TextEncoder();

for (let i = 0;; i++) {
  const { id } = await layouts.save(`layout ${i}`, { ...PLAIN_LAYOUT, basePrompt: "version 1" });
  Deno.stdout.writeSync(encoder.encode(JSON.stringify({ id, version: 1 }) + "\n"));
  for (let version = 2; version <= 4; version++) {
    await layouts.update(id, { layout: { ...PLAIN_LAYOUT, basePrompt: `version ${version}` } });
    Deno.stdout.writeSync(encoder.encode(JSON.stringify({ id, version }) + "\n"));
  }
}
