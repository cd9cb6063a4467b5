/** Sends a feed. Not with `fetch`: only XMLHttpRequest tells how much has been sent. */
import { api, type TimetableUpload } from "../../lib/api/client";
import { Failure, failureOf, take } from "../../lib/api/failure";
import type { Header } from "../../lib/api/idempotent";

/** Bytes that the API accepts at most. */
export const LARGEST = 256 * 1024 * 1024;

interface Sending {
  file: File;
  header: Header;
  /** Called with the part that has been sent, 0 to 1. */
  progress: (part: number) => void;
  signal: AbortSignal;
}

/** The upload; `undefined` when it was stopped. */
export async function sendFeed({ file, header, progress, signal }: Sending): Promise<TimetableUpload | undefined> {
  // Renews a session that has ended: a body that has been sent in vain may be large.
  await take(api.GET("/v2/auth/me"));
  if (signal.aborted) return undefined;
  const request = new XMLHttpRequest();
  request.open("POST", "/v2/timetable/uploads");
  for (const [name, value] of Object.entries(header)) request.setRequestHeader(name, value);
  // Systems name the type of an archive differently, or not at all.
  request.setRequestHeader("content-type", "application/zip");
  request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
  const isAnswered = await new Promise<boolean | undefined>((resolve) => {
    request.onload = () => resolve(true);
    request.onerror = () => resolve(false);
    request.onabort = () => resolve(undefined);
    signal.onabort = () => request.abort();
    request.send(file);
  });
  if (isAnswered === undefined) return undefined;
  if (!isAnswered) throw new Failure("offline", "", "", null, {});
  const body = parsed(request.responseText);
  if (request.status === 202) return (body as { data: { upload: TimetableUpload } }).data.upload;
  throw failureOf(request.status, body, request.getResponseHeader("x-request-id"));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
