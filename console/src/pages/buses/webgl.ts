/** Whether this browser draws maps. Without WebGL the list says all that the map shows. */
export function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}
