/** Previews as files: each is encoded once per size and format, however many ask for it, and those asked for last stay. */

import { LRUCache } from "lru-cache";
import type { Turn } from "../workers/fair_queue.ts";
import { toDataUrl } from "./data_url.ts";
import type { ImageEncoder } from "./encoder.ts";
import { type ImageFormat, mimeType } from "./format.ts";
import { readHeader } from "./header.ts";
import { type Pixels, pixels } from "./pixels.ts";
import { previewEncoding } from "./preview_encoding.ts";

/** Files that are kept, in bytes, their data URLs included. */
const MAX_BYTES = 32 * 2 ** 20;

/** A preview's pixels, and what they are known by. */
export interface Preview {
  readonly generationId: string;
  /** Of the event; never stands for other pixels. */
  readonly sequence: number;
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], RGB. */
  readonly pixels: Uint8Array;
}

/** An encoded preview. */
export class PreviewFile {
  #dataUrl: string | undefined;

  constructor(readonly bytes: Uint8Array<ArrayBuffer>, readonly mimeType: string) {}

  /** The file as a `data:` URL; made once. */
  get dataUrl(): string {
    return this.#dataUrl ??= toDataUrl(this.bytes, this.mimeType);
  }
}

/** Files that several servers share. */
export interface SharedFiles {
  /** The file of a name, or what `make` makes where no server has it. @throws what `make` throws. */
  once(name: string, make: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>>;
}

/** Where there is one server. */
const NOT_SHARED: SharedFiles = { once: (_name, make) => make() };

/** An encoding under way. */
interface Encoding {
  readonly file: Promise<PreviewFile>;
  /** Those who have not left. */
  waiting: number;
  readonly allLeft: AbortController;
}

/** Encodes previews and keeps them. */
export class PreviewFiles {
  readonly #files: LRUCache<string, PreviewFile>;
  readonly #encodings = new Map<string, Encoding>();

  /**
   * @param shared Whether another server has made a file is asked there.
   * @param maxBytes Of the files that are kept.
   */
  constructor(
    private readonly encoder: Pick<ImageEncoder, "encode">,
    private readonly shared: SharedFiles = NOT_SHARED,
    maxBytes: number = MAX_BYTES,
  ) {
    // A data URL is a third longer than its file.
    const sizeCalculation = ({ bytes }: PreviewFile) => Math.ceil(bytes.length * 7 / 3) + 1;
    this.#files = new LRUCache({ maxSize: maxBytes, sizeCalculation });
  }

  /**
   * A preview with its longer edge at `edge` pixels.
   * @param turn Whose turn the encoding takes where it is still to be done; it is dropped when all who wait have left.
   * @throws what {@link ImageEncoder.encode} throws.
   */
  async get(preview: Preview, format: ImageFormat, edge: number, turn: Turn): Promise<PreviewFile> {
    const { generationId, sequence } = preview;
    const key = `${generationId}/${sequence}/${edge}/${format}`;
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    turn.signal?.throwIfAborted();
    const encoding = this.#encodings.get(key) ?? this.#encode(key, preview, format, edge, turn);
    encoding.waiting++;
    const leave = () => {
      if (--encoding.waiting > 0) return;
      // Who comes after this begins anew.
      if (this.#encodings.get(key) === encoding) this.#encodings.delete(key);
      encoding.allLeft.abort(turn.signal?.reason);
    };
    turn.signal?.addEventListener("abort", leave, { once: true });
    try {
      return await encoding.file;
    } finally {
      turn.signal?.removeEventListener("abort", leave);
    }
  }

  #encode(key: string, preview: Preview, format: ImageFormat, edge: number, { lane }: Turn): Encoding {
    const allLeft = new AbortController();
    const encode = async () => {
      try {
        const source: Pixels = pixels(preview.width, preview.height, 3, preview.pixels);
        const turn = { lane, signal: allLeft.signal };
        const make = async () => (await this.encoder.encode(source, previewEncoding(format, edge), turn)).bytes;
        let bytes = await this.shared.once(key, make);
        if (formatOf(bytes) !== format) bytes = await make(); // something else stood there
        const file = new PreviewFile(bytes, mimeType(format));
        this.#files.set(key, file);
        return file;
      } finally {
        if (this.#encodings.get(key) === encoding) this.#encodings.delete(key);
      }
    };
    const encoding: Encoding = { file: Promise.resolve().then(encode), waiting: 0, allLeft };
    this.#encodings.set(key, encoding);
    return encoding;
  }
}

function formatOf(bytes: Uint8Array): ImageFormat | null {
  try {
    return readHeader(bytes).format;
  } catch {
    return null;
  }
}
