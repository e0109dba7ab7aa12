/** The migration that gives requests what they could not say when they were made. */

import { type Kysely, sql } from "kysely";
import type { StoreTables } from "../../sql/tables.ts";

/** How many requests are in memory at once. */
const BATCH = 500;

/** What this migration knows of a request; written down here, since the types of the program go on. */
interface Request {
  readonly layout: {
    readonly grid: Readonly<Record<string, unknown>> | null;
    readonly regions: readonly { readonly geometry: Readonly<Record<string, unknown>> }[];
  };
}

/**
 * Layouts gained an aspect, a prompt syntax, a common negative prompt and a place for both common prompts; regions a
 * style, a seed and a switch; grids nesting; polygons holes; requests the saved layout they came from. Every request
 * gets them with the values that say what was painted: prompts were read as they stand.
 */
export async function completeRequests(db: Kysely<StoreTables>): Promise<void> {
  for (let last = 0;;) {
    const rows = await db.selectFrom("generations").select(["ordinal", "request"]).where("ordinal", ">", last)
      .orderBy("ordinal").limit(BATCH).execute();
    for (const { ordinal, request } of rows) {
      const json = JSON.stringify(complete(JSON.parse(request)));
      await sql`UPDATE generations SET request = ${json} WHERE ordinal = ${ordinal}`.execute(db);
      last = ordinal;
    }
    if (rows.length < BATCH) return;
  }
}

function complete(request: Request): unknown {
  const { grid, regions } = request.layout;
  return {
    savedLayout: null,
    ...request,
    layout: {
      aspect: null,
      promptSyntax: "PLAIN",
      commonNegativePrompt: "",
      commonPlacement: "PREFIX",
      ...request.layout,
      grid: grid && { nested: [], ...grid },
      regions: regions.map(({ geometry, ...region }) => ({
        style: "",
        seed: null,
        enabled: true,
        ...region,
        geometry: geometry["kind"] === "POLYGON" ? { holes: [], ...geometry } : geometry,
      })),
    },
  };
}
