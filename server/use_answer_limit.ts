/**
 * Against small operations for huge answers: one long text under thousands of aliases is one text in memory, and thousands
 * once it is written as JSON. What an answer will come to is added up before it is written.
 */

import { type ExecutionResult, GraphQLError } from "graphql";
import type { Plugin } from "graphql-yoga";

/** Characters of an answer, or of one event. The largest picture as a data URL fits. */
const MAX_CHARACTERS = 16 * 2 ** 20;

/** An error in place of a result that is too large. */
export function limited(result: ExecutionResult): ExecutionResult {
  return longerThan(result, MAX_CHARACTERS) ? { errors: [tooLarge()] } : result;
}

/** Limits answers. Events are limited where they are executed, so that what many share is looked at once. */
export function useAnswerLimit(): Plugin {
  const check = ({ result, setResult }: { result: unknown; setResult(result: ExecutionResult): void }) =>
    setResult(limited(result as ExecutionResult));
  return {
    onExecute: () => ({
      onExecuteDone(done) {
        if (!isStream(done.result)) check(done);
        return isStream(done.result) ? { onNext: check } : undefined;
      },
    }),
  };
}

function isStream(result: unknown): boolean {
  return typeof result === "object" && result !== null && Symbol.asyncIterator in result;
}

/** Whether a value has more characters as JSON, roughly; a value that holds itself has. */
function longerThan(value: unknown, limit: number): boolean {
  let characters = 0;
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined || waiting.length > 0; next = waiting.pop()) {
    characters += typeof next === "string" ? next.length + 3 : 5;
    if (characters > limit) return true;
    if (typeof next !== "object" || next === null || next instanceof Error) continue;
    for (const [key, inner] of Object.entries(next)) {
      characters += key.length + 3;
      waiting.push(inner);
    }
  }
  return characters > limit;
}

function tooLarge(): GraphQLError {
  const message = `Cannot answer so much at once: the answer may have at most ${MAX_CHARACTERS} characters`;
  return new GraphQLError(message, { extensions: { code: "ANSWER_TOO_LARGE", http: { status: 400 } } });
}
