// deno-lint-ignore-file no-non-null-assertion
/** The SVG picture of a layout: well-formed, self-contained, safe, and true to the masks. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { contourPath } from "../../../layout/svg/contours.ts";
import type { GeometrySpec, LayoutSpec } from "../../../layout/layout.ts";
import { hex, regionColour } from "../../../layout/picture/palette.ts";
import { drawLayoutSvg } from "../../../layout/picture/picture_svg.ts";
import { escaped } from "../../../layout/svg/markup.ts";
import { IMAGES, randomSpec, resolveOrThrow } from "../random_layout.ts";

const draw = (spec: LayoutSpec, width = 200, height = 200) =>
  drawLayoutSvg(resolveOrThrow(spec), width, height, IMAGES);

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Reads a document strictly: every character belongs to a tag or to text, tags match, attributes are quoted. */
function readXml(text: string): { tags: readonly Tag[]; texts: readonly string[] } {
  const open: string[] = [], tags: Tag[] = [], texts: string[] = [];
  const token = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z-]+="[^"<>&]*(?:&#\d+;[^"<>&]*)*")*)(\/?)>|([^<>&]|&#\d+;)+/gy;
  for (let end = 0; end < text.length; end = token.lastIndex) {
    const match = token.exec(text);
    assert(match !== null, `no XML at ${JSON.stringify(text.slice(end, end + 80))}`);
    const [whole, closing, name, attributes, empty] = match;
    if (name === undefined) {
      texts.push(whole.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(code)));
    } else if (closing === "/") assert.equal(open.pop(), name);
    else {
      const pairs = [...attributes!.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, key, value]) =>
        [key!, value!] as const
      );
      assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, `an attribute twice in ${whole}`);
      tags.push({ name, attributes: new Map(pairs) });
      if (empty !== "/") open.push(name);
    }
  }
  assert.deepEqual(open, []);
  return { tags, texts };
}

const ELEMENTS =
  "svg title defs g rect ellipse path use mask filter feGaussianBlur feComponentTransfer feFuncR feFuncG feFuncB feFuncA pattern text"
    .split(" ");

Deno.test("any layout's SVG is well-formed, with no scripts, no links out, and no reference to what is not there", () => {
  const side = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(randomSpec, side, side, (spec, width, height) => {
      const { tags } = readXml(draw(spec, width, height));
      const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
      assert.equal(new Set(ids).size, ids.length, "an id twice");
      for (const { name, attributes } of tags) {
        assert(ELEMENTS.includes(name), name);
        for (const [key, value] of attributes) {
          assert(!key.startsWith("on") && !/NaN|Infinity|undefined|null/.test(value), `${key}="${value}"`);
          const target = key === "href" ? value.slice(1) : /^url\(#(.+)\)$/.exec(value)?.[1];
          if (target !== undefined) assert(ids.includes(target), `${key}="${value}"`);
          if (key !== "xmlns") assert(!value.includes(":") || key === "style", `${key}="${value}"`);
        }
      }
    }),
    { numRuns: 80 },
  );
});

Deno.test("names are text, whatever they hold", () => {
  const names = fc.oneof(
    fc.constantFrom(
      "</title><script>alert(1)</script>",
      '"><svg onload="alert(1)">',
      "&amp; &lt; ]]> <!-- \0\u0008\u001b",
      "\ud800 \udfff \uffff \ufffe",
      "キツネ 🦊 e\u0301",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  ).filter((name) => name.trim() !== "" && name !== "region 1");
  fc.assert(
    fc.property(names, (name) => {
      const geometry = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
      const { tags, texts } = readXml(draw({ regions: [{ name, prompt: "a", geometry }] }, 2000, 2000));
      assert(tags.every((tag) => ELEMENTS.includes(tag.name)));
      const holdable = [...name.toWellFormed()].map((c) => {
        const code = c.codePointAt(0)!;
        return code < 0x20 && !"\t\n\r".includes(c) || code === 0xfffe || code === 0xffff ? "\ufffd" : c;
      }).join("");
      // Once as a tooltip, once on the region.
      assert(texts.filter((text) => text === holdable).length >= 1, JSON.stringify(texts));
    }),
    { numRuns: 100 },
  );
  assert.equal(escaped(`<a b="c">&'`), "&#60;a b=&#34;c&#34;&#62;&#38;&#39;");
});

Deno.test("shapes stay vectors, in the colours of the picture", () => {
  const svg = draw({
    regions: [
      { prompt: "a", geometry: { ellipse: { cx: 0.5, cy: 0.25, rx: 0.25, ry: 0.2 } } },
      { prompt: "b", feather: 0.05, geometry: { rectangle: { x: 0.1, y: 0.5, width: 0.8, height: 0.25 } } },
    ],
  });
  const { tags } = readXml(svg);
  const has = (name: string, wanted: Record<string, string>) =>
    tags.some((tag) => tag.name === name && Object.entries(wanted).every(([key, v]) => tag.attributes.get(key) === v));
  assert(has("ellipse", { cx: "100", cy: "50", rx: "50", ry: "40" }));
  assert(has("rect", { x: "20", y: "100", width: "160", height: "50" }));
  assert(has("feGaussianBlur", { stdDeviation: "10" }));
  assert(has("rect", { fill: hex(regionColour(0)) }) && has("rect", { fill: hex(regionColour(1)) }));
  assert(has("rect", { fill: "url(#hatch)" }));
});

Deno.test("holes are hatched only where there are any; disabled regions are not drawn", () => {
  const whole = { rectangle: { x: 0, y: 0, width: 1, height: 1 } };
  assert(!draw({ regions: [{ prompt: "a", geometry: whole }] }).includes("hatch"));
  assert(draw({ regions: [{ prompt: "a", geometry: whole, enabled: false }] }).includes("hatch"));
  assert(!draw({ regions: [{ name: "fox", prompt: "a", geometry: whole, enabled: false }] }).includes("fox"));
  assert(!draw({}).includes("hatch"));
});

Deno.test("the largest layouts that resolve make documents of bounded size", () => {
  const points = Array.from({ length: 16_000 / 200 }, (_, i) => ({ x: (i % 7) / 7, y: (i % 11) / 11 }));
  const shapes = Array.from({ length: 200 }, () => ({ polygon: { points } }));
  const flat = draw({ regions: [{ prompt: "a", feather: 0.1, geometry: { union: shapes } }] });
  let nested: GeometrySpec = { union: shapes.slice(0, 12) };
  for (let i = 1; i < 7; i++) nested = { union: [nested, ...shapes.slice(i * 11, i * 11 + 11)] };
  const deep = draw({ regions: [{ prompt: "a", feather: 0.1, geometry: nested }] });
  for (const svg of [flat, deep]) assert(svg.length < 4e6, `${svg.length} characters`);
  readXml(flat);
});

Deno.test("a traced contour encloses what the field has above the threshold", () => {
  const fields = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([width, height]) =>
    fc.array(fc.constantFrom(0, 0, 0.2, 0.7, 1, 1), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, values: Float64Array.from(values) }))
  );
  fc.assert(
    fc.property(fields, (field) => {
      const rings = contourPath(field, 0.5, { x: 1, y: 1 }).split("Z").filter((ring) => ring !== "").map((ring) =>
        ring.slice(1).split("L").map((point) => point.split(" ").map(Number) as [number, number])
      );
      for (let y = 0; y < field.height; y++) {
        for (let x = 0; x < field.width; x++) {
          let crossed = 0;
          for (const ring of rings) {
            ring.forEach(([ax, ay], i) => {
              const [bx, by] = ring[(i + 1) % ring.length]!;
              if ((ay <= y + 0.5) === (by <= y + 0.5)) return;
              if (ax + (y + 0.5 - ay) * (bx - ax) / (by - ay) > x + 0.5) crossed++;
            });
          }
          assert.equal(crossed % 2 === 1, field.values[y * field.width + x]! >= 0.5, `(${x}, ${y})`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("a traced disc has the disc's area", () => {
  const size = 60, values = new Float64Array(size * size);
  values.forEach((_, i) =>
    values[i] = Math.min(1, Math.max(0, 20.5 - Math.hypot(i % size + 0.5 - 30, Math.floor(i / size) + 0.5 - 30)))
  );
  const points = contourPath({ width: size, height: size, values }, 0.5, { x: 2, y: 2 }).slice(1, -1).split("L")
    .map((point) => point.split(" ").map(Number) as [number, number]);
  const area = points.reduce((sum, [ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length]!;
    return sum + (ax * by - bx * ay) / 2;
  }, 0);
  assert(Math.abs(Math.abs(area) / (Math.PI * 40 ** 2) - 1) < 0.005, `${area}`);
});
