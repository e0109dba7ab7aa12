/** unstorage's driver for S3, with writes that fail where nothing was written, deadlines, and typed faults. */

import { AwsClient } from "aws4fetch";
import type { Driver } from "unstorage";
import s3 from "unstorage/drivers/s3";
import { inTime } from "../workers/in_time.ts";
import { StorageError, type StorageFault } from "./storage_error.ts";

/** Milliseconds after which a request is given up. */
const DEADLINE_MS = 30_000;

/** Characters of an answer that are told with a fault: some proxies answer with whole pages. */
const TOLD = 500;

/** Where objects are kept, and by whose rights. */
export interface ObjectStoreOptions {
  /** `https://s3.eu-central-1.amazonaws.com`; the bucket follows in the path. */
  readonly endpoint: string;
  readonly region: string;
  /** The bucket, and after a slash what all keys begin with: `pictures/parterre`. */
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * A driver for objects in a bucket. S3 writes an object wholly or not at all, and shows it to everybody from then on.
 * All calls reject with {@link StorageError} where the store does not do what is asked.
 *
 * unstorage's own driver takes the answer that there is no such bucket for a write that was done, and waits for ever for
 * an answer; so writes are done here.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel
 */
export function s3Driver(options: ObjectStoreOptions): Driver {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = options;
  const reading = s3({ endpoint, region, bucket, accessKeyId, secretAccessKey });
  const client = new AwsClient({ service: "s3", region, accessKeyId, secretAccessKey });
  const base = `${endpoint.replace(/\/$/, "")}/${bucket}`;

  const write = (key: string, value: string | Uint8Array<ArrayBuffer>): Promise<void> =>
    typed(async () => {
      const request = await client.sign(`${base}/${encodeURIComponent(key)}`, { method: "PUT", body: value });
      const response = await fetch(request, { signal: AbortSignal.timeout(DEADLINE_MS) });
      const text = await response.text();
      // S3 gives every object that it keeps an ETag; who answers in its place, as a page to log in, does not.
      if (response.ok && response.headers.has("etag")) return;
      const what = response.ok ? `${response.statusText} without an ETag:` : response.statusText;
      throw new Error(`PUT ${key}: ${response.status} ${what} ${text}`);
    });
  return {
    name: "s3-checked",
    getKeys: () => Promise.reject(new Error("Objects are not listed")),
    hasItem: (key, options) => typed(() => reading.hasItem(key, options)),
    getItem: (key, options) => typed(() => reading.getItem(key, options)),
    getItemRaw: (key, options) =>
      typed(async () => {
        const bytes: unknown = await reading.getItemRaw?.(key, options);
        return bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : null;
      }),
    setItem: write,
    setItemRaw: write,
    removeItem: (key, options) =>
      typed(async () => {
        // Removing what is not there is harmless to S3, but not to the driver, which takes some answers to that for a fault.
        if (await reading.hasItem(key, options)) await reading.removeItem?.(key, options);
      }),
  };
}

/** @throws {StorageError} for whatever goes wrong, also if it takes too long. */
async function typed<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await inTime((async () => await call())(), DEADLINE_MS);
  } catch (error) {
    if (error instanceof StorageError) throw error;
    if (error instanceof Error && error.message.length > TOLD) error.message = error.message.slice(0, TOLD);
    throw new StorageError(faultOf(error), error);
  }
}

/** The kind of fault behind an error that names the status of the answer, if there was one. */
function faultOf(error: unknown): StorageFault {
  const [, status] = /: ([1-5]\d\d) /.exec(error instanceof Error ? error.message : "") ?? [];
  if (status === "507") return "STORAGE_FULL";
  if (status === undefined || status === "429" || status.startsWith("5")) return "STORAGE_UNREACHABLE";
  return "STORAGE_FAILED";
}
