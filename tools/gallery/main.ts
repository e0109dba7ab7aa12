/**
 * `deno task gallery [NAME...]`: paints the rows of the gallery, all or those of the names, as a GraphQL client would,
 * and writes the page `docs/gallery.md`.
 */

import { fileURLToPath } from "node:url";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { encodeImage } from "../../image/encode.ts";
import { decodePng } from "../../image/png.ts";
import { readConfig } from "../../server/config.ts";
import { startParterre } from "../../server/parterre.ts";
import { orRefuse } from "../../server/refusal.ts";
import { galleryPage, inputText, picturePath, ROOT } from "./page.ts";
import { drawLayout, type GalleryInput, paint, reroll, upload } from "./paint.ts";
import { GALLERY, type GalleryRow } from "./rows.ts";
import { type Labelled, sheetOf } from "./sheet.ts";

/** Of WebP, 0 to 100. */
const QUALITY = 82;

/** What is kept while they are painted. */
const OUT = fileURLToPath(new URL("out", ROOT));

async function makeRow(client: GraphqlClient, row: GalleryRow): Promise<void> {
  for (const path of row.uploads ?? []) {
    await upload(client, new File([Deno.readFileSync(new URL(path, ROOT))], path));
  }
  const inputs = row.pictures.filter(({ reroll }) => reroll === undefined)
    .map(({ name }): GalleryInput => JSON.parse(inputText(name)));
  const shown: Labelled[] = [];
  const withRegions = inputs.findLast(({ layout }) => layout.regions !== undefined);
  if (withRegions !== undefined) shown.push({ label: "layout", picture: await drawLayout(client, withRegions) });
  if (row.start !== undefined) {
    shown.push({ label: "start", picture: decodePng(Deno.readFileSync(new URL(row.start, ROOT))).pixels });
  }
  let before = "";
  for (const { name, label, reroll: anew } of row.pictures) {
    const painting = anew === undefined
      ? await paint(client, JSON.parse(inputText(name)))
      : await reroll(client, before, anew);
    before = painting.id;
    shown.push({ label, picture: painting.picture });
  }
  Deno.writeFileSync(
    new URL(picturePath(row), ROOT),
    await encodeImage(sheetOf(shown, row.edge), "WEBP", { quality: QUALITY }),
  );
}

if (import.meta.main) {
  const unknown = Deno.args.filter((name) => !GALLERY.some((row) => row.name === name));
  if (unknown.length > 0) {
    console.error(`No row is named ${unknown.join(", ")}: there are ${GALLERY.map(({ name }) => name).join(", ")}`);
    Deno.exit(2);
  }
  Deno.mkdirSync(OUT, { recursive: true });
  Deno.mkdirSync(new URL("docs/images/gallery", ROOT), { recursive: true });
  const dataFolder = Deno.makeTempDirSync({ dir: OUT, prefix: "gallery-" });
  const parterre = await orRefuse(() =>
    startParterre({ ...readConfig(Deno.env.toObject()), host: "127.0.0.1", port: 0, dataFolder })
  );
  try {
    const client = new GraphqlClient(parterre.url);
    for (const row of GALLERY.filter(({ name }) => Deno.args.length === 0 || Deno.args.includes(name))) {
      await makeRow(client, row);
      console.log(row.name);
    }
    Deno.writeTextFileSync(new URL("docs/gallery.md", ROOT), galleryPage());
  } finally {
    await parterre.close();
    Deno.removeSync(dataFolder, { recursive: true });
  }
  Deno.exit(0);
}
