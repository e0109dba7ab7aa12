/** What nobody caught: it is logged, and the server goes on serving everybody else. */

import { getLogger } from "@logtape/logtape";

const log = getLogger(["parterre", "server"]);

/** From now on neither a rejection that nobody handles nor an error that nobody catches ends the process. */
export function keepServing(): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("A promise was rejected and nobody looked: {error}", { error: event.reason });
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("An error was thrown and nobody caught it: {error}", { error: event.error ?? event.message });
  });
}
