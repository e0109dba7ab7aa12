/** What ends a command: its exit code, and what is said of it. */

import { CommanderError } from "@commander-js/extra-typings";
import { RequestError, UnreachableError } from "./graphql_client.ts";
import { Interruption } from "./interrupt.ts";

/** Everything was done. */
export const OK = 0;
/** The generation failed, or the server could not be reached or refused. */
export const FAILED = 1;
/** The command line, a file or the request breaks a rule: as it is it never succeeds. */
export const INVALID = 2;
/** The reader of the output went away, as other tools report SIGPIPE. */
const CLOSED_PIPE = 141;

/** One value that breaks a rule, as the server tells it. */
export interface Problem {
  readonly code: string;
  readonly field: string;
  readonly value: string;
  readonly rule: string;
  /** All of these in a sentence. */
  readonly message: string;
}

/** A reason to end that is nobody's programming error. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(
    message: string,
    /** Stable, machine-readable. */
    readonly code: string,
    readonly exitCode: number,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/** The command line or a file cannot be used. */
export function usage(message: string): CommandFailure {
  return new CommandFailure(message, "USAGE", INVALID);
}

/** The request breaks rules of the model, of the layout or of the server. */
export function invalid(message: string, problems: readonly Problem[]): CommandFailure {
  return new CommandFailure(message, "INVALID_INPUT", INVALID, problems);
}

/** What was asked for was not done. */
export function failed(message: string, code: string): CommandFailure {
  return new CommandFailure(message, code, FAILED);
}

/** An answer of one of the error types. */
export interface ErrorAnswer {
  readonly __typename: string;
  readonly message?: string;
  readonly problems?: readonly Problem[];
  readonly retryAfterSeconds?: number;
}

/** A selection of a union of errors that {@link refused} reads. */
export const ERROR_FIELDS = "__typename ... on Error { message }";

/** The same where the input may break rules. */
export const INPUT_ERROR_FIELDS =
  `${ERROR_FIELDS} ... on InvalidInputError { problems { code field value rule message } }`;

/** The failure that an answer of an error type means. */
export function refused({ __typename, message = __typename, problems }: ErrorAnswer): CommandFailure {
  if (problems !== undefined) return invalid(message, problems);
  const code = __typename.replace(/Error$/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  return failed(message, code);
}

/** What is said at the end of a command that failed. */
export interface Ending {
  readonly exitCode: number;
  /** Null where nothing failed, or where nobody is left to tell. */
  readonly error: { readonly code: string; readonly message: string; readonly problems?: readonly Problem[] } | null;
  /** Whether people were told already. */
  readonly said?: boolean;
}

/**
 * How a command ends that threw this.
 * @throws what is no failure but a mistake in the program.
 */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommandFailure) {
    const { exitCode, code, message, problems } = error;
    return { exitCode, error: problems.length > 0 ? { code, message, problems } : { code, message } };
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exitCode: OK, error: null }; // --help and --version
    return { exitCode: INVALID, error: { code: "USAGE", message: error.message }, said: true };
  }
  if (error instanceof RequestError) {
    // 400: the operation or its variables are not what the schema asks for.
    return { exitCode: error.status === 400 ? INVALID : FAILED, error: { code: error.code, message: error.message } };
  }
  if (error instanceof UnreachableError) {
    return { exitCode: FAILED, error: { code: error.code, message: error.message } };
  }
  if (error instanceof Interruption) {
    return { exitCode: error.exitCode, error: { code: "INTERRUPTED", message: error.message } };
  }
  if (error instanceof Deno.errors.BrokenPipe) return { exitCode: CLOSED_PIPE, error: null };
  throw error;
}
