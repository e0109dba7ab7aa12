/** A process that accepts and claims generations until it is killed. Writes a line of JSON for everything it was told. */

import { openStore } from "../../store/open.ts";
import { preview, requestFor } from "./requests.ts";
import { countOf } from "./backend.ts";

const [folder = ""] = Deno.args;
const { queue, work, generations } = await openStore(folder);

const encoder = new TextEncoder();
function say(line: Readonly<Record<string, unknown>>): void {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(line) + "\n"));
}

if (await countOf(generations) === 0) say({ accepted: (await queue.enqueue(requestFor("first"))).generation.id });
const claim = await work.claim("doomed", 60_000);
if (claim !== null) say({ claimed: claim.generation.id, attempts: claim.generation.attempts });

for (let i = 0; claim !== null; i++) {
  await work.progress(claim.generation.id, claim.token, { step: i % 20, etaMs: null, preview: preview(64, 64) });
  say({ accepted: (await queue.enqueue(requestFor(`${i}`))).generation.id });
}
