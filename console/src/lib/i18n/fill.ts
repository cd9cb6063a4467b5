/** Texts with placeholders, `{name}`. */

type Names<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The values that a text needs: none if it has no placeholder. */
export type Params<T extends string> = [Names<T>] extends [never] ? [] : [Record<Names<T>, string | number>];

export function fill(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}
