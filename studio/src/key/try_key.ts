/** Whether a key works, found out before it is taken. */

import { TryKeyDocument } from "../api/generated.ts";
import { client } from "../api/client.ts";

/** Null if it does; otherwise why not, in a sentence. */
export async function tryKey(key: string): Promise<string | null> {
  // A header holds these characters alone; no key has others.
  if (!/^[\x21-\x7e]+$/.test(key)) return "This is no key: it has characters that no key has.";
  const { error } = await client.query(TryKeyDocument, {}, {
    fetchOptions: { headers: { authorization: `Bearer ${key}` } },
  }).toPromise();
  if (error === undefined) return null;
  if ((error.response as Response | undefined)?.status === 401) return "The server does not accept this key.";
  if (error.networkError !== undefined) return "The server cannot be reached. Try again in a moment.";
  return error.message;
}
