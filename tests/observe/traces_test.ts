/** Traces, as a collector gets them: Deno's own export over OTLP, to a collector in this file. */

import { strict as assert } from "node:assert";
import { createClient } from "graphql-ws";
import { startProcess } from "./server_process.ts";

/** A span as OTLP has it in JSON, as far as this test looks at it. */
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface TraceExport {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

Deno.test("traces", async (t) => {
  const spans: Span[] = [];
  const collector = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const text = await request.text();
    if (new URL(request.url).pathname === "/v1/traces") {
      const { resourceSpans } = JSON.parse(text) as TraceExport;
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    }
    return Response.json({});
  });
  const arrived = async (wanted: (span: Span) => boolean, count = 1) => {
    for (let tries = 0; tries < 600; tries++) {
      const found = spans.filter(wanted);
      if (found.length >= count) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`No such span among ${spans.map(({ name }) => name)}`);
  };

  const server = await startProcess({
    OTEL_DENO: "true",
    OTEL_DENO_CONSOLE: "ignore",
    OTEL_SERVICE_NAME: "parterre",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    OTEL_BSP_SCHEDULE_DELAY: "200",
  });
  const layout = { basePrompt: "ocean" };
  const input = { model: "beds-256-lcm", width: 64, height: 64, steps: 4, seed: 5, layout };
  const body = JSON.stringify({
    query: `mutation Paint($input: GenerateInput!) { generate(input: $input) { ... on Generation { id } } }`,
    variables: { input },
  });

  try {
    await t.step("one trace leads from the client's own span to every step", async () => {
      const response = await fetch(`${server.url}/graphql?sig=S3cr3t`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          traceparent: `00-${TRACE}-${PARENT}-01`,
          authorization: "Bearer S3cr3tS3cr3t",
          "x-request-id": "traced",
        },
        body,
      });
      await response.body?.cancel();
      const steps = await arrived(({ name }) => name === "step", 4);
      const only = async (name: string) => {
        const [first, ...more] = await arrived((span) => span.name === name);
        assert.ok(first !== undefined && more.length === 0, name);
        return first;
      };
      const request = await only("POST /graphql");
      const operation = await only("mutation");
      const wait = await only("wait");
      const generation = await only("generation");
      assert.deepEqual(
        [request, operation, wait, generation, ...steps].map(({ traceId, parentSpanId }) => [traceId, parentSpanId]),
        [
          [TRACE, PARENT],
          [TRACE, request.spanId],
          [TRACE, operation.spanId],
          [TRACE, operation.spanId],
          ...steps.map(() => [TRACE, generation.spanId]),
        ],
      );
      assert.equal(attribute(operation, "graphql.operation.name"), "Paint");
      assert.equal(attribute(request, "parterre.request.id"), "traced");
      assert.equal(attribute(generation, "parterre.model"), "beds-256-lcm");
      assert.equal(attribute(generation, "parterre.generation.status"), "SUCCEEDED");
      assert.deepEqual(steps.map((step) => attribute(step, "parterre.step")), [1, 2, 3, 4]);
      for (const step of steps) {
        assert.ok(
          BigInt(step.startTimeUnixNano) >= BigInt(generation.startTimeUnixNano),
          "steps lie in the generation",
        );
        assert.ok(BigInt(step.endTimeUnixNano) <= BigInt(generation.endTimeUnixNano));
        assert.ok(BigInt(step.endTimeUnixNano) > BigInt(step.startTimeUnixNano));
      }
    });

    await t.step("what is logged on the way has the trace's id", async () => {
      const line = await server.logged(({ logger, requestId }) =>
        logger === "parterre.request" && requestId === "traced"
      );
      assert.equal(line.traceId, TRACE);
    });

    await t.step("operations over a WebSocket belong to the trace of its upgrade", async () => {
      const client = createClient({ url: `${server.url.replace("http", "ws")}/graphql`, retryAttempts: 0 });
      await Array.fromAsync(client.iterate({ query: "query Over { runtime { provider } }" }));
      await client.dispose();
      const [operation] = await arrived((span) => attribute(span, "graphql.operation.name") === "Over");
      const [upgrade] = await arrived(({ name }) => name === "GET /graphql");
      assert.equal(operation?.traceId, upgrade?.traceId);
    });

    await t.step("our own spans and attributes hold no secrets and no prompts", async () => {
      await server.stop();
      // Deno's span of a request has the URL as it came; docs/observability.md says how a collector drops it.
      const told = spans.map(({ attributes, ...span }) => ({
        ...span,
        attributes: attributes.filter(({ key }) => key !== "url.full" && key !== "url.query"),
      }));
      assert.ok(!JSON.stringify(told).includes("S3cr3t"));
      assert.ok(!JSON.stringify(told).includes("ocean"));
    });
  } finally {
    await server.stop();
    await collector.shutdown();
  }
});

function attribute({ attributes }: Span, name: string): unknown {
  return Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0];
}
