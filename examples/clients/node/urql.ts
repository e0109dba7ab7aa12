/** urql: everything over HTTP, subscriptions as server-sent events. */

import { writeFile } from "node:fs/promises";
import { Client, fetchExchange } from "@urql/core";
import { graphql } from "./gql/index";
import type { GenerateInput } from "./gql/graphql";

const server = process.env.PARTERRE_URL ?? "http://127.0.0.1:8000";
const key = process.env.PARTERRE_KEY; // a server that asks for no keys needs none
const client = new Client({
  url: `${server}/graphql`,
  preferGetMethod: false,
  exchanges: [fetchExchange], // with a cache: [cacheExchange, fetchExchange]
  fetchSubscriptions: true,
  fetchOptions: { headers: key ? { authorization: `Bearer ${key}` } : {} },
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

const { data, error } = await client.mutation(GENERATE, { input }).toPromise();
if (data?.generate.__typename !== "Generation") throw error ?? new Error(data?.generate.message);

let previews = 0;
client.subscription(WATCH, { id: data.generate.id }).subscribe(async ({ data, error, hasNext }) => {
  if (error) throw error;
  if (!hasNext) return; // the end repeats the last result
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
    console.log(`urql: picture.png after ${previews} previews`);
  }
});
