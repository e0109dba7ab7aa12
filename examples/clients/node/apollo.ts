/** Apollo Client: queries and mutations over HTTP, subscriptions over graphql-ws. */

import { writeFile } from "node:fs/promises";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws"; // browsers have their own, and Node.js from version 22 on
import { graphql } from "./gql/index";
import type { GenerateInput } from "./gql/graphql";

const server = process.env.PARTERRE_URL ?? "http://127.0.0.1:8000";
const key = process.env.PARTERRE_KEY; // a server that asks for no keys needs none
const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
const http = new HttpLink({ uri: `${server}/graphql`, headers });
const socket = { url: `${server.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket, connectionParams: headers };
const ws = new GraphQLWsLink(createClient(socket));
const link = ApolloLink.split(({ operationType }) => operationType === "subscription", ws, http);
const client = new ApolloClient({ cache: new InMemoryCache(), link });

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

const { data } = await client.mutate({ mutation: GENERATE, variables: { input } });
if (data?.generate.__typename !== "Generation") throw new Error(data?.generate.message);

let previews = 0;
client.subscribe({ query: WATCH, variables: { id: data.generate.id } }).subscribe(async ({ data, error }) => {
  if (error) throw error;
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
    console.log(`Apollo Client: picture.png after ${previews} previews`);
  }
});
