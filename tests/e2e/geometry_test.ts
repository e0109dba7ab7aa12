/**
 * For every kind of geometry, what is painted follows it: red inside, blue outside. Where inside is, is said here once
 * more, in plain inequalities, so that the rasteriser is not its own judge.
 */

import assert from "node:assert/strict";
import { uploadMask, uploadMasks } from "../../tools/examples/layouts.ts";
import { pixels } from "../../image/pixels.ts";
import { decodePng, encodePng } from "../../image/png.ts";
import type { GeometrySpec, GridSpec } from "../../layout/layout.ts";
import { picture, startServer, type TestServer } from "./server.ts";

const EDGE = 128;

/** How far from the outline a pixel must be to count, in fractions: a cell and a half of the UNet's latent grid. */
const MARGIN = 12 / EDGE;

/** How much more of one primary than of the other the mean colour must have, of 255. */
const CONTRAST = 60;

interface Case {
  readonly kind: string;
  readonly geometry: GeometrySpec;
  readonly grid?: GridSpec;
  readonly inside: (x: number, y: number) => boolean;
}

const between = (value: number, from: number, to: number) => from <= value && value < to;

const CASES: readonly Case[] = [
  {
    kind: "rectangle",
    geometry: { rectangle: { x: 0.1, y: 0.3, width: 0.6, height: 0.4 } },
    inside: (x, y) => between(x, 0.1, 0.7) && between(y, 0.3, 0.7),
  },
  {
    kind: "ellipse",
    geometry: { ellipse: { cx: 0.5, cy: 0.45, rx: 0.4, ry: 0.3 } },
    inside: (x, y) => ((x - 0.5) / 0.4) ** 2 + ((y - 0.45) / 0.3) ** 2 < 1,
  },
  {
    kind: "polygon",
    geometry: { polygon: { points: [{ x: 0, y: 1 }, { x: 0.5, y: 0 }, { x: 1, y: 1 }] } },
    inside: (x, y) => y > Math.abs(2 * x - 1),
  },
  {
    kind: "polygon with a hole",
    geometry: {
      polygon: {
        points: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }],
        holes: [[{ x: 0.3, y: 0.3 }, { x: 0.7, y: 0.3 }, { x: 0.7, y: 0.7 }, { x: 0.3, y: 0.7 }]],
      },
    },
    inside: (x, y) => !(between(x, 0.3, 0.7) && between(y, 0.3, 0.7)),
  },
  {
    kind: "cell of a two-dimensional grid",
    geometry: { cell: 2 },
    grid: { direction: "COLUMNS", ratios: "1,1,1;1,2,1" },
    inside: (x, y) => x < 2 / 3 && y >= 0.5,
  },
  {
    kind: "cell of a nested grid",
    geometry: { cell: 2 },
    grid: {
      direction: "COLUMNS",
      ratios: "1,2",
      nested: [{ cell: 1, grid: { direction: "ROWS", ratios: "1,1" } }],
    },
    inside: (x, y) => x >= 1 / 3 && y >= 0.5,
  },
  {
    kind: "mask by luminance",
    geometry: { mask: { asset: "heart.png" } },
    inside: heart,
  },
  {
    kind: "mask by luminance, inverted",
    geometry: { mask: { asset: "heart.png", inverted: true } },
    inside: (x, y) => !heart(x, y),
  },
  {
    kind: "mask by alpha",
    geometry: { mask: { asset: "disc.png", channel: "ALPHA" } },
    inside: disc,
  },
  {
    kind: "mask by colour",
    geometry: { mask: { asset: "map.png", colour: "#408080" } },
    inside: (x, y) => {
      const u = 2 * x - 1, v = 2 * y - 1;
      return u + 0.22 * Math.sin(3.1 * v + 0.6) + 0.08 * Math.sin(9 * v) > 0.05;
    },
  },
  {
    kind: "union",
    geometry: {
      union: [
        { rectangle: { x: 0.35, y: 0, width: 0.3, height: 1 } },
        { rectangle: { x: 0, y: 0.35, width: 1, height: 0.3 } },
      ],
    },
    inside: (x, y) => between(x, 0.35, 0.65) || between(y, 0.35, 0.65),
  },
  {
    kind: "subtraction",
    geometry: {
      subtraction: {
        from: { ellipse: { cx: 0.5, cy: 0.5, rx: 0.48, ry: 0.48 } },
        subtract: [{ rectangle: { x: 0.5, y: 0, width: 0.5, height: 1 } }],
      },
    },
    inside: (x, y) => Math.hypot(x - 0.5, y - 0.5) < 0.48 && x < 0.5,
  },
];

function disc(x: number, y: number): boolean {
  return Math.hypot(x - 0.45, y - 0.5) < 0.36;
}

/** The disc in opaque black on transparent white: only its alpha tells it apart from its surroundings. */
function discFile(): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(EDGE * EDGE * 4);
  for (let i = 0; i < EDGE * EDGE; i++) {
    const inside = disc((i % EDGE + 0.5) / EDGE, (Math.floor(i / EDGE) + 0.5) / EDGE);
    data.set(inside ? [0, 0, 0, 255] : [255, 255, 255, 0], 4 * i);
  }
  return encodePng(pixels(EDGE, EDGE, 4, data), {});
}

function heart(x: number, y: number): boolean {
  const u = (2 * x - 1) * 1.4, v = 0.12 - (2 * y - 1) * 1.4;
  return (u * u + v * v - 1) ** 3 <= u * u * v ** 3;
}

Deno.test("the picture follows the geometry of its regions", async (t) => {
  await using server = await startServer();
  const masks = new Map(await uploadMasks(server.url));
  masks.set("disc.png", await uploadMask(server.url, "disc.png", discFile()));
  for (const { kind, geometry, grid, inside } of CASES) {
    const layout = {
      basePrompt: "blue background",
      ...(grid === undefined ? {} : { grid }),
      regions: [{ prompt: "red background", geometry: withAssets(geometry, masks) }],
    };
    await t.step(kind, () => assertFollows(server, layout, inside));
  }
  const layout = {
    basePrompt: "green background",
    regions: [
      { prompt: "blue background", geometry: { rectangle: { x: 0, y: 0, width: 1, height: 0.4 } } },
      { prompt: "red background", geometry: { rest: true } },
    ],
  };
  await t.step("rest", () => assertFollows(server, layout, (_x, y) => y >= 0.4));
});

/** Paints a layout and asserts that the mean colour is red inside and blue outside. */
async function assertFollows(
  server: TestServer,
  layout: unknown,
  inside: (x: number, y: number) => boolean,
): Promise<void> {
  const file = await picture(server.client, {
    model: "beds-256-lcm",
    width: EDGE,
    height: EDGE,
    steps: 4,
    seed: 3,
    layout,
  });
  const { data, channels } = decodePng(file).pixels;
  const means = { inside: new Mean(), outside: new Mean() };
  for (let i = 0; i < EDGE * EDGE; i++) {
    const x = (i % EDGE + 0.5) / EDGE, y = (Math.floor(i / EDGE) + 0.5) / EDGE;
    const here = inside(x, y);
    const near = [-MARGIN, 0, MARGIN].some((dx) => [-MARGIN, 0, MARGIN].some((dy) => inside(x + dx, y + dy) !== here));
    const within = between(x, MARGIN, 1 - MARGIN) && between(y, MARGIN, 1 - MARGIN);
    if (near || !within) continue;
    means[here ? "inside" : "outside"].add(data.subarray(i * channels, i * channels + 3));
  }
  const [redIn, , blueIn] = means.inside.colour, [redOut, , blueOut] = means.outside.colour;
  const found = `inside ${means.inside}, outside ${means.outside}`;
  assert.ok(redIn - blueIn > CONTRAST, `red inside: ${found}`);
  assert.ok(blueOut - redOut > CONTRAST, `blue outside: ${found}`);
}

/** The geometry with the uploaded assets in place of the example masks' file names. */
function withAssets(geometry: GeometrySpec, masks: ReadonlyMap<string, string>): GeometrySpec {
  if (geometry.mask === undefined || geometry.mask === null) return geometry;
  const asset = masks.get(geometry.mask.asset);
  assert.ok(asset !== undefined, `${geometry.mask.asset} is uploaded`);
  return { mask: { ...geometry.mask, asset } };
}

/** A mean colour. */
class Mean {
  #sum = [0, 0, 0];
  #count = 0;

  add(colour: ArrayLike<number>): void {
    this.#sum = this.#sum.map((sum, c) => sum + (colour[c] ?? 0));
    this.#count++;
  }

  get colour(): [red: number, green: number, blue: number] {
    assert.ok(this.#count > 100, `only ${this.#count} pixels are far enough from the outline`);
    const [red = 0, green = 0, blue = 0] = this.#sum.map((sum) => sum / this.#count);
    return [red, green, blue];
  }

  toString(): string {
    return `(${this.colour.map((value) => value.toFixed(0)).join(", ")})`;
  }
}
