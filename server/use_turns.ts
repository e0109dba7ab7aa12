/** What an operation has asked for ends with its answer: one field's fault can be the answer while others are being made. */

import type { Plugin } from "graphql-yoga";
import type { SchemaContext } from "../schema/builder.ts";
import { endTurn } from "../schema/turn.ts";

/** Ends the turn of every operation that is answered; those of subscriptions end with their clients. */
export function useTurns(): Plugin<SchemaContext> {
  return { onExecute: ({ args }) => ({ onExecuteDone: () => endTurn(args.contextValue) }) };
}
