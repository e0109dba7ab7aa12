/** The machine's Chromium, kept off every network but this machine's. */

import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const QUIET = [
  "--no-sandbox", // it may run as root
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts it. @throws {Error} if there is none. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => {
    try {
      return Deno.statSync(place).isFile;
    } catch {
      return false;
    }
  });
  if (executablePath === undefined) {
    throw new Error(`Cannot find Chromium at ${PLACES.join(", ")}: on Debian, apt-get install chromium`);
  }
  return await chromium.launch({ executablePath, args: QUIET });
}
