/** Why the server did not do what it was asked for, in one form for all that ask. */

import type { RefusalFragment } from "../api/generated.ts";
import { typeProblem } from "../dry_run/check_input.ts";

export interface Refusal {
  /** In words for people. */
  readonly message: string;
  /** The fields that are wrong, each from what the mutation's input holds on. */
  readonly problems: readonly { readonly path: readonly string[]; readonly message: string }[];
  /** Seconds after which the same may be asked again; null where time does not help. */
  readonly retryAfterSeconds: number | null;
  /** Whether no answer came. */
  readonly unreachable: boolean;
}

/** What an error of the schema says. */
export function refusalOf(error: RefusalFragment): Refusal {
  const plain = { message: error.message, problems: [], retryAfterSeconds: null, unreachable: false };
  switch (error.__typename) {
    case "InvalidInputError":
      return {
        ...plain,
        problems: error.problems.map(({ path, message }) => ({
          path: path[0] === "input" ? path.slice(1) : path,
          message,
        })),
      };
    case "BusyError":
    case "QueueFullError":
      return { ...plain, retryAfterSeconds: error.retryAfterSeconds };
    case "LimitExceededError":
    case "StorageError":
      return { ...plain, retryAfterSeconds: error.retryAfterIfAny };
    default:
      return plain;
  }
}

/** A request that failed, as urql tells of it. */
interface Failure {
  readonly message: string;
  readonly networkError?: Error | undefined;
  readonly graphQLErrors: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/**
 * What a failed request says: no answer at all, or GraphQL errors.
 * @param seconds After how many an unreachable server is asked again.
 */
export function refusalOfFailure({ graphQLErrors, networkError, message }: Failure, seconds: number): Refusal {
  const [first] = graphQLErrors;
  if (first === undefined) {
    return {
      message: networkError === undefined ? message : "The server cannot be reached.",
      problems: [],
      retryAfterSeconds: seconds,
      unreachable: true,
    };
  }
  const after = first.extensions?.["retryAfterSeconds"];
  return {
    message: graphQLErrors.map((error) => error.message).join(" "),
    problems: graphQLErrors.flatMap((error) => typeProblem(error.message) ?? []),
    retryAfterSeconds: typeof after === "number" ? after : null,
    unreachable: false,
  };
}
