/** The image's health check: ends with 0 if the server beside it answers as it should, else with 1 and the reason. */

const port = Deno.env.get("PARTERRE_PORT") || "8000";
try {
  const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4000) });
  if (!response.ok) throw new Error(`/health answered ${response.status}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
