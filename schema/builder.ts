/** The schema builder: plugins, scalars and the context that every resolver gets. */

import { getLogger } from "@logtape/logtape";
import SchemaBuilder from "@pothos/core";
import ErrorsPlugin from "@pothos/plugin-errors";
import RelayPlugin from "@pothos/plugin-relay";
import ScopeAuthPlugin from "@pothos/plugin-scope-auth";
import { GraphQLError, type GraphQLResolveInfo, isObjectType } from "graphql";
import { type Caller, hasScope, type Scope } from "../access/caller.ts";
import { StorageError } from "../assets/storage_error.ts";
import { MAX_PAGE } from "./forward_pages.ts";
import type { Services } from "./services.ts";

const log = getLogger(["parterre", "graphql"]);

/** What a resolver may reach. */
export interface SchemaContext {
  readonly services: Services;
  readonly caller: Caller;
  /** Aborts when the caller leaves: what nobody waits for any more need not be done. */
  readonly signal: AbortSignal;
  /** Tells the caller, beside the answer, when to try again; milliseconds, null for never. */
  readonly retryAfter: (ms: number | null) => void;
  /** The id of the last event that the caller got before its connection was lost, as an EventSource sends it; else null. */
  readonly lastEventId: string | null;
}

/** Ids are readable, for instance `Generation:019ab...`, and still opaque to clients. */
export function globalId(typename: string, id: string | number | bigint): string {
  return `${typename}:${id}`;
}

/** Whether objects of a type can be fetched by their ids; ids come from callers, so it may be any text. */
function isNodeType({ schema }: GraphQLResolveInfo, typename: string): boolean {
  const type = schema.getType(typename);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === "Node");
}

export const builder = new SchemaBuilder<{
  Context: SchemaContext;
  AuthScopes: Record<Scope, boolean>;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Seed: { Input: number; Output: number };
    File: { Input: File; Output: never };
    JSON: { Input: unknown; Output: unknown };
  };
}>({
  defaultFieldNullability: false,
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin],
  errors: {
    directResult: true,
    defaultTypes: [StorageError], // whatever is asked for, the disk may be full
    onResolvedError: (error) => {
      if (error instanceof StorageError) log.error("{error}", { error }); // clients are not told its cause
    },
  },
  scopeAuth: {
    authScopes: ({ caller }) => ({
      read: hasScope(caller, "read"),
      generate: hasScope(caller, "generate"),
      layouts: hasScope(caller, "layouts"),
      admin: hasScope(caller, "admin"),
    }),
    unauthorizedError: (_parent, _context, { fieldName, parentType }) => {
      const what = `${parentType.name}.${fieldName}`;
      return new GraphQLError(`Cannot answer ${what}: the key does not have the scope for it`, {
        extensions: { code: "FORBIDDEN" },
      });
    },
  },
  relay: {
    clientMutationId: "omit",
    cursorType: "String",
    encodeGlobalID: globalId,
    decodeGlobalID: (globalID) => {
      const at = globalID.indexOf(":");
      return { typename: globalID.slice(0, Math.max(0, at)), id: globalID.slice(at + 1) };
    },
    nodeQueryOptions: {
      description: "Fetches any object that has a global id.",
      args: { id: { description: "The object's global id." } },
      resolve: (_root, { id }, _context, info, load) => isNodeType(info, id.typename) ? load(id) : null,
    },
    nodesQueryOptions: {
      description: "Fetches several objects by their global ids, in the order asked.",
      args: { ids: { description: "The objects' global ids, at most 100." } },
      resolve: (_root, { ids }, _context, info, load) => {
        if (ids.length > MAX_PAGE) {
          const message = `Cannot fetch ${ids.length} objects: ids must be at most ${MAX_PAGE}`;
          throw new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });
        }
        // What Pothos knows no type for, it fails for; null is what it skips.
        const known: ((typeof ids)[number] | null)[] = ids;
        ids.forEach(({ typename }, i) => {
          if (!isNodeType(info, typename)) known[i] = null;
        });
        return load(ids);
      },
    },
    nodeTypeOptions: { description: "An object with a global id." },
    pageInfoTypeOptions: { description: "Where a page of a connection lies." },
    hasNextPageFieldOptions: { description: "Whether there are more after this page." },
    hasPreviousPageFieldOptions: { description: "Always false: connections are paged forwards." },
    startCursorFieldOptions: { description: "The cursor of the page's first edge; null if it is empty." },
    endCursorFieldOptions: { description: "The cursor to pass as `after` for the next page; null if this is empty." },
    edgesFieldOptions: { description: "The page's edges, in order." },
    pageInfoFieldOptions: { description: "Where the page lies." },
    cursorFieldOptions: { description: "Stands for this position, for `after`." },
    nodeFieldOptions: { description: "The object itself." },
    firstArgOptions: { description: "Objects in a page, 1 to 100. Default 20." },
    afterArgOptions: { description: "The page after this cursor. Default: the first page." },
    lastArgOptions: { description: "Not supported: connections are paged forwards." },
    beforeArgOptions: { description: "Not supported: connections are paged forwards." },
    idFieldOptions: { description: "Global id, for `node(id:)` and for every argument that takes this object's id." },
  },
});

builder.queryType({ description: "Everything that can be read.", authScopes: { read: true } });
// Every mutation names its own scope.
builder.mutationType({ description: "Everything that can be changed." });
builder.subscriptionType({ description: "Everything that can be followed live.", authScopes: { read: true } });
