/** Sends a feed. Not with `fetch`: only XMLHttpRequest tells how much has been sent. */
import { api, type TimetableUpload } from "../../lib/api/client";
import { Failure, failureOf, take } from "../../lib/api/failure";
import { type Header, Idempotent } from "../../lib/api/idempotent";
import { explain } from "../../lib/explain";
import { t } from "../../lib/i18n/index.svelte";

/** Bytes that the API accepts at most. */
const LARGEST = 256 * 1024 * 1024;

/** Milliseconds without a sign of the API after which nothing comes any more. */
const TIMEOUT = 60_000;

/** A feed that was chosen, sent under one key however often that is tried. */
export class Feed {
  readonly #idempotent = new Idempotent();

  constructor(readonly file: File) {}

  get isTooLarge(): boolean {
    return this.file.size > LARGEST;
  }

  /** The upload; `undefined` when it was stopped. `progress` is called with the part that has been sent, 0 to 1. */
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
  // Renews a session that has ended: a body that has been sent in vain may be large.
  await take(api.GET("/v2/auth/me"));
  if (signal.aborted) return undefined;
  const request = new XMLHttpRequest();
  request.open("POST", "/v2/timetable/uploads");
  for (const [name, value] of Object.entries(header)) request.setRequestHeader(name, value);
  // Systems name the type of an archive differently, or not at all.
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
