/** graphql-ws in Deno: everything over one WebSocket. `deno run --allow-net --allow-env --allow-write=. graphql_ws.ts` */

import { createClient } from "graphql-ws";

const server = Deno.env.get("PARTERRE_URL") ?? "http://127.0.0.1:8000";
const key = Deno.env.get("PARTERRE_KEY"); // a server that asks for no keys needs none
const client = createClient({
  url: `${server.replace("http", "ws")}/graphql`,
  connectionParams: key ? { authorization: `Bearer ${key}` } : {},
});

const GENERATE = `mutation Generate($input: GenerateInput!) {
  generate(input: $input) { __typename ... on Generation { id } ... on Error { message } }
}`;
interface Generate extends Record<string, unknown> {
  generate: { __typename: "Generation"; id: string } | { __typename: "InvalidInputError"; message: string };
}
const WATCH = `subscription Watch($id: ID!) {
  generationEvents(id: $id, after: 0, preview: { format: PNG }) {
    __typename
    ... on GenerationPreviewEvent { image { dataUrl } }
    ... on GenerationCompletedEvent { generation { status error { message } image { url } } }
  }
}`;
interface Completed {
  __typename: "GenerationCompletedEvent";
  generation: { status: string; error: { message: string } | null; image: { url: string } | null };
}
interface Watch extends Record<string, unknown> {
  generationEvents: { __typename: "GenerationPreviewEvent"; image: { dataUrl: string } } | Completed;
}
const grid = { direction: "COLUMNS", ratios: "1,1,1" };
const regions = [{ prompt: "a sailboat, ocean" }, { prompt: "a fox, forest" }, { prompt: "a rocket, space" }];
const input = { model: "beds-256-lcm", width: 384, height: 128, layout: { grid, regions } };

const asked = client.iterate<Generate>({ query: GENERATE, variables: { input } });
const generate = (await asked.next()).value?.data?.generate;
if (generate?.__typename !== "Generation") throw new Error(generate?.message);

let previews = 0;
for await (const { data } of client.iterate<Watch>({ query: WATCH, variables: { id: generate.id } })) {
  const event = data?.generationEvents;
  if (event?.__typename === "GenerationPreviewEvent") {
    previews++;
    Deno.writeFileSync("preview.png", await (await fetch(event.image.dataUrl)).bytes());
  } else if (event?.__typename === "GenerationCompletedEvent") {
    const { status, error, image } = event.generation;
    if (image === null) throw new Error(`The generation ended ${status}: ${error?.message}`);
    const picture = await fetch(new URL(image.url, server));
    if (!picture.ok) throw new Error(`Cannot fetch the picture: status ${picture.status}`);
    Deno.writeFileSync("picture.png", await picture.bytes());
    console.log(`graphql-ws in Deno: picture.png after ${previews} previews`);
  }
}
