/** The Python of `training/`, which Parterre itself does not need. */

const folder = new URL("../../training/", import.meta.url);
const python = new URL(".venv/bin/python", folder);

/** Where training is run, by what, and how that is made. */
export const TRAINING = {
  folder,
  python,
  install:
    "cd training && python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && npm ci --prefix vectors",
} as const;

/**
 * Why tests of training are left out, by name, on a machine without its virtual environment; undefined where they run.
 * In continuous integration they always run, and fail where there is none.
 */
export const WITHOUT_TRAINING: string | undefined = await reasonToLeaveOut();

async function reasonToLeaveOut(): Promise<string | undefined> {
  if (Deno.env.get("PARTERRE_TEST_WITHOUT_TRAINING") === "1") return "PARTERRE_TEST_WITHOUT_TRAINING=1";
  if (Deno.env.get("CI") === "true") return undefined;
  for (const needed of [python, new URL("vectors/node_modules/", folder)]) {
    if (!await exists(needed)) return `no ${needed.pathname}; ${TRAINING.install}`;
  }
  return undefined;
}

/** Whether there is a file or a folder. */
export async function exists(place: URL): Promise<boolean> {
  return await Deno.stat(place).then(() => true, () => false);
}
