/** The address under which an EventSource follows a generation: it can send neither headers nor a body. */

import { builder, globalId } from "../builder.ts";
import { Generation } from "./generation.ts";
import { PreviewInput } from "./generation_events.ts";

/** What the stream says of a generation. Its names are those of the schema, its events those of `generationEvents`. */
const EVENTS = `subscription Events($id: ID!, $after: Int, $preview: PreviewInput) {
  generationEvents(id: $id, after: $after, preview: $preview) {
    __typename generationId sequence at
    ... on GenerationSnapshotEvent { generation { ...Generation } latestPreview { ...Image dataUrl } }
    ... on GenerationStatusEvent { status reason }
    ... on GenerationProgressEvent { step steps fraction etaSeconds }
    ... on GenerationPreviewEvent { step steps image { ...Image dataUrl } }
    ... on GenerationCompletedEvent { generation { ...Generation } }
  }
}
fragment Generation on Generation { status step steps seed error { code message } image { ...Image } }
fragment Image on Image { width height mimeType url }`;

builder.objectField(Generation, "eventsUrl", (t) =>
  t.string({
    description:
      "Where an EventSource follows it, as a path on this server: `next` events with the answers of `generationEvents`, then `complete`. Where keys are asked for the path is signed and ends after a while.",
    args: {
      after: t.arg.int({ description: "As `generationEvents` takes it. Default: those after the snapshot." }),
      preview: t.arg({ type: PreviewInput, description: "As `generationEvents` takes it." }),
    },
    resolve: ({ id }, { after, preview }, { services }) =>
      services.urls.subscription(EVENTS, { id: globalId("Generation", id), after, preview }),
  }));
