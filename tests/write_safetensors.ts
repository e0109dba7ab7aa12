/** Writes safetensors files for tests. */

/** A tensor as it is to be stored: numbers in float32, or bytes of another element type. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number> | Uint8Array<ArrayBuffer>;
  /** Default F32. */
  readonly dtype?: string;
}

/** The bytes of a file with these tensors. */
export function safetensors(tensors: Readonly<Record<string, StoredTensor>>): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [name, { shape, data, dtype = "F32" }] of Object.entries(tensors)) {
    const bytes = data instanceof Uint8Array ? data : new Uint8Array(Float32Array.from(data).buffer);
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    parts.push(bytes);
    at += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + at);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  let to = 8 + json.length;
  for (const part of parts) {
    file.set(part, to);
    to += part.length;
  }
  return file;
}
