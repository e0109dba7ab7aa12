/** Why a picture was refused, and when it is asked for again. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { giveUp, trouble, tryNow } from "./ask.ts";

export function Trouble(): JSX.Element {
  const now = useSignal(Date.now());
  const told = trouble.value;
  const retryAt = told?.retryAt ?? null;
  useEffect(() => {
    if (retryAt === null) return;
    now.value = Date.now();
    const timer = setInterval(() => now.value = Date.now(), 250);
    return () => clearInterval(timer);
  }, [retryAt]);
  return (
    <div class="refused">
      <div role="alert">
        {told !== null && (
          <div class="trouble">
            <p>{told.message}</p>
            {told.problems.length > 1 && (
              <ul>{told.problems.map(({ path, message }) => <li key={path.join(".")}>{message}</li>)}</ul>
            )}
          </div>
        )}
      </div>
      {told !== null && (
        <div class="paint-row">
          {retryAt !== null && (
            <>
              <span role="timer">Next try in {Math.max(0, Math.ceil((retryAt - now.value) / 1000))} s</span>
              <button type="button" onClick={tryNow}>Try now</button>
            </>
          )}
          <button type="button" onClick={giveUp}>{retryAt === null ? "Close" : "Give up"}</button>
        </div>
      )}
    </div>
  );
}
