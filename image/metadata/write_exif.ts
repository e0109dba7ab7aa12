/** Writing the one Exif tag that web UIs read prompts from. Sources: TIFF 6.0, section 2; Exif 2.32, sections 4.6.3 and 4.6.5. */

const LONG = 4, UNDEFINED = 7;
const EXIF_DIRECTORY = 0x8769, USER_COMMENT = 0x9286;

/** The two directories, of one entry each, that stand before the comment. */
const HEADER = 44;

/** An Exif block, big-endian, whose user comment is the text as UTF-16: what AUTOMATIC1111's web UI writes and reads. */
export function exifComment(text: string): Uint8Array {
  const comment = new Uint8Array(8 + 2 * text.length);
  comment.set(new TextEncoder().encode("UNICODE\0"));
  const characters = new DataView(comment.buffer, 8);
  for (let i = 0; i < text.length; i++) characters.setUint16(2 * i, text.charCodeAt(i));

  const block = new Uint8Array(HEADER + comment.length);
  const view = new DataView(block.buffer);
  block.set(new TextEncoder().encode("MM\0*"));
  view.setUint32(4, 8);
  directory(view, 8, { tag: EXIF_DIRECTORY, type: LONG, count: 1, value: 26 });
  directory(view, 26, { tag: USER_COMMENT, type: UNDEFINED, count: comment.length, value: HEADER });
  block.set(comment, HEADER);
  return block;
}

/** A directory of one entry, 18 bytes, with none after it. */
function directory(
  view: DataView,
  at: number,
  entry: { readonly tag: number; readonly type: number; readonly count: number; readonly value: number },
): void {
  view.setUint16(at, 1);
  view.setUint16(at + 2, entry.tag);
  view.setUint16(at + 4, entry.type);
  view.setUint32(at + 6, entry.count);
  view.setUint32(at + 10, entry.value);
  view.setUint32(at + 14, 0);
}
