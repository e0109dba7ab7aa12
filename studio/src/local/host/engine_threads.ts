/** In a browser the engine makes its own threads. See `host/engine_threads.ts`. */

export type MakeThread = (script: string, port: MessagePort) => void;
