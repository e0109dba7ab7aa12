/** Small pictures inline. */

/** The bytes as a `data:` URL (RFC 2397), a third longer than they are. */
export function toDataUrl(bytes: Uint8Array, mimeType: string): string {
  return `data:${mimeType};base64,${bytes.toBase64()}`;
}

/** The bytes of a `data:` URL in base64. */
export function fromDataUrl(url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(url.slice(url.indexOf(",") + 1));
}
