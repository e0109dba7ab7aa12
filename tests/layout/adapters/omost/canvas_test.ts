// deno-lint-ignore-file no-non-null-assertion
/** Omost's canvases: words for places become rectangles, and Python text is read without running it. */

import assert from "node:assert/strict";
import { closestWord } from "../../../../layout/adapters/closest_word.ts";
import { readOmostCanvas } from "../../../../layout/adapters/omost/canvas.ts";
import { AREAS, LOCATIONS, OFFSETS, omostRectangle } from "../../../../layout/adapters/omost/places.ts";
import { resolveLayout } from "../../../../layout/resolve/resolve.ts";
import { codes, problemsOf, understood } from "../adapting.ts";

const read = (text: string) => understood(readOmostCanvas({ text }));
const refused = (text: string) => problemsOf(readOmostCanvas({ text }));

const GLOBAL = 'canvas.set_global_description(description="A meadow.", detailed_descriptions=["Tall grass.", "Sun"], ' +
  'tags="meadow, sun", HTML_web_color_name="lightgreen")\n';
const local = (changes: Record<string, string> = {}) => {
  const args = {
    location: '"on the left"',
    offset: '"no offset"',
    area: '"a small square area"',
    distance_to_viewer: "2.5",
    description: '"A red fox"',
    ...changes,
  };
  return `canvas.add_local_description(${
    Object.entries(args).map(([name, value]) => `${name}=${value}`).join(", ")
  })\n`;
};

/** An answer of the model, as it writes them. */
const ANSWER = `Here is the canvas:

\`\`\`python
# Initialize the canvas
canvas = Canvas()

canvas.set_global_description(
    description='A fierce battle.',
    detailed_descriptions=[
        'The scene is vibrant.',
        "Warriors\\' swords clash, "
        "sparks fly.",
    ],
    tags='battle, warriors, ',
    HTML_web_color_name='darkslategray',
)

canvas.add_local_description(
    location='in the center',
    offset='slightly to the right',
    area='a large square area',
    distance_to_viewer=1.5,
    description='A warrior',
    detailed_descriptions=['Golden armour.'],
    tags='armour',
    atmosphere='Tense.',
    style='Realistic.',
    quality_meta='High resolution.',
    HTML_web_color_name='gold',
)
\`\`\`
Enjoy!`;

Deno.test("an answer: the first code block counts; global before local, sentence by sentence", () => {
  const result = read(ANSWER);
  const { layout } = result;
  assert.equal(
    layout.basePrompt,
    "A fierce battle. The scene is vibrant. Warriors' swords clash, sparks fly. battle, warriors.",
  );
  const [region] = layout.regions;
  assert.equal(
    region!.prompt,
    "A fierce battle. A warrior. Golden armour. armour. Tense. Realistic. High resolution.",
  );
  // Centre (55, 45), 70 x 70 on the grid of 90 x 90.
  assert.deepEqual(region!.geometry, { kind: "RECTANGLE", x: 20 / 90, y: 10 / 90, width: 70 / 90, height: 70 / 90 });
  assert.deepEqual([layout.overlap, layout.promptSyntax, region!.z], ["Z_ORDER", "PLAIN", -1.5]);
  assert.deepEqual(result.warnings.map(({ code, position }) => [code, position!.line]), [["COLOUR_LEFT_OUT", 15]]);
});

Deno.test("places: 9 locations x 9 offsets x 9 areas are rectangles inside of the canvas, with the area's size where they fit", () => {
  let count = 0;
  for (const location of LOCATIONS.values()) {
    for (const offset of OFFSETS.values()) {
      for (const area of AREAS.values()) {
        const rectangle = omostRectangle(location, offset, area);
        const resolved = resolveLayout({ regions: [{ prompt: "", geometry: { rectangle } }] }, { maxRegions: 1 });
        assert("layout" in resolved);
        const edges = [0, 1].map((axis) => {
          const centre = location[axis]! + offset[axis]!;
          return [Math.max(0, centre - area[axis]! / 2), Math.min(90, centre + area[axis]! / 2)];
        });
        assert.deepEqual(rectangle, {
          x: edges[0]![0]! / 90,
          y: edges[1]![0]! / 90,
          width: (edges[0]![1]! - edges[0]![0]!) / 90,
          height: (edges[1]![1]! - edges[1]![0]!) / 90,
        });
        count++;
      }
    }
  }
  assert.equal(count, 729);
});

Deno.test("places: what leaves the canvas is cut off: a small square at the left begins at the border", () => {
  const { layout } = read('canvas.set_global_description("")\n' + local());
  assert.equal(layout.regions[0]!.prompt, "A red fox.");
  // Centre (15, 45), 50 x 50: from -10, which is 0, to 40.
  assert.deepEqual(layout.regions[0]!.geometry, {
    kind: "RECTANGLE",
    x: 0,
    y: 20 / 90,
    width: 40 / 90,
    height: 50 / 90,
  });
});

Deno.test("distances: the nearer one is in front, of equals the later one", () => {
  const { layout } = read(GLOBAL + local({ distance_to_viewer: "1" }) + local({ distance_to_viewer: "10" }));
  const [near, far] = layout.regions;
  assert(near!.z > far!.z);
});

Deno.test("words that are nearly right are corrected, with a warning; others are problems", () => {
  const result = read(GLOBAL + local({ location: '"In the Centre"', area: '"a big square area"' }));
  assert.deepEqual(codes(result), ["COLOUR_LEFT_OUT", "CORRECTED", "CORRECTED"]);
  assert.equal(result.warnings[1]!.message, '"In the Centre" was read as "in the center"');
  const geometry = { kind: "RECTANGLE", x: 10 / 90, y: 10 / 90, width: 70 / 90, height: 70 / 90 };
  assert.deepEqual(result.layout.regions[0]!.geometry, geometry);
  assert.match(
    refused(GLOBAL + local({ offset: '"nowhere"' }))[0]!,
    /must be one of no offset, .* at line 2, column 54/,
  );
});

/** Answers of Python's difflib.get_close_matches(word, choices, n=1, cutoff=0.5). */
const CLOSEST: [word: string, choices: ReadonlyMap<string, unknown>, closest: string | undefined][] = [
  ["center", LOCATIONS, "in the center"],
  ["left", LOCATIONS, "on the left"],
  ["the top left", LOCATIONS, "on the top-left"],
  ["on the upper left", LOCATIONS, "on the left"],
  ["in the top-left corner", LOCATIONS, "on the top-left"],
  ["on bottom right", LOCATIONS, "on the bottom-right"],
  ["middle", LOCATIONS, undefined],
  ["a big square", AREAS, "a large square area"],
  ["medium square area", AREAS, "a medium-sized square area"],
  ["a large area", AREAS, "a large square area"],
  ["a square area", AREAS, "a small square area"],
  ["a small squared area", AREAS, "a small square area"],
  ["small", AREAS, undefined],
];

for (const [word, choices, closest] of CLOSEST) {
  Deno.test(`the word most like "${word}" is ${closest === undefined ? "none" : `"${closest}"`}`, () => {
    assert.equal(closestWord(word, choices.keys()), closest);
  });
}

Deno.test("Python: quotes of every kind, escapes, raw text, comments, positions and parameters by order", () => {
  const text = `canvas.set_global_description('''A
b''', ["it\\'s", r"\\n\\"q", 'x' # comment
 "y"], "\\u00e9\\x41\\t.", "red"); canvas.add_local_description(
   "on the left", 'no offset', "a small square area", +1e1, """fox""")`;
  const { layout } = read(text);
  assert.equal(layout.basePrompt, "A\nb. it's. \\n\\\"q. xy. éA\t.");
  assert.deepEqual(layout.regions.map(({ prompt, z }) => [prompt, z]), [["A\nb. fox.", -10]]);
});

Deno.test("Python: what is no call with literals is a problem, with its line and column", () => {
  const at = (text: string) => refused(text)[0]!;
  assert.match(at("import os"), /must be calls with literal arguments: "\." is expected, not "os" at position 7/);
  assert.match(
    at(`${GLOBAL}canvas.add_local_description(location=f"x")`),
    /"f" before a text is not supported at line 2/,
  );
  assert.match(
    at(`${GLOBAL}canvas.add_local_description(location=open("x"))`),
    /a number or a list of texts is expected/,
  );
  assert.match(
    at(`${GLOBAL}canvas.add_local_description(location="x`),
    /a text that does not end at line 2, column 39/,
  );
  assert.match(at(`${GLOBAL}canvas.add_local_description(location="x\n")`), /a text that does not end at line 2/);
  assert.match(at(`${GLOBAL}canvas.clear()`), /another call is at line 2, column 1, got "canvas.clear"/);
  assert.match(at(`${GLOBAL}os.system("x")`), /another call is at line 2/);
});

Deno.test("arguments: missing, unknown, doubled or of another type are problems", () => {
  const at = (text: string) => refused(GLOBAL + text)[0]!;
  assert.match(
    at("canvas.add_local_description()"),
    /location, offset, area, distance_to_viewer, description is missing/,
  );
  assert.match(at(local({ colour: '"red"' })), /colour is unknown/);
  assert.match(at(local({ description: "5" })), /description is not a text/);
  assert.match(at(local({ distance_to_viewer: '"near"' })), /distance_to_viewer is not a number/);
  assert.match(at(local({ distance_to_viewer: "0" })), /distance_to_viewer greater than 0/);
  assert.match(at('canvas.add_local_description("on the left", location="on the left")'), /location is given twice/);
  assert.match(refused(local())[0]!, /must call canvas.set_global_description/);
  assert.match(refused("")[0]!, /must call canvas.set_global_description/);
});

Deno.test("a second global description replaces the first for what follows", () => {
  const second = GLOBAL.replace("A meadow.", "A beach.");
  const result = read(GLOBAL + local() + second + local());
  assert.deepEqual(result.layout.regions.map(({ prompt }) => prompt), ["A meadow. A red fox.", "A beach. A red fox."]);
  assert.match(result.layout.basePrompt, /^A beach\./);
  assert.deepEqual(codes(result), ["COLOUR_LEFT_OUT", "GLOBAL_REPLACED"]);
});
