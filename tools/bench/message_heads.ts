/** The beginnings of the messages in a stream of bytes: all that a subscriber who only takes times has to look at. */

/** Bytes of a message that are kept; its type and time stand there. */
const HEAD = 512;

/** Told the head of each message when its last byte is there. */
type Heard = (head: string) => void;

const decoder = new TextDecoder();

/** Lines: of server-sent events each is a field, whatever the chunks of HTTP that they came in. */
export class LineHeads {
  #head = "";

  constructor(private readonly heard: Heard) {}

  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(10, from);
      const stop = end === -1 ? bytes.length : end;
      const room = HEAD - this.#head.length;
      if (room > 0) this.#head += decoder.decode(bytes.subarray(from, Math.min(stop, from + room)));
      if (end === -1) return;
      this.heard(this.#head);
      this.#head = "";
      from = end + 1;
    }
  }
}

/** The opcode of a server's question whether the client is there (RFC 6455, 5.5.2). */
const PING = 0x9;

/** Messages of a WebSocket server, unmasked and in one frame each (RFC 6455, 5.2). */
export class FrameHeads {
  /** What has come of a frame's header. */
  #header: number[] = [];
  #opcode = 0;
  #head = "";
  #left = -1;

  /** @param pinged Called for each ping, which must be answered. */
  constructor(private readonly heard: Heard, private readonly pinged: () => void) {}

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#left === -1) {
        this.#header.push(bytes[at++] ?? 0);
        this.#left = payloadLength(this.#header);
        if (this.#left === -1) continue;
        this.#opcode = (this.#header[0] ?? 0) & 0xf;
        this.#header = [];
      }
      const taken = Math.min(this.#left, bytes.length - at);
      const room = HEAD - this.#head.length;
      if (room > 0) this.#head += decoder.decode(bytes.subarray(at, at + Math.min(taken, room)));
      at += taken;
      this.#left -= taken;
      if (this.#left > 0) return;
      if (this.#opcode === PING) this.pinged();
      else this.heard(this.#head);
      this.#head = "";
      this.#left = -1;
    }
  }
}

/** The length that a complete header states; -1 as long as it is not complete. */
function payloadLength(header: readonly number[]): number {
  const short = (header[1] ?? 0) & 0x7f;
  if (header.length < 2) return -1;
  if (short < 126) return short;
  const extended = header.slice(2);
  if (extended.length < (short === 126 ? 2 : 8)) return -1;
  return extended.reduce((length, byte) => length * 256 + byte, 0);
}

/** A client's text message: masked, as it must be, by zeros (RFC 6455, 5.3). */
export function clientFrame(text: string): Uint8Array<ArrayBuffer> {
  const payload = new TextEncoder().encode(text);
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  return Uint8Array.from([0x81, 0x80 | (length[0] ?? 0), ...length.slice(1), 0, 0, 0, 0, ...payload]);
}

/** A client's answer to a ping without a payload, as the server's are. */
export const PONG: Uint8Array<ArrayBuffer> = Uint8Array.from([0x8a, 0x80, 0, 0, 0, 0]);
