/** A compute Worker whose GPU goes away in the middle of a run, when it is told to on a channel. */

import { LOSE, loseDeviceAtNextSubmit } from "./device_trouble.ts";
import "../../../compute/worker/compute_worker.ts";

new BroadcastChannel(LOSE).addEventListener("message", loseDeviceAtNextSubmit());
