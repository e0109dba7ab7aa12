/** Emscripten's hook for a module that is already compiled, instead of fetching it. */
export function instantiate(
  module: WebAssembly.Module,
): (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => WebAssembly.Exports {
  return (imports, done) => {
    const instance = new WebAssembly.Instance(module, imports);
    done(instance);
    return instance.exports;
  };
}
