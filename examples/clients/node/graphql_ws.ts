/** graphql-ws in Node.js: everything over one WebSocket. */

import { writeFile } from "node:fs/promises";
import { print } from "graphql";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws"; // Node.js has its own from version 22 on
import { graphql } from "./gql/index";
import type { GenerateInput, GenerateMutation, WatchSubscription } from "./gql/graphql";

const server = process.env.PARTERRE_URL ?? "http://127.0.0.1:8000";
const key = process.env.PARTERRE_KEY; // a server that asks for no keys needs none
const client = createClient({
  url: `${server.replace("http", "ws")}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: key ? { authorization: `Bearer ${key}` } : {},
});

const GENERATE = graphql(`
  mutation Generate($input: GenerateInput!) {
    generate(input: $input) { __typename ... on Generation { id } ... on Error { message } }
  }
`);
const WATCH = graphql(`
  subscription Watch($id: ID!) {
    generationEvents(id: $id, after: 0, preview: { format: PNG }) {
      __typename
      ... on GenerationPreviewEvent { image { dataUrl } }
      ... on GenerationCompletedEvent { generation { status error { message } image { url } } }
    }
  }
`);
const grid = { direction: "COLUMNS", ratios: "1,1,1" } as const;
const regions = [{ prompt: "a sailboat, ocean" }, { prompt: "a fox, forest" }, { prompt: "a rocket, space" }];
const input: GenerateInput = { model: "beds-256-lcm", width: 384, height: 128, layout: { grid, regions } };

const asked = client.iterate<GenerateMutation>({ query: print(GENERATE), variables: { input } });
const generate = (await asked.next()).value?.data?.generate;
if (generate?.__typename !== "Generation") throw new Error(generate?.message);

let previews = 0;
const events = client.iterate<WatchSubscription>({ query: print(WATCH), variables: { id: generate.id } });
for await (const { data } of events) {
  const event = data?.generationEvents;
  if (event?.__typename === "GenerationPreviewEvent") {
    previews++;
    await writeFile("preview.png", Buffer.from(event.image.dataUrl.split(",")[1] ?? "", "base64"));
  } else if (event?.__typename === "GenerationCompletedEvent") {
    const { status, error, image } = event.generation;
    if (!image?.url) throw new Error(`The generation ended ${status}: ${error?.message}`);
    const picture = await fetch(new URL(image.url, server));
    if (!picture.ok) throw new Error(`Cannot fetch the picture: status ${picture.status}`);
    await writeFile("picture.png", await picture.bytes());
    console.log(`graphql-ws in Node.js: picture.png after ${previews} previews`);
  }
}
