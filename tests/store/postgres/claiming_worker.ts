/** A process that claims what waits in a database until nothing does. Writes a line of JSON with the ids and tokens. */

import { openStore } from "../../../store/open.ts";

const [folder = "", database = "", name = ""] = Deno.args;
const { work, close } = await openStore(folder, { database });
const claims: [id: string, token: number][] = [];
for (let claim = await work.claim(name, 60_000); claim !== null; claim = await work.claim(name, 60_000)) {
  claims.push([claim.generation.id, claim.token]);
}
console.log(JSON.stringify(claims));
await close();
