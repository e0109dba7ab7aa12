/** What the history of a document of Krita's plug-in AI Diffusion says of its latest picture. */

import type { Rectangle } from "../../layout.ts";
import type { LoraUse } from "../../lora_use.ts";
import { isObject, listOf } from "../json.ts";
import { loraNameOf } from "../lora_file.ts";
import type { ImportedSettings } from "../settings.ts";

/** Boxes of layers by their ids, in fractions of the picture; and the picture's size and seed. */
export interface History {
  readonly boxes: ReadonlyMap<string, Rectangle>;
  readonly settings: ImportedSettings;
}

/** The latest entry that was painted with regions; nothing where there is none. */
export function readHistory(history: unknown): History {
  const entry = listOf(history).findLast((item) =>
    isObject(item) && isObject(item["params"]) && listOf(item["params"]["regions"]).length > 0
  );
  const params = isObject(entry) && isObject(entry["params"]) ? entry["params"] : undefined;
  const picture = boundsOf(params?.["bounds"]);
  if (params === undefined || picture === undefined) return { boxes: new Map(), settings: {} };
  const boxes = new Map<string, Rectangle>();
  for (const region of listOf(params["regions"])) {
    const bounds = isObject(region) ? boundsOf(region["bounds"]) : undefined;
    const rectangle = bounds === undefined ? undefined : within(bounds, picture);
    if (isObject(region) && typeof region["layer_id"] === "string" && rectangle !== undefined) {
      boxes.set(region["layer_id"], rectangle);
    }
  }
  const { seed } = params;
  const loras = lorasOf(params["metadata"]);
  const { width, height } = picture;
  return {
    boxes,
    settings: {
      width,
      height,
      ...(Number.isSafeInteger(seed) && Number(seed) >= 0 ? { seed: Number(seed) } : {}),
      ...(loras.length > 0 ? { loras } : {}),
    },
  };
}

/** The LoRAs of the style: files and their strengths; a style may keep some that are switched off. */
function lorasOf(metadata: unknown): readonly LoraUse[] {
  return listOf(isObject(metadata) ? metadata["loras"] : undefined).flatMap((entry): LoraUse[] => {
    if (!isObject(entry) || entry["enabled"] === false) return [];
    const { name, strength = 1 } = entry;
    if (typeof name !== "string" || typeof strength !== "number" || !Number.isFinite(strength)) return [];
    return [{ name: loraNameOf(name), weight: strength }];
  });
}

/** Pixels of the document: left, top, width, height. */
function boundsOf(value: unknown): Rectangle | undefined {
  const numbers = listOf(value);
  const [x, y, width, height] = numbers.map((number) => Number.isSafeInteger(number) ? Number(number) : NaN);
  if (numbers.length !== 4 || x === undefined || y === undefined || width === undefined || height === undefined) {
    return undefined;
  }
  return width >= 1 && height >= 1 && !Number.isNaN(x + y) ? { x, y, width, height } : undefined;
}

/** The part of a box that is in the picture, in fractions of it; undefined where there is none. */
function within(box: Rectangle, picture: Rectangle): Rectangle | undefined {
  const left = Math.max(box.x, picture.x), top = Math.max(box.y, picture.y);
  const right = Math.min(box.x + box.width, picture.x + picture.width);
  const bottom = Math.min(box.y + box.height, picture.y + picture.height);
  if (right <= left || bottom <= top) return undefined;
  return {
    x: (left - picture.x) / picture.width,
    y: (top - picture.y) / picture.height,
    width: (right - left) / picture.width,
    height: (bottom - top) / picture.height,
  };
}
