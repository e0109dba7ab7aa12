/** fetch and EventSource, as in a browser: no library but the one that is EventSource where there is none, as here. */

import { EventSource } from "eventsource"; // browsers have their own

const server = Deno.env.get("PARTERRE_URL") ?? "http://127.0.0.1:8000";
const key = Deno.env.get("PARTERRE_KEY"); // a server that asks for no keys needs none
const headers = { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) };

// An EventSource sends no headers: the server signs an address for it, which works for a while.
const GENERATE = `mutation Generate($input: GenerateInput!) {
  generate(input: $input) {
    ... on Generation { eventsUrl(after: 0, preview: { format: PNG }) }
    ... on Error { message }
  }
}`;
interface Answer {
  data?: { generate: { eventsUrl?: string; message?: string } };
  errors?: { message: string }[];
}
type Event = { __typename: "GenerationPreviewEvent"; image: { dataUrl: string } } | {
  __typename: "GenerationCompletedEvent";
  generation: { status: string; error: { message: string } | null; image: { url: string } | null };
};
const grid = { direction: "COLUMNS", ratios: "1,1,1" };
const regions = [{ prompt: "a sailboat, ocean" }, { prompt: "a fox, forest" }, { prompt: "a rocket, space" }];
const input = { model: "beds-256-lcm", width: 384, height: 128, layout: { grid, regions } };

const body = JSON.stringify({ query: GENERATE, variables: { input } });
const { data, errors }: Answer = await (await fetch(`${server}/graphql`, { method: "POST", headers, body })).json();
const eventsUrl = data?.generate.eventsUrl;
if (eventsUrl === undefined) throw new Error(data?.generate.message ?? errors?.[0]?.message);

let previews = 0;
const source = new EventSource(new URL(eventsUrl, server));
source.addEventListener("complete", () => source.close()); // else it would come back
source.addEventListener("next", async (message) => {
  const event: Event = JSON.parse(message.data).data.generationEvents;
  if (event.__typename === "GenerationPreviewEvent") {
    previews++;
    await Deno.writeFile("preview.png", await (await fetch(event.image.dataUrl)).bytes());
  } else if (event.__typename === "GenerationCompletedEvent") {
    const { status, error, image } = event.generation;
    if (image === null) throw new Error(`The generation ended ${status}: ${error?.message}`);
    const picture = await fetch(new URL(image.url, server));
    if (!picture.ok) throw new Error(`Cannot fetch the picture: status ${picture.status}`);
    await Deno.writeFile("picture.png", await picture.bytes());
    console.log(`EventSource: picture.png after ${previews} previews`);
  }
});
