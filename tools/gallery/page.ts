/** `docs/gallery.md`, as it follows from the rows and their inputs. */

import { GALLERY, type GalleryPicture, type GalleryRow } from "./rows.ts";

/** The repository. */
export const ROOT = new URL("../../", import.meta.url);

const INTRODUCTION = `# Gallery

<!-- Made by \`deno task gallery\` of tools/gallery/rows.ts and examples/gallery: change those. -->

What the [embedded models](../models/beds-256/README.md) paint, each picture with its input and the command that paints
it. Seeds were chosen among up to five for showing the point, and stand in the inputs. \`deno task gallery\` paints all
of them again, \`deno task gallery NAME\` one row.
`;

/** The whole page. */
export function galleryPage(): string {
  return [INTRODUCTION, ...GALLERY.map(section)].join("\n");
}

/** Where an input is, from the root. */
export function inputPath(name: string): string {
  return `examples/gallery/${name}.json`;
}

/** Where the picture of a row is, from the root. */
export function picturePath({ name }: GalleryRow): string {
  return `docs/images/gallery/${name}.webp`;
}

/** The text of an input's file. */
export function inputText(name: string): string {
  return Deno.readTextFileSync(new URL(inputPath(name), ROOT));
}

function section(row: GalleryRow): string {
  const { title, about, pictures, uploads = [] } = row;
  const commands = [
    ...uploads.map((path) => `deno task cli upload ${path}`),
    ...pictures.map((picture, i) => command(picture, pictures[i - 1])),
  ];
  const inputs = pictures.filter(({ reroll }) => reroll === undefined).map(({ name }) =>
    `<details><summary>${inputPath(name)}</summary>\n\n\`\`\`json\n${inputText(name)}\`\`\`\n\n</details>\n`
  );
  return [
    `## ${title}\n`,
    `${about}\n`,
    `![${title}](${picturePath(row).replace(/^docs\//, "")})\n`,
    `\`\`\`sh\n${commands.join("\n")}\n\`\`\`\n`,
    ...inputs,
  ].join("\n");
}

/** What paints a picture; a re-roll needs the file of the one before it. */
function command({ name, reroll }: GalleryPicture, before: GalleryPicture | undefined): string {
  if (reroll === undefined) return `deno task cli generate --input ${inputPath(name)} --out ${name}.png`;
  return `deno task cli reroll ${before?.name}.png --region ${reroll.region} --seed ${reroll.seed} --out ${name}.png`;
}
