/** Encoded previews, each made once in the whole fleet. */

import { Buffer } from "node:buffer";
import { getLogger } from "@logtape/logtape";
import type { SharedFiles } from "../image/preview_files.ts";
import type { FleetRedis } from "./redis.ts";

const log = getLogger(["parterre", "fleet"]);

/** Milliseconds for which a file is kept: servers that asked for it once keep it themselves. */
const KEPT_MS = 60_000;

/** How long another server's encoding is waited for, in milliseconds, and how long between two looks. */
const PATIENCE_MS = 1500;
const LOOK_MS = 15;

/** Files in Redis, for some time. Whatever is wrong with it, files are made. */
export class SharedPreviews implements SharedFiles {
  constructor(private readonly redis: FleetRedis) {}

  async once(name: string, make: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
    const { commands } = this.redis;
    if (commands.status !== "ready") return await make();
    const key = `${this.redis.prefix}:preview:${name}`;
    try {
      const found = await this.#foundOrOurs(key);
      if (found !== null) return found;
    } catch (error) {
      log.debug("No look for {name}: {error}", { name, error });
    }
    const bytes = await make();
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    commands.pipeline().set(key, file, "PX", KEPT_MS).del(`${key}:maker`).exec().catch(() => {});
    return bytes;
  }

  /** The file; null where it is this server's turn to make it. */
  async #foundOrOurs(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const { commands } = this.redis;
    for (const since = performance.now();;) {
      const found = await commands.getBuffer(key);
      if (found !== null) return new Uint8Array(found);
      const ours = await commands.set(`${key}:maker`, "1", "PX", PATIENCE_MS, "NX") === "OK";
      if (ours) return await this.#madeMeanwhile(key);
      if (performance.now() - since > PATIENCE_MS) return null;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** What another server had made between the look and the turn that this one then got. */
  async #madeMeanwhile(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const { commands } = this.redis;
    const made = await commands.getBuffer(key);
    if (made === null) return null;
    await commands.del(`${key}:maker`);
    return new Uint8Array(made);
  }
}
