/** Tries what a server has no business with, and prints what came of it: run with the flags of `deno task start`. */

const tries: Readonly<Record<string, () => unknown>> = {
  "read a file of the system": () => Deno.readTextFileSync("/etc/passwd"),
  "read by a path that climbs": () => Deno.readTextFileSync(`${Deno.env.get("PARTERRE_DATA")}/../../../../etc/passwd`),
  "read its parent's folder": () => [...Deno.readDirSync(new URL("../../../", import.meta.url))],
  "read its own memory": () => Deno.readTextFileSync("/proc/self/environ"),
  "write into its program": () =>
    Deno.writeTextFileSync(new URL("../../main.ts", import.meta.url), "", { append: true }),
  "write into its models": () => Deno.writeTextFileSync(`${Deno.env.get("PARTERRE_MODELS")}/new`, ""),
  "make a link to elsewhere": () => Deno.symlinkSync("/etc", `${Deno.env.get("PARTERRE_DATA")}/etc`),
  "reach another machine": () => Deno.connect({ hostname: "192.0.2.1", port: 80 }),
  "reach another port": () => Deno.connect({ hostname: "127.0.0.1", port: 1 }),
  "look up a name": () => Deno.resolveDns("example.com", "A"),
  "run a program": () => new Deno.Command("id").outputSync(),
  "load machine code": () => Deno.dlopen("libc.so.6", {}),
  "learn the host's name": () => Deno.hostname(),
  // What it is for:
  "write its data": () => Deno.writeTextFileSync(`${Deno.env.get("PARTERRE_DATA")}/trial`, ""),
  "read its models": () => [...Deno.readDirSync(Deno.env.get("PARTERRE_MODELS") ?? "")],
};

const outcomes: Record<string, string> = {};
for (const [name, attempt] of Object.entries(tries)) {
  try {
    await attempt();
    outcomes[name] = "done";
  } catch (error) {
    outcomes[name] = error instanceof Error ? error.name : String(error);
  }
}
console.log(JSON.stringify(outcomes));
