/** The draft as programs, each of which paints it; and as files. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import type { Page } from "playwright-core";
import { decodePng } from "../../image/png.ts";
import { startServer, type TestServer } from "../e2e/server.ts";
import { closeBrowser } from "./browser.ts";
import { draftWhere, visitWith } from "./kept_draft.ts";

let server: TestServer;
Deno.test.beforeAll(async () => {
  server = await startServer();
});
Deno.test.afterAll(async () => {
  await closeBrowser();
  await server[Symbol.asyncDispose]();
});

const LEAVES = { sanitizeOps: false, sanitizeResources: false };

/** Every character that some program's strings could trip over. */
const PROMPT = 'ocean, it\'s "calm" \\ $HOME ${x} `id` %s\n\'\'\'""" ünï 🌊 </script>';

const COMMANDS: Readonly<Record<string, readonly [file: string, ...command: readonly string[]]>> = {
  "curl": ["paint.sh", "sh"],
  "TypeScript": ["paint.ts", Deno.execPath(), "run", "--quiet", "--no-config", "-A"],
  "Python": ["paint.py", "python3"],
};

/** Runs a program and returns the picture that it wrote. */
async function run(form: string, program: string): Promise<Uint8Array> {
  const [file = "", command = "", ...args] = COMMANDS[form] ?? [];
  const folder = Deno.makeTempDirSync({ prefix: "parterre-take-away-" });
  try {
    Deno.writeTextFileSync(`${folder}/${file}`, program);
    const { code, stderr } = await new Deno.Command(command, { args: [...args, file], cwd: folder }).output();
    assert.equal(code, 0, `${form}: ${new TextDecoder().decode(stderr)}`);
    return Deno.readFileSync(`${folder}/picture.png`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

async function program(page: Page, form: string): Promise<string> {
  await page.getByLabel("As a program that paints it").selectOption(form);
  return await page.getByLabel(form, { exact: true }).inputValue();
}

Deno.test("each program paints the draft, with a key where the server asks for one", LEAVES, async () => {
  const admin = "an-operators-key-of-more-than-32-characters";
  await using keyed = await startServer({ environment: { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: admin } });
  const layout = {
    grid: { direction: "COLUMNS", ratios: "1,1" },
    regions: [{ key: "a", name: "a", prompt: PROMPT }, { key: "b", name: "b", prompt: "forest", enabled: true }],
  };
  const pictures: Uint8Array[] = [];
  for (const { url } of [server, keyed]) {
    await using visitor = await visitWith(url, { width: 64, steps: 2 }, {
      layout,
      key: url === keyed.url ? admin : null,
    });
    const { page } = visitor;
    await page.getByRole("tab", { name: "Take away" }).click();
    for (const form of Object.keys(COMMANDS)) {
      const text = await program(page, form);
      assert.equal(text.includes("YOUR-KEY"), url === keyed.url, form);
      pictures.push(await run(form, text.replace("YOUR-KEY", admin)));
    }
    if (url === keyed.url) continue;
    const { input } = JSON.parse(await program(page, "GraphQL variables"));
    const operation = (await program(page, "GraphQL")).split("# Variables")[0] ?? "";
    const answer = await server.client.request<{ generate: { __typename: string } }>(operation, { input });
    assert.equal(answer.generate.__typename, "Generation");
  }
  const [first, ...others] = pictures.map((file) => decodePng(file).pixels.data);
  for (const pixels of others) assert.deepEqual(pixels, first);
  const asked = await server.client.request<{ generations: { edges: { node: { regions: { prompt: string }[] } }[] } }>(
    "{ generations { edges { node { regions { prompt } } } } }",
  );
  assert.equal(asked.generations.edges.length, 4);
  for (const { node } of asked.generations.edges) assert.equal(node.regions[0]?.prompt, PROMPT);
});

Deno.test("the picture's file restores the draft; the layout's file is as its schema says", LEAVES, async () => {
  await using visitor = await visitWith(server.url);
  const { page } = visitor;
  await page.getByRole("button", { name: "Paint", exact: true }).click();
  await page.getByRole("tab", { name: "Take away" }).click();
  const download = async (role: "link" | "button", name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole(role, { name, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), file: await download.path() };
  };
  const picture = await download("link", "Picture");
  assert.equal(picture.name, "parterre-5.png");
  const layout = await download("button", "Layout (JSON)");
  const schema = JSON.parse(Deno.readTextFileSync(new URL("../../schema/layout.schema.json", import.meta.url)));
  // deno-lint-ignore no-explicit-any
  const validate = new (Ajv2020 as any)({ strict: false }).compile(schema);
  assert.ok(validate(JSON.parse(Deno.readTextFileSync(layout.file))), JSON.stringify(validate.errors));

  const drawn = await download("button", "Layout (SVG)");
  assert.match(drawn.name, /\.svg$/);
  const { $schema: _, ...asked } = JSON.parse(Deno.readTextFileSync(layout.file));
  const report = await server.client.request<{ validateLayout: { svg: string } }>(
    "query ($input: ValidateLayoutInput!) { validateLayout(input: $input) { ... on LayoutReport { svg } } }",
    {
      input: { layout: asked, width: 128, height: 64, model: "beds-256-lcm" },
    },
  );
  assert.equal(Deno.readTextFileSync(drawn.file), report.validateLayout.svg);

  await page.evaluate(() => localStorage.removeItem("parterre.draft"));
  await page.reload();
  await draftWhere(page, ({ settings }) => settings["width"] === 768);
  await page.getByRole("tab", { name: "Open" }).click();
  const input = page.getByLabel("A picture, workflow or document");
  await input.setInputFiles({ name: "p.png", mimeType: "image/png", buffer: readFileSync(picture.file) });
  const restored = await draftWhere(page, ({ settings }) => settings["width"] === 128);
  assert.deepEqual(restored.layout.regions.map(({ prompt }) => prompt), ["ocean", "forest"]);
  await input.setInputFiles(layout.file);
  await page.getByText(/Opened .*, as Parterre has it/).waitFor();
});
