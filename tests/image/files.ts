/** Files of strangers: what other encoders write, and what nobody should. */

import { crc32, deflateSync } from "node:zlib";

/** Written by Pillow 13. */
export const PILLOW = {
  /** 3 x 2: red, half green, transparent blue; (1, 2, 3), (250, 251, 252), black. */
  webpLossless:
    "UklGRkYAAABXRUJQVlA4TDkAAAAvAkAAEC9AIEBR+P/XE7Vt2zDu/7+bKWraNmDSwZ9vrwoECNKVC8A8wBv239gaBCRkSq5ZIKL/sQEA",
  /** 5 x 4 of (200, 100, 50) at alpha 128, lossy: an extended file. */
  webpAlpha:
    "UklGRmIAAABXRUJQVlA4WAoAAAAQAAAABAAAAwAAQUxQSAoAAAABB1DAiAhERP8DVlA4IDIAAADQAQCdASoFAAQAAMASJaACdLoB+AADsAD+2ib/" +
    "7vN+09e09f1M//jKnyA/4yp/xcwAAA==",
  /** Two frames of 4 x 4. */
  webpAnimation:
    "UklGRqgAAABXRUJQVlA4WAoAAAACAAAAAwAAAwAAQU5JTQYAAAAAAAAAAABBTk1GMAAAAAAAAAAAAAMAAAMAAAAAAAJWUDggGAAAADABAJ0BKgQA" +
    "BABAAiYlpAADcAD+/TZoAEFOTUZEAAAAAAAAAAAAAwAAAwAAAAAAAFZQOCAsAAAANAEAnQEqBAAEAAAAJiWgAANwAP77Lkv/iLp7wDUv//z0z//B" +
    "J//wSfjIAAA=",
  /** 8 x 8: the left half black, the right half white. */
  jpegGrey:
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsK" +
    "DAkKCgr/wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEG" +
    "E1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJ" +
    "ipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AG/8GMf/ADdF" +
    "/wByT/7n6//Z",
  jpegCmyk:
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhc" +
    "ZWdj/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAE" +
    "EQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6" +
    "g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkA" +
    "SwAAPwDu67auxrrK/9k=",
  /** 24 x 8: the left third black, the rest white. */
  jpegProgressive:
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsK" +
    "DAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wgARCAAIABgD" +
    "ASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAn/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIQAxAAAAGf9/gA/8QAFBABAAAAAAAA" +
    "AAAAAAAAAAAAEP/aAAgBAQABBQJ//8QAFBEBAAAAAAAAAAAAAAAAAAAAEP/aAAgBAwEBPwE//8QAFBEBAAAAAAAAAAAAAAAAAAAAEP/aAAgBAgEB" +
    "PwE//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQAGPwJ//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQABPyF//9oADAMBAAIAAwAAABAA" +
    "D//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQMBAT8QP//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQIBAT8QP//EABQQAQAAAAAAAAAAAAAA" +
    "AAAAABD/2gAIAQEAAT8Qf//Z",
  /** The same, baseline, with the Exif orientation "turn by 90 degrees". */
  jpegTurned:
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUE" +
    "BAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK" +
    "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAIABgDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAA" +
    "AgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW" +
    "V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx" +
    "8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEI" +
    "FEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaX" +
    "mJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD+f+v7/KKKACiiigD/" +
    "2Q==",
  /** 2 x 1: 10 and 200, of which 10 is transparent. */
  pngGreyTransparent:
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAAnRSTlMACpZGJCYAAAALSURBVHicY+A6AQAA3wDTSyGlSQAAAABJRU5ErkJggg==",
  /** 2 x 1: (1, 2, 3) and (4, 5, 6), of which the latter is transparent. */
  pngColourTransparent:
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAABnRSTlMABAAFAAZ0jsaPAAAAD0lEQVR4nGNkZGJmZmYGAAA8ABHVfkbmAAAAAElF" +
    "TkSuQmCC",
  /** 2 x 2, red and then green. */
  pngAnimation:
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAACGFjVEwAAAACAAAAAPONk3AAAAAaZmNUTAAAAAAAAAACAAAAAgAAAAAAAAAAAAAA" +
    "AQAA2WEaUQAAABZJREFUeJxj/M/AwMDAwMTAwMDAwAAADR0BA2rCm+kAAAAaZmNUTAAAAAEAAAACAAAAAgAAAAAAAAAAAAAAAQAAQhLwhQAAABpm" +
    "ZEFUAAAAAnicY2T4z8DAwMDEwMDAwMAAAAweAQOlpvivAAAAAElFTkSuQmCC",
} as const;

/** The bytes of a file above. */
export const bytesOf = (name: keyof typeof PILLOW): Uint8Array<ArrayBuffer> => Uint8Array.fromBase64(PILLOW[name]);

/** A PNG file with sound checksums that declares a size and holds these unpacked bytes. */
export function png(
  header: { width: number; height: number; depth?: number; colourType?: number; interlaced?: boolean },
  unpacked: Uint8Array,
  palette?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { width, height, depth = 8, colourType = 2, interlaced = false } = header;
  const ihdr = new Uint8Array(13);
  const view = new DataView(ihdr.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  ihdr.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8);
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", ihdr),
    ...palette === undefined ? [] : [chunk("PLTE", palette)],
    chunk("IDAT", deflateSync(unpacked)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** A progressive JPEG file of this size whose last scan comes so many times again: a few bytes, each of much work. */
export function jpegOfManyScans(width: number, height: number, scans: number): Uint8Array<ArrayBuffer> {
  const file = bytesOf("jpegProgressive");
  const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc2);
  const view = new DataView(file.buffer);
  view.setUint16(frame + 5, height);
  view.setUint16(frame + 7, width);
  const last = file.findLastIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);
  const scan = file.subarray(last, file.length - 2);
  return concat([file.subarray(0, last), ...Array.from({ length: scans }, () => scan), Uint8Array.of(0xff, 0xd9)]);
}

/** A PNG chunk with its length and checksum. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([new TextEncoder().encode(type), data]);
  const whole = new Uint8Array(body.length + 8);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  whole.set(body, 4);
  view.setUint32(4 + body.length, crc32(body));
  return whole;
}

/** Parts as one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
