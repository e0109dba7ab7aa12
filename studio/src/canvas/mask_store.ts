/** Painted masks on their way to the server: known by their hash at once, kept in this browser until they are there. */

import { signal } from "@preact/signals";
import { client } from "../api/client.ts";
import { UploadMaskDocument } from "../api/generated.ts";
import { authorization } from "../api/key.ts";

const PLACE = "parterre.masks";
const RETRY_MS = 5000;

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
  keep({ ...waiting.value, [asset]: await dataUrl(file) });
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

async function send(asset: string): Promise<void> {
  const file = waiting.value[asset];
  if (file === undefined) return;
  try {
    await upload(await (await fetch(file)).blob());
  } catch (error) {
    if (error instanceof Refused) maskRefused.value = error.message;
    else {
      setTimeout(() => void send(asset), RETRY_MS);
      return;
    }
  }
  const { [asset]: _, ...others } = waiting.value;
  keep(others);
  masksArrived.value++;
}

/** The server knows the mask and does not want it. */
class Refused extends Error {}

async function upload(file: Blob): Promise<string> {
  const named = new File([file], "mask.png", { type: "image/png" });
  const { data, error } = await client.mutation(UploadMaskDocument, { file: named }, {
    fetchOptions: { headers: { ...authorization(), "graphql-preflight": "1" } },
  });
  const answer = data?.uploadMask;
  if (answer?.__typename === "MaskAsset") return answer.id;
  if (answer) throw new Refused(answer.message);
  throw error ?? new Error("The server did not answer");
}

function keep(masks: Readonly<Record<string, string>>): void {
  waiting.value = masks;
  try {
    localStorage.setItem(PLACE, JSON.stringify(masks));
  } catch {
    // full, or off: the mask is lost if the page closes before it has arrived
  }
}

function kept(): Readonly<Record<string, string>> {
  try {
    const masks: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    return typeof masks === "object" && masks !== null ? masks as Record<string, string> : {};
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
