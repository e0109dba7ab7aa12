/** A process that accepts and claims generations until it is killed. Writes a line of JSON for everything it was told. */

import { openStore } from "../../store/open.ts";
import { requestFor } from "./requests.ts";

const [folder = ""] = Deno.args;
const { queue, events } = await openStore(folder);

const encoder = new TextEncoder();
function say(line: Readonly<Record<string, unknown>>): void {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(line) + "\n"));
}

if (await queue.count() === 0) say({ accepted: (await queue.enqueue(requestFor("first"))).generation.id });
const claim = await queue.claim("doomed", 60_000);
if (claim !== null) say({ claimed: claim.generation.id, attempts: claim.generation.attempts });

for (let i = 0; claim !== null; i++) {
  await queue.progress(claim.generation.id, claim.token, { step: i % 20, etaMs: null });
  await events.append(claim.generation.id, {
    type: "PREVIEW",
    step: i % 20,
    steps: 20,
    width: 64,
    height: 64,
    pixels: new Uint8Array(64 * 64 * 3),
  });
  say({ accepted: (await queue.enqueue(requestFor(`${i}`))).generation.id });
}
