/** Reading assets so that all who read the same one at once share its bytes. */

import type { Asset, AssetStore } from "../assets/asset_store.ts";
import { InFlight } from "../workers/in_flight.ts";

/** Assets that are being read, or are still held by somebody, are not read again. */
export function shareReads(assets: Pick<AssetStore, "get" | "has">): Pick<AssetStore, "get"> {
  const reading = new InFlight<string, Asset | null>();
  const held = new Map<string, WeakRef<Uint8Array>>();
  const types = new WeakMap<Uint8Array, string>();
  const gone = new FinalizationRegistry<string>((key) => {
    if (held.get(key)?.deref() === undefined) held.delete(key);
  });
  const read = async (key: string): Promise<Asset | null> => {
    const asset = await assets.get(key);
    if (asset === null) return null;
    held.set(key, new WeakRef(asset.bytes));
    types.set(asset.bytes, asset.contentType);
    gone.register(asset.bytes, key);
    return asset;
  };
  return {
    async get(key) {
      const bytes = held.get(key)?.deref();
      const contentType = bytes && types.get(bytes);
      // What was removed meanwhile is not served on.
      if (bytes !== undefined && contentType !== undefined && await assets.has(key)) return { bytes, contentType };
      return await reading.share(key, () => read(key));
    },
  };
}
