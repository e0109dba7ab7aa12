/** WebSocket frames by hand, for clients that do not read. Source: RFC 6455, section 5.2 */

/** A request to become a WebSocket. */
export function handshake(url: string): string {
  const lines = [
    "GET /graphql HTTP/1.1",
    `host: ${new URL(url).host}`,
    "connection: Upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
    "sec-websocket-protocol: graphql-transport-ws",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** A text frame, masked as clients must; at most 65,535 bytes. */
export function textFrame(text: string): Uint8Array<ArrayBuffer> {
  const payload = new TextEncoder().encode(text);
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const [first = 0, ...rest] = length;
  return Uint8Array.from([0x81, 0x80 | first, ...rest, 0, 0, 0, 0, ...payload]); // a mask of zeros changes nothing
}
