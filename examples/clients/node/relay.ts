/** Relay: queries and mutations over HTTP, subscriptions as server-sent events. */

import { writeFile } from "node:fs/promises";
import { createClient } from "graphql-sse";
import { commitMutation, Environment, graphql, Network, Observable, requestSubscription } from "relay-runtime";
import type { relayGenerateMutation } from "./__generated__/relayGenerateMutation.graphql";
import type { relayWatchSubscription } from "./__generated__/relayWatchSubscription.graphql";

const server = process.env.PARTERRE_URL ?? "http://127.0.0.1:8000";
const key = process.env.PARTERRE_KEY; // a server that asks for no keys needs none
const headers = { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) };
const url = `${server}/graphql`;
const sse = createClient({ url, headers });
const environment = new Environment({
  network: Network.create(
    async ({ text: query }, variables) =>
      (await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) })).json(),
    ({ text }, variables) =>
      Observable.create((sink) => sse.subscribe({ query: text ?? "", variables }, sink as never)),
  ),
});

const GENERATE = graphql`mutation relayGenerateMutation($input: GenerateInput!) {
  generate(input: $input) { __typename ... on Generation { id } ... on Error { message } }
}`;
const WATCH = graphql`subscription relayWatchSubscription($id: ID!) {
  generationEvents(id: $id, after: 0, preview: { format: PNG }) {
    __typename
    ... on GenerationPreviewEvent { image { dataUrl } }
    ... on GenerationCompletedEvent { generation { status error { message } image { url } } }
  }
}`;
const grid = { direction: "COLUMNS", ratios: "1,1,1" } as const;
const regions = [{ prompt: "a sailboat, ocean" }, { prompt: "a fox, forest" }, { prompt: "a rocket, space" }];
const input = { model: "beds-256-lcm", width: 384, height: 128, layout: { grid, regions } };

const onError = (error: Error) => void Promise.reject(error); // ends the process
const onCompleted = ({ generate: { id, message } }: relayGenerateMutation["response"]) => {
  if (id === undefined) throw new Error(message);
  const watch = { subscription: WATCH, variables: { id }, onNext, onError };
  requestSubscription<relayWatchSubscription>(environment, watch);
};
let previews = 0;
const onNext = async (data: relayWatchSubscription["response"] | null | undefined) => {
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
    console.log(`Relay: picture.png after ${previews} previews`);
  }
};
const generate = { mutation: GENERATE, variables: { input }, onCompleted, onError };
commitMutation<relayGenerateMutation>(environment, generate);
