/** When a generation's turn comes, and what makes two requests for it one: fields of every input that asks for one. */

import type { builder } from "../builder.ts";

type InputFields = PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, "InputObject">;

/** The fields; `acceptOnce` reads them. */
// deno-lint-ignore explicit-module-boundary-types -- the fields' types, which make the input's, are inferred
export const turnFields = (t: InputFields) => ({
  priority: t.int({
    description:
      "Which of the caller's generations come first, -100 to 100: those with the highest. Other callers' turns are not affected. Default 0.",
  }),
  expiresAfterSeconds: t.float({
    description: "If it has not begun after so many seconds, up to 2592000 (30 days), it expires. Default: never.",
  }),
  idempotencyKey: t.string({
    description:
      "The same key with the same input gives the same generation, however often it is sent. 1 to 255 printable characters.",
  }),
});
