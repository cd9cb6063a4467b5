/** Sends a feed. Not by `fetch`, since only XMLHttpRequest reports how much has been sent. */
import { api, type TimetableUpload } from "../../lib/api/client";
import { Failure, failureOf, take } from "../../lib/api/failure";
import { type Header, Idempotent } from "../../lib/api/idempotent";
import { explain } from "../../lib/explain";
import { t } from "../../lib/i18n/index.svelte";

/** The most bytes that the API accepts. */
const LARGEST = 256 * 1024 * 1024;

/** Milliseconds without progress after which the upload counts as failed. */
const TIMEOUT = 60_000;

/** A selected feed, sent with one idempotency key, however often it is tried. */
export class Feed {
  readonly #idempotent = new Idempotent();

  constructor(readonly file: File) {}

  get isTooLarge(): boolean {
    return this.file.size > LARGEST;
  }

  /**
   * Returns the upload, or `undefined` if it was stopped. `progress` is called with the part that has been sent, from 0
   * to 1.
   */
  send(progress: (part: number) => void, signal: AbortSignal): Promise<TimetableUpload | undefined> {
    const { file } = this;
    return this.#idempotent.send(file.name, (header) => sendFeed({ file, header, progress, signal }));
  }
}

/** Why a feed was not sent. */
export function tell(failure: Failure): string {
  if (failure.code === "TIMETABLE_CONFLICT") return t("timetable.manyUploads");
  if (failure.code === "PAYLOAD_TOO_LARGE") return t("timetable.tooLarge");
  return failure.details.field === "body" && failure.details.constraint === "zip"
    ? t("timetable.notZip")
    : explain(failure);
}

interface Sending {
  file: File;
  header: Header;
  progress: (part: number) => void;
  signal: AbortSignal;
}

async function sendFeed({ file, header, progress, signal }: Sending): Promise<TimetableUpload | undefined> {
  // Renews an expired session first, since sending the body in vain may take long.
  await take(api.GET("/v2/auth/me"));
  if (signal.aborted) return undefined;
  const request = new XMLHttpRequest();
  request.open("POST", "/v2/timetable/uploads");
  for (const [name, value] of Object.entries(header)) request.setRequestHeader(name, value);
  // Operating systems give archives different types, or none.
  request.setRequestHeader("content-type", "application/zip");
  let waiting: ReturnType<typeof setTimeout>;
  const isAnswered = await new Promise<boolean | undefined>((resolve) => {
    const wait = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        resolve(false);
        request.abort();
      }, TIMEOUT);
    };
    request.upload.onprogress = ({ loaded, total }) => {
      wait();
      progress(total > 0 ? loaded / total : 0);
    };
    request.onload = () => resolve(true);
    request.onerror = () => resolve(false);
    request.onabort = () => resolve(undefined);
    signal.onabort = () => request.abort();
    wait();
    request.send(file);
  }).finally(() => clearTimeout(waiting));
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
