/** Whether a mask that did not arrive is sent again. */

import assert from "node:assert/strict";
import { type Sending, sentAgain } from "../../../studio/src/canvas/sent_again.ts";

const failed = (status: number | undefined, extensions?: Record<string, unknown>): Sending => ({
  error: {
    graphQLErrors: extensions === undefined ? [] : [{ extensions }],
    response: status === undefined ? undefined : { status },
  },
});

Deno.test("what passes with time is sent again, later each time; what does not is not", () => {
  for (const passing of [{}, failed(undefined), failed(502), failed(429), { answer: "StorageError" }]) {
    const [first, tenth] = [sentAgain(passing, 0), sentAgain(passing, 10)];
    assert.ok(typeof first === "number" && first >= 250 && first <= 500, JSON.stringify(passing));
    assert.ok(typeof tenth === "number" && tenth >= 10_000, JSON.stringify(passing));
  }
  assert.equal(sentAgain(failed(429, { code: "TOO_MANY", retryAfterSeconds: 7 }), 0), 7000);
  assert.equal(sentAgain(failed(401, { code: "UNAUTHENTICATED" }), 0), "KEY");
  for (const final of [failed(413), failed(400, { code: "BAD_USER_INPUT" }), failed(200, {})]) {
    assert.equal(sentAgain(final, 0), null, JSON.stringify(final));
  }
  for (const answer of ["InvalidInputError", "BudgetExceededError"]) assert.equal(sentAgain({ answer }, 0), null);
});
