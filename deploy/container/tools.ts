/** The programs of other projects that deployment is checked with: where they are, and how to get them. */

const deploy = new URL("..", import.meta.url);

/** Python's tools, which Parterre itself does not need, in a virtual environment. */
export const TOOLS = {
  folder: new URL(".venv/bin/", deploy),
  install: "python3 -m venv deploy/.venv && deploy/.venv/bin/pip install -r deploy/requirements.txt",
} as const;

/** The path of a tool of the virtual environment. */
export function tool(name: string): string {
  return new URL(name, TOOLS.folder).pathname;
}

/** Whether a program is there: a path, or a name that is found as shells find it. */
export function isInstalled(program: string): boolean {
  const folders = program.includes("/") ? [""] : (Deno.env.get("PATH") ?? "").split(":").map((folder) => `${folder}/`);
  return folders.some((folder) => {
    try {
      return Deno.statSync(`${folder}${program}`).isFile;
    } catch {
      return false;
    }
  });
}
