/** Asks for a dry run whenever the draft has rested: one request at a time, and none that nobody waits for. */

import { batch, effect } from "@preact/signals";
import { client } from "../api/client.ts";
import { reachable } from "../api/connection.ts";
import { DryRunDocument, type DryRunQuery } from "../api/generated.ts";
import { key } from "../api/key.ts";
import { masksArrived } from "../canvas/mask_store.ts";
import { draft } from "../draft/store.ts";
import { backoff } from "../paint/backoff.ts";
import { checkInput, problemOf, typeProblem } from "./check_input.ts";
import { checked, refusal, report } from "./dry_run.ts";
import { takeProblems } from "./take_problems.ts";

/** How long the draft rests before it is asked about. */
const REST_MS = 250;

let timer: ReturnType<typeof setTimeout> | undefined;
let pending: { unsubscribe(): void } | undefined;
/** Whether a finger or a button is down: what is dragged has not come to rest. */
let held = false;
let failures = 0;
/** The input of the latest answer. */
let answered = "";

/** Begins to ask; called once, by the page. */
export function followDraft(): void {
  let first = true;
  effect(() => {
    draft.value;
    askIn(first ? 0 : REST_MS);
    first = false;
  });
  key.subscribe(() => {
    answered = "";
    askIn(0);
  });
  masksArrived.subscribe(() => {
    answered = "";
    askIn(0);
  });
  addEventListener("pointerdown", () => held = true, { capture: true });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, rest, { capture: true });
  addEventListener("online", () => !reachable.peek() && ask());
}

function rest(): void {
  held = false;
  if (!checked.peek()) askIn(REST_MS);
}

function askIn(ms: number): void {
  checked.value = false;
  pending?.unsubscribe();
  clearTimeout(timer);
  timer = setTimeout(() => !held && ask(), ms);
}

function ask(): void {
  clearTimeout(timer);
  pending?.unsubscribe();
  const input = checkInput(draft.peek());
  const asked = JSON.stringify(input);
  if (asked === answered) {
    return batch(() => {
      takeProblems();
      checked.value = true;
    });
  }
  pending = client.query(DryRunDocument, { input }).subscribe(({ data, error }) => {
    if (data !== undefined) {
      failures = 0;
      answered = asked;
      return take(data.validateLayout);
    }
    if (error === undefined || (error.response as Response | undefined)?.status === 401) return;
    if (error.networkError !== undefined) return void askIn(backoff(failures++));
    answered = asked;
    const found = error.graphQLErrors.flatMap(({ message }) => typeProblem(message) ?? []);
    if (found.length > 0) return settle(() => takeProblems(found));
    settle(() => refusal.value = error.graphQLErrors.map(({ message }) => message).join("; "));
  });
}

function take(answer: DryRunQuery["validateLayout"]): void {
  switch (answer.__typename) {
    case "LayoutReport":
      return settle(() => {
        report.value = answer;
        takeProblems([]);
      });
    case "InvalidInputError":
      return settle(() => takeProblems(answer.problems.map(problemOf)));
    case "BusyError":
      answered = "";
      refusal.value = answer.message;
      return askIn(1000 * answer.retryAfterSeconds);
    default:
      settle(() => refusal.value = answer.message);
  }
}

/** Shows an answer all at once. */
function settle(show: () => void): void {
  batch(() => {
    refusal.value = null;
    show();
    checked.value = true;
  });
}
