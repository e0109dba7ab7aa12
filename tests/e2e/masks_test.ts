/** Masks from upload to picture, by clients over HTTP; what is hostile is refused with its rule. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { Client, fetchExchange } from "@urql/core";
import { encodeImage } from "../../image/encode.ts";
import { decodePng } from "../../image/png.ts";
import { bytesOf, png } from "../image/files.ts";
import { draw } from "../image/pictures.ts";
import { finish, generate, picture, SMALL, startServer, type TestServer } from "./server.ts";

const UPLOAD = `mutation Upload($file: File!) {
  uploadMask(file: $file) {
    __typename
    ... on MaskAsset { id url width height bytes mimeType alreadyStored colours { colour share } }
    ... on InvalidInputError { problems { code field value rule } }
  }
}`;

interface Uploaded {
  readonly __typename: string;
  readonly id: string;
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly mimeType: string;
  readonly alreadyStored: boolean;
  readonly colours: readonly { colour: string; share: number }[] | null;
  readonly problems: readonly { code: string; field: string; value: string; rule: string }[];
}

/** The form of the multipart specification: operations, map, file. */
function form(
  file: BlobPart | null,
  { operations = { query: UPLOAD, variables: { file: null } }, map = { 0: ["variables.file"] } }: {
    operations?: unknown;
    map?: unknown;
  } = {},
): FormData {
  const data = new FormData();
  data.set("operations", JSON.stringify(operations));
  data.set("map", JSON.stringify(map));
  if (file !== null) data.set("0", new File([file], "../mask.exe", { type: "text/html" }));
  return data;
}

async function post(
  server: TestServer,
  body: FormData | ReadableStream<Uint8Array> | string,
  headers: Record<string, string>,
) {
  const response = await fetch(`${server.url}/graphql`, { method: "POST", body, headers });
  const text = await response.text();
  const { data, errors }: { data?: { uploadMask: Uploaded }; errors?: { message: string }[] } = JSON.parse(text);
  return { status: response.status, upload: data?.uploadMask, message: errors?.[0]?.message };
}

const PREFLIGHT = { "graphql-preflight": "1" };

async function upload(server: TestServer, file: BlobPart): Promise<Uploaded> {
  const { upload } = await post(server, form(file), PREFLIGHT);
  assert.ok(upload);
  return upload;
}

const HALVES = draw(16, 8, 3, (x) => x < 8 ? [255, 0, 0] : [0, 0, 255]);

Deno.test("an uploaded mask is known by its bytes, stored once, and fetched at its URL", async () => {
  await using server = await startServer();
  const file = await encodeImage(HALVES, "PNG");
  const id = createHash("sha256").update(file).digest("hex");
  const first = await upload(server, file);
  assert.deepEqual(first, {
    __typename: "MaskAsset",
    id,
    url: `/images/${id}.png`,
    width: 16,
    height: 8,
    bytes: file.length,
    mimeType: "image/png",
    alreadyStored: false,
    colours: [{ colour: "#0000ff", share: 0.5 }, { colour: "#ff0000", share: 0.5 }],
  });
  assert.deepEqual(await upload(server, file), { ...first, alreadyStored: true });

  const response = await fetch(server.url + first.url);
  assert.equal(response.headers.get("content-type"), "image/png");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.deepEqual(await response.bytes(), file);

  const query = `query Mask($id: ID!) { maskAsset(id: $id) { id width mimeType alreadyStored colours { colour } } }`;
  const read = (id: string) => server.client.request<{ maskAsset: Partial<Uploaded> | null }>(query, { id });
  for (const name of [id, first.url]) {
    assert.partialDeepStrictEqual((await read(name)).maskAsset, { id, width: 16, alreadyStored: true });
  }
  for (const name of ["0".repeat(64), "nope", ""]) assert.equal((await read(name)).maskAsset, null);
});

Deno.test("a client library uploads, as its manual says", async () => {
  await using server = await startServer();
  const client = new Client({
    url: `${server.url}/graphql`,
    exchanges: [fetchExchange],
    fetchOptions: { headers: { "GraphQL-Preflight": "1" } },
    preferGetMethod: false,
  });
  const file = new File([await encodeImage(HALVES, "WEBP")], "halves.webp");
  const { data, error } = await client.mutation<{ uploadMask: Uploaded }>(UPLOAD, { file }).toPromise();
  assert.equal(error, undefined);
  assert.partialDeepStrictEqual(data?.uploadMask, { __typename: "MaskAsset", width: 16, mimeType: "image/webp" });
});

Deno.test("a form of another site cannot upload: it can set no header that makes the browser ask", async () => {
  await using server = await startServer({ environment: { PARTERRE_CORS: "https://studio.example" } });
  const file = await encodeImage(HALVES, "PNG");
  const refused = await post(server, form(file), {});
  assert.equal(refused.status, 400);
  assert.match(refused.message ?? "", /GraphQL-Preflight/);
  for (
    const header of [
      "GraphQL-Preflight",
      "GraphQL-Require-Preflight",
      "Apollo-Require-Preflight",
      "X-Apollo-Operation-Name",
      "X-GraphQL-Yoga-CSRF",
    ]
  ) {
    assert.equal((await post(server, form(file), { [header]: "true" })).upload?.__typename, "MaskAsset", header);
  }
  const mutation = 'mutation { cancelGeneration(id: "Generation:x") { __typename } }';
  const asForm = await fetch(`${server.url}/graphql`, {
    method: "POST",
    body: new URLSearchParams({ query: mutation }),
  });
  await asForm.body?.cancel();
  assert.equal(asForm.status, 400);
  // Browsers that ask are answered that the header is allowed.
  const preflight = await fetch(`${server.url}/graphql`, {
    method: "OPTIONS",
    headers: {
      origin: "https://studio.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "graphql-preflight",
    },
  });
  await preflight.body?.cancel();
  assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /graphql-preflight/);
});

Deno.test("hostile files are refused with the rule that they break, and nothing of them is stored", async (t) => {
  await using server = await startServer({
    environment: { PARTERRE_MAX_UPLOAD_BYTES: "200000", PARTERRE_MAX_MASK_PIXELS: "10000" },
  });
  const refuses = (name: string, file: BlobPart, code: string, rule: RegExp) =>
    t.step(name, async () => {
      const { __typename, problems } = await upload(server, file);
      assert.equal(__typename, "InvalidInputError");
      const [problem] = problems;
      assert.deepEqual([problem?.code, problem?.field], [code, "file"]);
      assert.match(problem?.rule ?? "", rule);
    });
  await refuses(
    "a header of 60000 x 60000",
    png({ width: 60_000, height: 60_000 }, new Uint8Array(99)),
    "INVALID_SIZE",
    /at most 10000 pixels/,
  );
  await refuses(
    "data that unpacks to 50 MB",
    png({ width: 9, height: 9 }, new Uint8Array(50_000_000)),
    "INVALID_VALUE",
    /must be a PNG file/,
  );
  await refuses(
    "a file cut short",
    (await encodeImage(HALVES, "PNG")).slice(0, -9),
    "INVALID_VALUE",
    /must be a PNG file/,
  );
  await refuses("a page that says it is a picture", "<script>alert(1)</script>", "INVALID_VALUE", /PNG, JPEG or WebP/);
  await refuses("an empty file", "", "INVALID_VALUE", /PNG, JPEG or WebP/);
  await refuses("an animation", bytesOf("webpAnimation"), "UNSUPPORTED", /one picture/);
  await refuses("a file that is too long", new Uint8Array(200_001), "INVALID_SIZE", /at most 200000 bytes/);
  await t.step("a body that is far too long is not even read", async () => {
    const { status } = await post(server, form(new Uint8Array(2_000_000)), PREFLIGHT);
    assert.equal(status, 413);
  });
  await t.step("nor one that does not say how long it is", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => sent++ < 30 ? controller.enqueue(new Uint8Array(100_000)) : controller.close(),
    });
    const headers = { ...PREFLIGHT, "content-type": "multipart/form-data; boundary=x" };
    assert.equal((await post(server, body, headers)).status, 413);
  });
  await t.step("the server goes on", async () => {
    assert.equal((await upload(server, await encodeImage(HALVES, "PNG"))).__typename, "MaskAsset");
    const stored = [...Deno.readDirSync(`${server.dataFolder}/assets`)].map(({ name }) => name);
    assert.equal(stored.filter((name) => /^[0-9a-f]{64}$/.test(name)).length, 1);
  });
});

Deno.test("requests that bend the multipart specification are refused", async (t) => {
  await using server = await startServer();
  const file = await encodeImage(HALVES, "PNG");
  const query = UPLOAD;
  const refuses = (name: string, body: FormData, message: RegExp) =>
    t.step(name, async () => {
      const answer = await post(server, body, PREFLIGHT);
      assert.equal(answer.status, 400);
      assert.match(answer.message ?? "", message);
    });
  const mapped = (map: unknown, operations: unknown = { query, variables: { file: null } }) =>
    form(file, { map, operations });
  await refuses("a map into the query", mapped({ 0: ["query"] }), /variables that are null/);
  await refuses("a map into a prototype", mapped({ 0: ["variables.__proto__.x"] }), /variables that are null/);
  await refuses("a map beside the variables", mapped({ 0: ["variables.other"] }), /variables that are null/);
  await refuses(
    "a map over a value",
    mapped({ 0: ["variables.file"] }, { query, variables: { file: "x" } }),
    /variables that are null/,
  );
  const named = { query, operationName: null, variables: { file: null } };
  await refuses("a map to the operation's name", mapped({ 0: ["operationName"] }, named), /variables that are null/);
  await refuses("a map to nothing", mapped({ 0: [] }), /1 to 8 variables/);
  await refuses("a map to a thousand places", mapped({ 0: Array(1000).fill("variables.file") }), /1 to 8 variables/);
  await refuses("a map that is a list", mapped([["variables.file"]].map((x) => x)), /one field "map"/);
  await refuses(
    "a map that names a missing file",
    mapped({ 0: ["variables.file"], 1: ["variables.file"] }),
    /the file "1"/,
  );
  await refuses("a file that no map names", mapped({}), /1 to 8 variables/);
  await refuses("no file", form(null), /the file "0"/);
  await refuses(
    "a batch",
    mapped({ 0: ["0.variables.file"] }, [{ query, variables: { file: null } }]),
    /one field "operations"/,
  );
  const many = form(file);
  for (let i = 1; i < 20; i++) many.set(String(i), new File(["x"], "x"));
  await refuses("twenty files", many, /at most 8 files/);
  const flood = "--x\r\ncontent-disposition: form-data; name=a\r\n\r\n1\r\n".repeat(100_000);
  const answer = await post(server, flood, { ...PREFLIGHT, "content-type": "multipart/form-data; boundary=x" });
  assert.deepEqual([answer.status, answer.message?.match(/at most 8 files/)?.length], [400, 1]);
  const texts = form(null);
  texts.set("0", "not a file");
  await refuses("text in place of a file", texts, /must have a file at "0"/);
  const json = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { file: { name: "x" } } }),
  });
  assert.match((await json.json()).errors[0].message, /multipart request specification/);
});

/** Half the canvas by a mask of one colour, the rest by another region. */
const masked = (asset: string) => ({
  ...SMALL,
  layout: {
    regions: [
      { name: "left", prompt: "red background", geometry: { mask: { asset, colour: "#FF0000" } } },
      { name: "right", prompt: "blue background", geometry: { mask: { asset, colour: "#0000ff" } } },
    ],
  },
});

Deno.test("a painted mask decides where regions paint, by id and by URL alike, and the picture names it", async () => {
  await using server = await startServer();
  const { id, url } = await upload(server, await encodeImage(HALVES, "PNG"));
  const file = await picture(server.client, masked(id));
  const { pixels, text } = decodePng(file);
  const { layout } = JSON.parse(text["parterre"] ?? "");
  assert.equal(layout.regions[0].geometry.asset, id);
  assert.deepEqual(decodePng(await picture(server.client, masked(url))).pixels, pixels);

  // The same halves as rectangles are the same weight maps, so the same picture.
  const rectangle = (x: number) => ({ rectangle: { x, y: 0, width: 0.5, height: 1 } });
  const [left, right] = masked(id).layout.regions;
  const halves = {
    ...SMALL,
    layout: { regions: [{ ...left, geometry: rectangle(0) }, { ...right, geometry: rectangle(0.5) }] },
  };
  assert.deepEqual(decodePng(await picture(server.client, halves)).pixels, pixels);
});

Deno.test("a dry run reads the mask, and a picture made here can be one", async () => {
  await using server = await startServer();
  const quarter = await encodeImage(draw(8, 8, 3, (x, y) => x < 4 && y < 4 ? [255, 255, 255] : [0, 0, 0]), "PNG");
  const check = async (geometry: unknown) => {
    const query = `query Check($input: ValidateLayoutInput!) { validateLayout(input: $input) {
      ... on LayoutReport { regions { covered } picture { dataUrl } }
      ... on InvalidInputError { problems { code field rule } }
    } }`;
    const input = { layout: { regions: [{ prompt: "ocean", geometry }] }, width: 64, height: 64 };
    const { validateLayout } = await server.client.request<
      {
        validateLayout: {
          regions?: { covered: number }[];
          problems?: { code: string; field: string; rule: string }[];
        };
      }
    >(query, { input });
    return validateLayout;
  };
  const { id } = await upload(server, quarter);
  assert.equal((await check({ mask: { asset: id } })).regions?.[0]?.covered, 0.25);
  assert.equal((await check({ mask: { asset: id, inverted: true } })).regions?.[0]?.covered, 0.75);

  const { generate: { id: generation } } = await generate(server.client, SMALL);
  const { image } = await finish(server.client, generation);
  const share = (await check({ mask: { asset: image?.url } })).regions?.[0]?.covered ?? 0;
  assert.ok(share > 0 && share < 1);

  const missing = "0".repeat(64);
  const nested = { union: [{ cell: 0 }, { mask: { asset: missing } }].slice(1) };
  assert.deepEqual((await check(nested)).problems, [{
    code: "INVALID_GEOMETRY",
    field: "input.layout.regions[0].geometry.union[0].mask.asset",
    rule: "must be the id or URL of an uploaded mask",
  }]);
});

Deno.test("a mask that is gone when its turn comes fails the generation, by name", async () => {
  await using server = await startServer();
  const { id } = await upload(server, await encodeImage(HALVES, "PNG"));
  const { generate: first } = await generate(server.client, masked(id));
  assert.equal((await finish(server.client, first.id)).status, "SUCCEEDED");
  // A new process has nothing at hand but what is stored.
  const { parterre: { services } } = server;
  const stored = await services.generations.get(first.id.slice("Generation:".length));
  assert.ok(stored);
  const asset = "f".repeat(64);
  const [left, ...others] = stored.request.layout.regions;
  assert.ok(left?.geometry.kind === "MASK");
  const lost = { ...left, geometry: { ...left.geometry, asset } };
  const request = { ...stored.request, layout: { ...stored.request.layout, regions: [lost, ...others] } };
  const { generation } = await services.queue.enqueue(request, {});
  const { status, error } = await finish(server.client, `Generation:${generation.id}`);
  assert.deepEqual([status, error?.code], ["FAILED", "MASK_LOST"]);
  assert.match(
    error?.message ?? "",
    /layout\.regions\[0\]\.geometry\.mask\.asset: must be the id or URL of an uploaded/,
  );
});

Deno.test("the layout's aspect gives the edges that the input leaves open", async () => {
  await using server = await startServer();
  const size = async (input: Record<string, unknown>, aspect: number | null) => {
    const query = `query Check($input: ValidateLayoutInput!) { validateLayout(input: $input) {
      ... on LayoutReport { width height } ... on InvalidInputError { problems { code field rule } }
    } }`;
    return (await server.client.request<{ validateLayout: unknown }>(query, {
      input: { ...input, layout: { aspect } },
    }))
      .validateLayout;
  };
  assert.deepEqual(await size({}, null), { width: 256, height: 256 });
  assert.deepEqual(await size({}, 2), { width: 360, height: 184 }); // 362.04, 181.02
  assert.deepEqual(await size({ width: 320 }, 2), { width: 320, height: 160 });
  assert.deepEqual(await size({ height: 100 }, null), {
    problems: [{ code: "INVALID_SIZE", field: "input.height", rule: "must be a multiple of 8 pixels" }],
  });
  assert.deepEqual(await size({ width: 64, height: 256 }, 2), { width: 64, height: 256 });
  assert.deepEqual(await size({ height: 1600 }, 2), {
    problems: [{
      code: "INVALID_SIZE",
      field: "input.layout.aspect",
      rule: "must give edges of at most 2048 pixels: here the width would be 3200",
    }],
  });
});

Deno.test("a client that never finishes its request does not hold up the shutdown", async () => {
  const server = await startServer();
  const { hostname, port } = new URL(server.url);
  const socket = await Deno.connect({ hostname, port: Number(port) });
  const head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
  await socket.write(new TextEncoder().encode(head));
  await (await fetch(`${server.url}/health`)).body?.cancel();
  await server[Symbol.asyncDispose]();
  socket.close();
});
