/** Small pictures inline. */

/** The bytes as a `data:` URL (RFC 2397), a third longer than they are. */
export function toDataUrl(bytes: Uint8Array, mimeType: string): string {
  return `data:${mimeType};base64,${bytes.toBase64()}`;
}
