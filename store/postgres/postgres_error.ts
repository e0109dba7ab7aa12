/** Faults of PostgreSQL, and of the way to it, as the faults of the store that they are. */

import { StorageError, type StorageFault } from "../../assets/storage_error.ts";

/**
 * PostgreSQL's errors: by their code, else by their class, which is its first two characters.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQLSTATE: Readonly<Record<string, StorageFault>> = {
  "08": "STORAGE_UNREACHABLE", // connection exception
  "25006": "STORAGE_READ_ONLY", // read only SQL transaction: a standby
  "25P03": "STORAGE_UNREACHABLE", // idle in transaction session timeout
  "40001": "STORAGE_BUSY", // serialization failure
  "40P01": "STORAGE_BUSY", // deadlock detected
  "53100": "STORAGE_FULL", // disk full
  "53": "STORAGE_BUSY", // insufficient resources, such as too many connections
  "55P03": "STORAGE_BUSY", // lock not available
  "57P01": "STORAGE_UNREACHABLE", // admin shutdown
  "57P02": "STORAGE_UNREACHABLE", // crash shutdown
  "57P03": "STORAGE_UNREACHABLE", // cannot connect now: it starts or ends
  "57P05": "STORAGE_UNREACHABLE", // idle session timeout
  "58": "STORAGE_FAILED", // system error, such as one of input or output
  XX001: "STORAGE_DAMAGED", // data corrupted
  XX002: "STORAGE_DAMAGED", // index corrupted
};

/** Of the way there, by the system's codes. */
const WAY =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;

/** Of connections that broke, by the words of `pg`, which gives them no code. */
const BROKEN =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Connection ended)/;

/** The typed error that a fault of PostgreSQL or of the way to it is; any other error as it is. */
export function postgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error;
  const fault = faultOf(error);
  return fault === undefined ? error : new StorageError(fault, error);
}

function faultOf(error: Error): StorageFault | undefined {
  // One error for each of the addresses that a name has.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return faultOf(error.errors[0]);
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code === undefined) return BROKEN.test(error.message) ? "STORAGE_UNREACHABLE" : undefined;
  if (WAY.test(code)) return "STORAGE_UNREACHABLE";
  return code.length === 5 ? SQLSTATE[code] ?? SQLSTATE[code.slice(0, 2)] : undefined;
}
