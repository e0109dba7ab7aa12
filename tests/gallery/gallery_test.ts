/** `docs/gallery.md` says what its rows and inputs say, and its commands can be followed. Nothing is painted here. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { buildSchema, coerceInputValue } from "graphql";
import { createProgram } from "../../cli/program.ts";
import { readHeader } from "../../image/header.ts";
import { resolveLayout } from "../../layout/resolve/resolve.ts";
import { galleryPage, inputPath, inputText, picturePath, ROOT } from "../../tools/gallery/page.ts";
import { GALLERY, type GalleryRow } from "../../tools/gallery/rows.ts";

/** Bytes: history keeps pictures for ever. */
const MAX_PICTURE = 60_000, MAX_ALL = 700_000;

const PAGE = Deno.readTextFileSync(new URL("docs/gallery.md", ROOT));
/** The pictures of a row that are painted from an input. */
const painted = ({ pictures }: GalleryRow) => pictures.filter(({ reroll }) => reroll === undefined);

const INPUT = buildSchema(Deno.readTextFileSync(new URL("schema/schema.graphql", ROOT))).getType("GenerateInput");

Deno.test("the page is made of the rows and inputs that there are", () => {
  assert.equal(PAGE, galleryPage(), "deno task gallery makes it anew");
  const listed = GALLERY.flatMap((row) => painted(row).map(({ name }) => `${name}.json`));
  assert.deepEqual(
    [...Deno.readDirSync(new URL("examples/gallery", ROOT))].map(({ name }) => name).sort(),
    listed.sort(),
  );
  const pictures = GALLERY.map(({ name }) => `${name}.webp`);
  const kept = [...Deno.readDirSync(new URL("docs/images/gallery", ROOT))].map(({ name }) => name);
  assert.deepEqual(kept.sort(), pictures.sort());
});

Deno.test("the gallery's pictures are small", () => {
  const sizes = GALLERY.map((row) => {
    const bytes = Deno.readFileSync(new URL(picturePath(row), ROOT));
    assert.equal(readHeader(bytes).format, "WEBP");
    assert.ok(bytes.length < MAX_PICTURE, `${row.name} has ${bytes.length} bytes`);
    return bytes.length;
  });
  assert.ok(sizes.reduce((sum, size) => sum + size) < MAX_ALL);
});

Deno.test("every input of the gallery is a GenerateInput whose layout resolves, and whose images its row uploads", async (t) => {
  assert.ok(INPUT !== undefined && "getFields" in INPUT);
  for (const row of GALLERY) {
    const { uploads = [] } = row, pictures = painted(row);
    const ids = uploads.map((path) =>
      createHash("sha256").update(Deno.readFileSync(new URL(path, ROOT))).digest("hex")
    );
    const texts = pictures.map(({ name }) => inputText(name));
    for (const [i, text] of texts.entries()) {
      await t.step(inputPath(pictures[i]?.name ?? ""), () => {
        const input = JSON.parse(text);
        coerceInputValue(input, INPUT as Parameters<typeof coerceInputValue>[1]); // throws
        const resolution = resolveLayout(input.layout, { maxRegions: 64, path: [] });
        assert.ok("layout" in resolution, JSON.stringify(resolution));
        assert.ok(Number.isInteger(input.seed), "a picture is painted again only by its seed");
        for (const [id] of text.matchAll(/[0-9a-f]{64}/g)) assert.ok(ids.includes(id), `nobody uploads ${id}`);
      });
    }
    for (const id of ids) assert.ok(texts.some((text) => text.includes(id)), `no input uses ${id}`);
  }
});

Deno.test("the page's commands parse", async () => {
  const lines = PAGE.match(/^deno task cli .+$/gm) ?? [];
  assert.ok(lines.length > GALLERY.length);
  for (const line of lines) {
    const program = createProgram();
    for (const command of program.commands) command.action(() => {});
    const words = line.split(" ").slice(3);
    await program.parseAsync(words, { from: "user" });
    for (const word of words.filter((word) => word.startsWith("examples/"))) Deno.statSync(new URL(word, ROOT));
  }
});
