/** Whether this browser can draw maps. Without WebGL the list says everything that the map shows. */
export function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}
