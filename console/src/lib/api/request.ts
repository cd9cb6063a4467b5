/**
 * Sends requests like openapi-fetch, with its types: the part of it that the console uses. The whole is five times as
 * large, and would delay every page.
 */
import type { Client } from "openapi-fetch";

interface Options {
  params?: {
    path?: Record<string, unknown>;
    query?: Record<string, unknown>;
    header?: Record<string, string>;
  };
  body?: unknown;
  /** The type of a successful response. */
  parseAs?: "json" | "blob";
}

/** Milliseconds after which a request is aborted. */
const TIMEOUT = 30_000;

/** Aborts a request that has no response in time; the error is that of a network failure. */
export function timeout(): AbortSignal {
  const waiting = new AbortController();
  setTimeout(() => waiting.abort(), TIMEOUT);
  return waiting.signal;
}

type Send = (request: Request) => Promise<Response>;

/** The address of an operation, with the values of the path inserted and those of the query that are set appended. */
export function addressOf(path: string, { path: values = {}, query = {} }: NonNullable<Options["params"]>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null) search.append(name, String(value));
  return search.size > 0 ? `${filled}?${search}` : filled;
}

async function call(send: Send, method: string, path: string, { params = {}, body, parseAs }: Options) {
  const headers = new Headers(params.header);
  const isFile = body instanceof Blob;
  if (body !== undefined) headers.set("content-type", isFile ? body.type : "application/json");
  const content = body === undefined || isFile ? body : JSON.stringify(body);
  const url = new URL(addressOf(path, params), location.origin);
  const response = await send(new Request(url, { method, headers, body: content ?? null, signal: timeout() }));
  if (response.ok && parseAs === "blob") return { data: await response.blob(), response };
  const text = await response.text();
  if (response.ok) return { data: text ? JSON.parse(text) : undefined, response };
  return { error: parsed(text), response };
}

/** A response that is not from the API, such as one of a gateway, is kept as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function createClient<Paths extends {}>(send: Send): Client<Paths> {
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => [
    method,
    (path: string, options: Options = {}) => call(send, method, path, options),
  ]);
  return Object.fromEntries(methods) as unknown as Client<Paths>;
}
