/** Painted masks on their way to the server: known by their hash at once, kept in this browser until they are there. */

import { signal } from "@preact/signals";
import { client } from "../api/client.ts";
import { UploadMaskDocument } from "../api/generated.ts";
import { authorization, key } from "../api/key.ts";
import { type Sending, sentAgain } from "./sent_again.ts";

const PLACE = "parterre.masks";

/** The masks that the server does not have yet: their files as data: URLs, by their ids. */
const waiting = signal<Readonly<Record<string, string>>>(kept());

/** How many masks have arrived since the page was opened: whoever asked too early asks again. */
export const masksArrived = signal(0);

/** Why a mask was refused; null while none was. */
export const maskRefused = signal<string | null>(null);

/** Keeps a mask's file and sends it; resolves with its id, which is the file's hash, without waiting for the server. */
export async function storeMask(file: Blob): Promise<string> {
  // Pages without TLS have no hash functions: there the server's answer is waited for.
  if (!globalThis.crypto?.subtle) return await upload(file);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const asset = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  note(asset, await dataUrl(file));
  void send(asset);
  return asset;
}

/** The file of a mask that waits; undefined if there is none. */
export function waitingMask(asset: string): string | undefined {
  return waiting.value[asset];
}

/** Sends what an earlier visit could not. */
export function sendWaiting(): void {
  for (const asset of Object.keys(waiting.value)) void send(asset);
}

async function send(asset: string, attempt = 0): Promise<void> {
  const file = waiting.value[asset];
  if (file === undefined) return;
  try {
    await upload(await (await fetch(file)).blob());
  } catch (error) {
    const again = sentAgain(error instanceof NotSent ? error.sending : {}, attempt);
    if (again === "KEY") return afterNextKey(() => void send(asset));
    if (again !== null) return void setTimeout(() => void send(asset, attempt + 1), again);
    maskRefused.value = String(error instanceof Error ? error.message : error);
  }
  note(asset, null);
  masksArrived.value++;
}

/** Once another key is given. */
function afterNextKey(then: () => void): void {
  const before = key.value;
  const stop = key.subscribe((value) => {
    if (value === before) return;
    stop();
    then();
  });
}

/** The server did not take a mask. */
class NotSent extends Error {
  constructor(message: string, readonly sending: Sending) {
    super(message);
  }
}

async function upload(file: Blob): Promise<string> {
  const named = new File([file], "mask.png", { type: "image/png" });
  const { data, error } = await client.mutation(UploadMaskDocument, { file: named }, {
    fetchOptions: { headers: { ...authorization(), "graphql-preflight": "1" } },
  });
  const answer = data?.uploadMask;
  if (answer?.__typename === "MaskAsset") return answer.id;
  if (answer) throw new NotSent(answer.message, { answer: answer.__typename });
  throw new NotSent(error?.message ?? "The server did not answer", { error });
}

/** Keeps a mask, or forgets it where it is null; what other tabs keep stays. */
function note(asset: string, file: string | null): void {
  const changed = (masks: Readonly<Record<string, string>>) => {
    const { [asset]: _, ...others } = masks;
    return file === null ? others : { ...others, [asset]: file };
  };
  waiting.value = changed(waiting.value);
  try {
    localStorage.setItem(PLACE, JSON.stringify(changed(kept())));
  } catch {
    // full, or off: the mask is lost if the page closes before it has arrived
  }
}

function kept(): Readonly<Record<string, string>> {
  try {
    const masks: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    if (typeof masks !== "object" || masks === null) return {};
    return Object.fromEntries(
      Object.entries(masks).filter(([, file]) => typeof file === "string" && file.startsWith("data:image/")),
    );
  } catch {
    return {};
  }
}

function dataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
